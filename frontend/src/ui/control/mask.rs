//! Punctuation while one types: documents, phones, postal codes, dates, figures
//! with their decimals, and money that fills from the cents.

use conexao_domain::{kernel::field::Kind, locale::Locale};

use crate::i18n;

/// The text as it should stand after a keystroke; none where nobody helps.
pub fn typed(kind: Kind, text: &str) -> Option<String> {
    typed_in(i18n::locale(), kind, text)
}

fn typed_in(locale: Locale, kind: Kind, text: &str) -> Option<String> {
    // What somebody else masked, or an international number, is left alone.
    if text.contains('•') || text.starts_with('+') {
        return None;
    }
    match kind {
        Kind::CpfCnpj => Some(document(text)),
        Kind::Phone => Some(phone(text)),
        Kind::Cep => pattern(text, "ddddd-ddd"),
        Kind::Date => pattern(text, "dd/dd/dddd"),
        Kind::Instant => pattern(text, "dd/dd/dddd dd:dd"),
        Kind::Money => Some(money(locale, text)),
        Kind::Rate => Some(decimal(locale, text, 2)),
        Kind::Quantity => Some(decimal(locale, text, 3)),
        _ => None,
    }
}

/// Whether values of a kind have a form of their own while typed.
pub fn helps(kind: Kind) -> bool {
    typed(kind, "").is_some()
}

/// Characters that stay where they are while punctuation comes and goes.
pub fn counts(c: char) -> bool {
    c.is_alphanumeric()
}

/// Where the caret belongs in `after`, with as many counting characters before it.
pub fn caret(before: usize, after: &str) -> usize {
    let mut seen = 0;
    for (at, c) in after.chars().enumerate() {
        if seen == before {
            return at;
        }
        if counts(c) {
            seen += 1;
        }
    }
    after.chars().count()
}

/// Fills a pattern in which `d` is a digit or letter; what is left over stays out.
fn fill(plain: &[char], pattern: &str) -> String {
    let mut rest = plain.iter();
    let mut out = String::new();
    let mut gap = String::new();
    for place in pattern.chars() {
        if place != 'd' {
            gap.push(place);
            continue;
        }
        // Punctuation comes with the character after it, so that it can be deleted.
        let Some(next) = rest.next() else { break };
        out.push_str(&gap);
        gap.clear();
        out.push(*next);
    }
    out
}

fn digits(text: &str) -> Vec<char> {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn pattern(text: &str, pattern: &str) -> Option<String> {
    let odd = text.chars().any(char::is_alphabetic);
    (!odd).then(|| fill(&digits(text), pattern))
}

fn document(text: &str) -> String {
    let plain: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let company = plain.len() > 11 || plain.iter().any(char::is_ascii_alphabetic);
    fill(&plain, if company { "dd.ddd.ddd/dddd-dd" } else { "ddd.ddd.ddd-dd" })
}

fn phone(text: &str) -> String {
    let mut plain = digits(text);
    // A number pasted with the country's code.
    if plain.len() > 11 && plain.starts_with(&['5', '5']) {
        plain.drain(..2);
    }
    match plain.len() {
        0 => String::new(),
        1 | 2 => plain.into_iter().collect(),
        3..=10 => fill(&plain, "(dd) dddd-dddd"),
        _ => fill(&plain, "(dd) ddddd-dddd"),
    }
}

/// The marks between thousands and before the decimals.
const fn marks(locale: Locale) -> (char, char) {
    match locale {
        Locale::PtBr => ('.', ','),
        Locale::En => (',', '.'),
    }
}

/// A figure with at most `places` decimals. Whichever mark was just typed
/// begins them: people use the one that is on their keyboard's number block.
fn decimal(locale: Locale, text: &str, places: usize) -> String {
    let (group, mark) = marks(locale);
    let text = text.trim_end_matches(['%', ' ']);
    let text = match text.strip_suffix(group).filter(|rest| !rest.contains(mark)) {
        Some(rest) => format!("{rest}{mark}"),
        None => text.to_owned(),
    };
    let (whole, rest) = text.split_once(mark).map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let minus = if whole.starts_with(['-', '\u{2212}']) { "-" } else { "" };
    let whole: String = digits(whole).into_iter().collect();
    match rest {
        Some(rest) => {
            let rest: String = digits(rest).into_iter().take(places).collect();
            let whole = if whole.is_empty() { "0" } else { whole.as_str() };
            format!("{minus}{whole}{mark}{rest}")
        }
        None => format!("{minus}{whole}"),
    }
}

/// The figures so far as an amount, the last two being cents.
fn money(locale: Locale, text: &str) -> String {
    let (group, decimal) = marks(locale);
    let plain: String = digits(text).into_iter().collect();
    let plain = plain.trim_start_matches('0');
    let minus = if text.contains(['-', '\u{2212}']) { "-" } else { "" };
    if plain.is_empty() {
        return if text.contains(|c: char| c.is_ascii_digit()) {
            format!("{minus}0{decimal}00")
        } else {
            minus.to_owned()
        };
    }
    let padded = format!("{plain:0>3}");
    let (whole, cents) = padded.split_at(padded.len() - 2);
    let mut out = String::from(minus);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    format!("{out}{decimal}{cents}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pt(kind: Kind, text: &str) -> String {
        typed_in(Locale::PtBr, kind, text).unwrap_or_else(|| format!("left alone: {text}"))
    }

    #[test]
    fn documents_grow_from_cpf_to_cnpj() {
        assert_eq!(pt(Kind::CpfCnpj, "605"), "605");
        assert_eq!(pt(Kind::CpfCnpj, "6051"), "605.1");
        assert_eq!(pt(Kind::CpfCnpj, "60511822800"), "605.118.228-00");
        assert_eq!(pt(Kind::CpfCnpj, "605.118.228-001"), "60.511.822/8001");
        assert_eq!(pt(Kind::CpfCnpj, "12abc34501de35"), "12.ABC.345/01DE-35");
        assert_eq!(pt(Kind::CpfCnpj, "•••.118.228-••"), "left alone: •••.118.228-••");
    }

    #[test]
    fn phones_take_both_lengths() {
        assert_eq!(pt(Kind::Phone, "11"), "11");
        assert_eq!(pt(Kind::Phone, "1132"), "(11) 32");
        assert_eq!(pt(Kind::Phone, "1132654321"), "(11) 3265-4321");
        assert_eq!(pt(Kind::Phone, "11900000000"), "(11) 90000-0000");
        assert_eq!(pt(Kind::Phone, "5511900000000"), "(11) 90000-0000");
        assert_eq!(typed_in(Locale::PtBr, Kind::Phone, "+351 912"), None);
    }

    #[test]
    fn money_fills_from_the_cents() {
        assert_eq!(pt(Kind::Money, "1"), "0,01");
        assert_eq!(pt(Kind::Money, "0,012"), "0,12");
        assert_eq!(pt(Kind::Money, "1234567"), "12.345,67");
        assert_eq!(pt(Kind::Money, "-5"), "-0,05");
        assert_eq!(pt(Kind::Money, "0,0"), "0,00");
        assert_eq!(pt(Kind::Money, ""), "");
        assert_eq!(typed_in(Locale::En, Kind::Money, "1234567"), Some("12,345.67".into()));
    }

    #[test]
    fn decimals_take_either_mark() {
        assert_eq!(pt(Kind::Rate, "2."), "2,");
        assert_eq!(pt(Kind::Rate, "2,5"), "2,5");
        assert_eq!(pt(Kind::Rate, "2,567"), "2,56");
        assert_eq!(pt(Kind::Rate, ","), "0,");
        assert_eq!(pt(Kind::Rate, "-1a"), "-1");
        assert_eq!(pt(Kind::Quantity, "1.234"), "1234");
        assert_eq!(pt(Kind::Quantity, "1,2345"), "1,234");
        assert_eq!(typed_in(Locale::En, Kind::Quantity, "1,"), Some("1.".into()));
    }

    #[test]
    fn dates_and_postal_codes() {
        assert_eq!(pt(Kind::Date, "1911"), "19/11");
        assert_eq!(pt(Kind::Date, "19112026"), "19/11/2026");
        assert_eq!(pt(Kind::Cep, "20000010"), "20000-010");
        assert_eq!(pt(Kind::Date, "hoje"), "left alone: hoje");
        assert_eq!(typed_in(Locale::PtBr, Kind::Text { max: 9 }, "x"), None);
    }

    #[test]
    fn the_caret_stays_with_its_character() {
        // 605|1 typed in the middle of a document.
        assert_eq!(caret(3, "605.1"), 3);
        assert_eq!(caret(4, "605.118"), 5);
        assert_eq!(caret(9, "605.118"), 7);
    }
}
