//! Somebody's values found, and taken out, in any text: however they are
//! punctuated, accented or cased.

use std::{borrow::Cow, ops::Range};

use serde_json::Value as Json;

use crate::kernel::value::{CpfCnpj, Email, Phone, fold};

/// What stands in a text where a value was.
pub const MARK: &str = "•••";
/// Shorter names say too little to be looked for in texts.
const NAME: usize = 6;
/// Signs that may stand between two digits of a number.
const BETWEEN: usize = 2;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Document,
    Phone,
    Email,
    Name,
}

impl What {
    /// The word in answers; `found.<name>` in the locales.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Name => "name",
        }
    }
}

/// One value, as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Needle {
    what: What,
    /// Digits and letters of a code, or a folded text.
    core: Vec<char>,
    /// How it may be written, for the database to look for candidates.
    forms: Vec<String>,
}

/// Everything that tells of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needles(Vec<Needle>);

/// A letter of a text as it is compared, and where it stands.
struct Letter {
    folded: char,
    at: Range<usize>,
}

fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    for (start, letter) in text.char_indices() {
        let at = start..start + letter.len_utf8();
        if letter.is_whitespace() {
            letters.push(Letter { folded: ' ', at });
        } else if letter.is_ascii() {
            letters.push(Letter { folded: letter.to_ascii_lowercase(), at });
        } else {
            // An accent that stands apart folds to nothing and belongs to the letter before it.
            let folded = fold(letter.encode_utf8(&mut [0; 4]));
            match (folded.chars().next(), letters.last_mut()) {
                (None, Some(before)) => before.at.end = at.end,
                (None, None) => {}
                (Some(_), _) => letters.extend(folded.chars().map(|folded| Letter { folded, at: at.clone() })),
            }
        }
    }
    letters
}

impl Needles {
    /// Adds a value of a kind; what is no such value, or too short, adds nothing.
    pub fn add(&mut self, what: What, value: &str) {
        let needle = match what {
            What::Document => CpfCnpj::parse(value).ok().map(|v| code(what, v.as_str(), v.to_string())),
            What::Phone => Phone::parse(value).ok().map(|v| phone(&v)),
            What::Email => Email::parse(value).ok().map(|v| text(what, v.as_str())),
            What::Name => Some(text(what, value)).filter(|n| n.core.len() >= NAME && n.core.contains(&' ')),
        };
        if let Some(needle) = needle.filter(|needle| !self.0.contains(needle)) {
            self.0.push(needle);
        }
    }

    /// Adds a value of which only its form tells what it is.
    pub fn add_contact(&mut self, value: &str) {
        for what in [What::Email, What::Phone, What::Document] {
            let before = self.0.len();
            self.add(what, value);
            if self.0.len() > before {
                return;
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ways the values are mostly written, for a database to look for without
    /// regard to case; what it finds still has to be looked at.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|needle| needle.forms.iter().map(String::as_str))
    }

    /// What of the person a text tells.
    pub fn found(&self, text: &str) -> Vec<What> {
        let letters = letters(text);
        let mut found: Vec<What> =
            self.0.iter().filter(|needle| needle.find(&letters, 0).is_some()).map(|needle| needle.what).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The text without the person; `None` where it tells nothing.
    pub fn redacted(&self, text: &str) -> Option<String> {
        let mut text = Cow::Borrowed(text);
        for needle in &self.0 {
            if let Some(without) = needle.without(&text) {
                text = Cow::Owned(without);
            }
        }
        match text {
            Cow::Owned(text) => Some(text),
            Cow::Borrowed(_) => None,
        }
    }

    /// The same for JSON as text, which stays JSON; anything else is a text.
    pub fn redacted_json(&self, text: &str) -> Option<String> {
        match serde_json::from_str::<Json>(text) {
            Ok(mut value) => self.clean(&mut value).then(|| value.to_string()),
            Err(_) => self.redacted(text),
        }
    }

    /// Every one of them, also after the first that had something.
    fn clean_all<'v>(&self, values: impl Iterator<Item = &'v mut Json>) -> bool {
        values.filter_map(|value| self.clean(value).then_some(())).count() > 0
    }

    /// Takes the person out of every text within; whether there was anything.
    pub fn clean(&self, value: &mut Json) -> bool {
        match value {
            Json::String(text) => match self.redacted(text) {
                Some(without) => {
                    *text = without;
                    true
                }
                None => false,
            },
            Json::Array(values) => self.clean_all(values.iter_mut()),
            Json::Object(map) => self.clean_all(map.values_mut()),
            // Numbers of spreadsheets: a document that lost its quotes.
            Json::Number(number) if !self.found(&number.to_string()).is_empty() => {
                *value = MARK.into();
                true
            }
            _ => false,
        }
    }
}

fn code(what: What, core: &str, shown: String) -> Needle {
    let core: Vec<char> = core.to_lowercase().chars().collect();
    Needle { what, forms: vec![core.iter().collect(), core.iter().collect::<String>().to_uppercase(), shown], core }
}

/// A number is found by what follows its country.
fn phone(phone: &Phone) -> Needle {
    let digits: String = phone.as_str().chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("55").filter(|rest| rest.len() >= 10).unwrap_or(&digits);
    // Punctuation differs most before the last eight digits, and in their middle.
    let tail = national.get(national.len().saturating_sub(8)..).unwrap_or_default();
    let forms = match tail.split_at_checked(4) {
        Some((head, last)) => ["", "-", " ", "."].map(|between| format!("{head}{between}{last}")).to_vec(),
        None => vec![tail.to_owned()],
    };
    Needle { what: What::Phone, core: national.chars().collect(), forms }
}

fn text(what: What, value: &str) -> Needle {
    let folded = fold(value);
    let trimmed = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut forms = vec![trimmed.clone(), trimmed.to_lowercase(), trimmed.to_uppercase(), folded.clone()];
    forms.push(folded.to_uppercase());
    forms.dedup();
    Needle { what, core: folded.chars().collect(), forms }
}

impl Needle {
    const fn is_code(&self) -> bool {
        matches!(self.what, What::Document | What::Phone)
    }

    /// The letters that are the value, from `from` on.
    fn find(&self, text: &[Letter], from: usize) -> Option<Range<usize>> {
        (from..text.len()).find_map(|start| {
            let end = self.matched(text, start)?;
            self.stands_alone(text, start, end).then_some(start..end)
        })
    }

    /// Where the value ends that begins at `start`.
    fn matched(&self, text: &[Letter], start: usize) -> Option<usize> {
        let mut at = start;
        for (position, wanted) in self.core.iter().enumerate() {
            if self.is_code() && position > 0 {
                let sign = |letter: &&Letter| matches!(letter.folded, ' ' | '.' | '-' | '/' | '(' | ')');
                at += text.get(at..)?.iter().take(BETWEEN).take_while(sign).count();
            }
            let letter = text.get(at).filter(|letter| letter.folded == *wanted)?;
            at += 1;
            if letter.folded == ' ' {
                at += text.get(at..)?.iter().take_while(|letter| letter.folded == ' ').count();
            }
        }
        Some(at)
    }

    /// Whether the value is not a part of a longer word or number.
    fn stands_alone(&self, text: &[Letter], start: usize, end: usize) -> bool {
        let part = |letter: Option<&Letter>| match self.what {
            // A country or a zero may stand before a number.
            What::Phone | What::Document => letter.is_some_and(|l| l.folded.is_ascii_digit()),
            What::Email => letter.is_some_and(|l| l.folded.is_alphanumeric() || matches!(l.folded, '_' | '+')),
            What::Name => letter.is_some_and(|l| l.folded.is_alphanumeric()),
        };
        let before = start.checked_sub(1).and_then(|at| text.get(at));
        let country = self.what == What::Phone && ends_with_country(text.get(..start).unwrap_or_default());
        (!part(before) || country) && !part(text.get(end))
    }

    fn without(&self, text: &str) -> Option<String> {
        let letters = letters(text);
        let (mut out, mut copied, mut from) = (String::new(), 0, 0);
        while let Some(found) = self.find(&letters, from) {
            let (first, last) = (letters.get(found.start)?, letters.get(found.end.checked_sub(1)?)?);
            out.push_str(text.get(copied..first.at.start)?);
            out.push_str(MARK);
            copied = last.at.end;
            from = found.end;
        }
        if copied == 0 {
            return None;
        }
        out.push_str(text.get(copied..)?);
        Some(out)
    }
}

/// Whether `55`, `+55`, `0055` or a zero ends the letters, and no longer number.
fn ends_with_country(before: &[Letter]) -> bool {
    let digits: String = before.iter().rev().take_while(|l| l.folded.is_ascii_digit()).map(|l| l.folded).collect();
    matches!(digits.as_str(), "55" | "5500" | "0")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn macabea() -> Needles {
        let mut needles = Needles::default();
        needles.add(What::Document, "52998224725");
        needles.add(What::Phone, "+5511987654321");
        needles.add(What::Email, "macabea@example.com");
        needles.add(What::Name, "Macabéa da Silva");
        needles
    }

    #[test]
    fn values_are_found_however_they_are_written() {
        let needles = macabea();
        for (text, what) in [
            ("CPF 529.982.247-25, ok", What::Document),
            ("52998224725", What::Document),
            ("529 982 247 25", What::Document),
            ("ligar para (11) 98765-4321", What::Phone),
            ("+55 11 98765-4321", What::Phone),
            ("5511987654321", What::Phone),
            ("011 98765 4321", What::Phone),
            ("MACABEA@Example.com;", What::Email),
            ("a sra. MACABEA  DA SILVA ligou", What::Name),
            ("macab\u{65}\u{301}a da silva", What::Name),
        ] {
            assert_eq!(needles.found(text), [what], "{text}");
            let low = text.to_ascii_lowercase();
            let guessed = needles.forms().any(|form| low.contains(&form.to_ascii_lowercase()));
            assert!(guessed || what == What::Name || text.contains("529 "), "the database finds {text}");
        }
        for text in ["152998224725", "529982247251", "xmacabea@example.com", "Macabéa da Silvana", "98765-4321"] {
            assert!(needles.found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_taken_out_leaves_the_rest() {
        let needles = macabea();
        let text = "Macabéa da Silva (CPF 529.982.247-25) pediu; fone +55 (11) 98765-4321.";
        let without = needles.redacted(text).unwrap();
        assert_eq!(without, "••• (CPF •••) pediu; fone +55 (•••.");
        assert_eq!(needles.redacted(&without), None, "once is enough");
        let json = r#"{"a":["52998224725",{"b":"nada"}],"n":52998224725}"#;
        assert_eq!(needles.redacted_json(json).unwrap(), r#"{"a":["•••",{"b":"nada"}],"n":"•••"}"#);
        assert_eq!(needles.redacted_json(r#"{"a":1}"#), None);
    }

    #[test]
    fn short_names_are_not_looked_for() {
        let mut needles = Needles::default();
        for name in ["Ana", "Macabéa", "Jo Li"] {
            needles.add(What::Name, name);
        }
        needles.add(What::Document, "123");
        assert!(needles.is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_left_of_what_was_in_a_text(
            before in "[a-zA-Zçãé ,.;()]{0,30}", after in "[a-zA-Zçãé ,.;()]{0,30}", value in prop::sample::select(vec!["529.982.247-25", "(11) 98765-4321", "macabea@example.com", "MACABÉA DA SILVA"])
        ) {
            let text = format!("{before} {value} {after}");
            let needles = macabea();
            prop_assert!(!needles.found(&text).is_empty());
            let without = needles.redacted(&text).unwrap();
            prop_assert!(needles.found(&without).is_empty());
            prop_assert!(needles.redacted(&without).is_none());
        }

        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            if let Some(without) = macabea().redacted(&text) {
                prop_assert!(macabea().redacted(&without).is_none());
            }
        }
    }
}
