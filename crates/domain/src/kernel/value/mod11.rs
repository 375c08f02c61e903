//! The check digit that CPF and CNPJ share.

/// The check digit of a code: characters count as ASCII − 48 (so `A` is 17, as in the alphanumeric CNPJ)
/// and are weighted from the right with 2, 3, … up to `last_weight`, then 2 again.
pub(super) fn check_digit(code: &str, last_weight: u32) -> u32 {
    let weights = (2..=last_weight).cycle();
    let sum: u32 =
        code.bytes().rev().zip(weights).map(|(byte, weight)| u32::from(byte.saturating_sub(48)) * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// The code with its two check digits behind it.
pub(super) fn with_check_digits(code: &str, last_weight: u32) -> String {
    let first = format!("{code}{}", check_digit(code, last_weight));
    let second = check_digit(&first, last_weight);
    format!("{first}{second}")
}

/// Whether one character fills the whole code.
pub(super) fn is_repeated(code: &str) -> bool {
    let mut bytes = code.bytes();
    let first = bytes.next();
    bytes.all(|byte| Some(byte) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_of_the_alphanumeric_cnpj() {
        assert_eq!(check_digit("12ABC34501DE", 9), 3);
        assert_eq!(check_digit("12ABC34501DE3", 9), 5);
        assert_eq!(with_check_digits("529982247", 11), "52998224725");
    }

    #[test]
    fn repetition() {
        assert!(is_repeated("7777"));
        assert!(!is_repeated("7778"));
    }
}
