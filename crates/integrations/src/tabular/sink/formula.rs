//! Text that a spreadsheet would take for a formula.
//!
//! A CSV has no types: a program that opens it runs a cell beginning with `=`.
//! Such text gets an apostrophe in front, the sign by which spreadsheets
//! themselves mark text; reading takes it away again, so that what was
//! exported comes back as it was.

/// Whether a spreadsheet would run the text, or the text looks already marked.
fn is_risky(text: &str) -> bool {
    let unmarked = text.trim_start_matches('\'');
    unmarked.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', // and their full-width forms
        '＝', '＋', '－', '＠',
    ])
}

/// Whether an apostrophe must stand in front of the text.
pub(crate) fn needs_mark(text: &str) -> bool {
    is_risky(text)
}

/// Takes away the one apostrophe that stands in front of risky text.
pub(crate) fn release(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest,
        _ => text,
    }
}

/// Whether the text is a phone number: a plus sign, then digits, spaces,
/// brackets and hyphens only.
pub(crate) fn is_plain_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_off_again() {
        for text in ["=1+1", "+55", "-3", "@x", "\tx", "\r", "'=1", "''=1", "＝1"] {
            assert!(needs_mark(text), "{text}");
            assert_eq!(release(&format!("'{text}")), text);
        }
        for text in ["", "abc", "D'Ávila", "'abc", "'"] {
            assert!(!needs_mark(text), "{text}");
            assert_eq!(release(text), text);
        }
    }

    #[test]
    fn phones_are_told_from_formulas() {
        assert!(is_plain_phone("+55 (11) 98765-4321"));
        assert!(!is_plain_phone("+cmd|'/c calc'!A1") && !is_plain_phone("+") && !is_plain_phone("+ 1"));
    }
}
