//! Text as searches and imports compare it.

use super::Invalid;

mod unicode;

/// The text as searches compare it: lower case, without accents, compatibility forms replaced
/// (`ﬁ` → `fi`), white space trimmed and collapsed to single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return single_spaces(&text.to_ascii_lowercase());
    }
    let lower: String = unicode::decompose(text).chars().flat_map(char::to_lowercase).collect();
    single_spaces(&unicode::without_marks(&unicode::decompose(&lower)))
}

fn single_spaces(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.chars() {
        if letter.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        folded.push(letter);
    }
    folded
}

/// Only the digits `0`–`9` of a text.
#[must_use]
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Only the ASCII letters and digits of a text, letters in upper case.
#[must_use]
pub fn alnum(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The longest formatted code worth reading, in bytes; a pasted page is refused before it is walked.
const LONGEST_CODE: usize = 96;

/// The letters and digits of a formatted code, upper case, or why not: `too_long` for a text that no
/// code needs, `foreign` for a character that is neither part of a code nor punctuation around one.
pub(super) fn code_characters(text: &str, too_long: Invalid, foreign: Invalid) -> Result<String, Invalid> {
    if text.len() > LONGEST_CODE {
        return Err(too_long);
    }
    let mut code = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            code.push(letter.to_ascii_uppercase());
        } else if !is_punctuation(letter) {
            return Err(foreign);
        }
    }
    Ok(code)
}

/// Like [`code_characters`], for codes that have digits only.
pub(super) fn code_digits(text: &str, too_long: Invalid, foreign: Invalid) -> Result<String, Invalid> {
    let code = code_characters(text, too_long, foreign)?;
    if code.bytes().all(|byte| byte.is_ascii_digit()) { Ok(code) } else { Err(foreign) }
}

/// Whether people and programs put this between the digits of a number: also the dashes that word
/// processors make and the invisible marks that come along when copying a contact.
pub(super) fn is_punctuation(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_as_people_search() {
        assert_eq!(fold("  São   JOSÉ\tdo Rio\u{a0}Preto "), "sao jose do rio preto");
        assert_eq!(fold("ÇÃÕÜ nº ﬁm"), "caou no fim");
        assert_eq!(fold(" \n"), "");
    }

    #[test]
    fn keeps_only_what_is_asked() {
        assert_eq!(digits("(11) 9a0٣"), "1190");
        assert_eq!(alnum("12.abc.345/01DE-35 é"), "12ABC34501DE35");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn case_does_not_matter(text in "[a-zà-öø-ü ]{0,40}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        }

        #[test]
        fn digits_are_a_part_of_alnum(text in any::<String>()) {
            prop_assert_eq!(digits(&alnum(&text)), digits(&text));
        }
    }
}
