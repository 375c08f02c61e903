//! CPF: the tax number of a person.

use std::fmt;

use super::Invalid;
use super::ascii::Ascii;
use super::mod11::{is_repeated, with_check_digits};
use super::text::code_digits;
use super::text_value::{masked_debug, text_value};

/// A CPF with right check digits, kept as its eleven digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpf(Ascii<11>);

impl Cpf {
    /// Weights run to 11 and never start again.
    const LAST_WEIGHT: u32 = 11;

    /// Reads a CPF with or without punctuation.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::from_digits(&code_digits(text, Invalid::CPF_LENGTH, Invalid::CPF_CHARACTERS)?)
    }

    /// Reads a CPF from a spreadsheet that took it for a number and lost its leading zeros.
    pub fn parse_padded(text: &str) -> Result<Self, Invalid> {
        let digits = code_digits(text, Invalid::CPF_LENGTH, Invalid::CPF_CHARACTERS)?;
        if digits.is_empty() {
            return Err(Invalid::CPF_LENGTH);
        }
        Self::from_digits(&format!("{digits:0>11}"))
    }

    /// The CPF whose first nine digits these are.
    pub fn complete(nine: &str) -> Result<Self, Invalid> {
        let digits = code_digits(nine, Invalid::CPF_LENGTH, Invalid::CPF_CHARACTERS)?;
        Self::from_digits(&with_check_digits(&digits, Self::LAST_WEIGHT))
    }

    fn from_digits(digits: &str) -> Result<Self, Invalid> {
        let code = Ascii::new(digits).ok_or(Invalid::CPF_LENGTH)?;
        if is_repeated(digits) {
            return Err(Invalid::CPF_REPEATED);
        }
        if with_check_digits(code.part(0..9), Self::LAST_WEIGHT) != digits {
            return Err(Invalid::CPF_CHECK_DIGIT);
        }
        Ok(Self(code))
    }

    /// The eleven digits, as stored.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The form that may be shown and logged: `•••.774.310-••`.
    pub fn masked(&self) -> String {
        format!("•••.{}.{}-••", self.0.part(3..6), self.0.part(6..9))
    }
}

impl fmt::Display for Cpf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = &self.0;
        write!(f, "{}.{}.{}-{}", code.part(0..3), code.part(3..6), code.part(6..9), code.part(9..11))
    }
}

text_value!(Cpf);
masked_debug!(Cpf);

#[cfg(test)]
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_numbers() {
        for text in ["390.533.447-05", "123.456.789-09", "111.444.777-35", "529.982.247-25"] {
            assert_eq!(Cpf::parse(text).map(|cpf| cpf.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(Cpf::parse("231.002.999-00"), Err(Invalid::CPF_CHECK_DIGIT));
        assert_eq!(Cpf::complete("231002999").map(|cpf| cpf.to_string()).as_deref(), Ok("231.002.999-81"));
        assert_eq!(Cpf::parse("111.111.111-11"), Err(Invalid::CPF_REPEATED));
        assert_eq!(Cpf::parse("3905334470"), Err(Invalid::CPF_LENGTH));
        assert_eq!(Cpf::parse(""), Err(Invalid::CPF_LENGTH));
        assert_eq!(Cpf::parse("390.533.447-0S"), Err(Invalid::CPF_CHARACTERS));
        assert_eq!(Cpf::parse(&"3".repeat(10_000)), Err(Invalid::CPF_LENGTH));
    }

    #[test]
    fn what_pasting_and_spreadsheets_leave() {
        let pasted = Cpf::parse("\u{feff} 390.533.447\u{2011}05\u{a0}").unwrap();
        assert_eq!(pasted.as_str(), "39053344705");
        let whole = Cpf::complete("001234567").unwrap();
        let number = whole.as_str().trim_start_matches('0');
        assert_eq!(Cpf::parse_padded(number), Ok(whole));
        assert_eq!(Cpf::parse_padded(" "), Err(Invalid::CPF_LENGTH));
        assert_eq!(Cpf::parse_padded("0"), Err(Invalid::CPF_REPEATED));
    }

    #[test]
    fn logs_do_not_tell() {
        let cpf = Cpf::parse("529.982.247-25").unwrap();
        assert_eq!(cpf.masked(), "•••.982.247-••");
        assert_eq!(format!("{cpf:?}"), "Cpf(•••.982.247-••)");
    }

    proptest! {
        #[test]
        fn every_form_reads_back(nine in "[0-9]{9}") {
            prop_assume!(!is_repeated(&nine));
            let cpf = Cpf::complete(&nine).unwrap();
            prop_assert_eq!(Cpf::parse(cpf.as_str()), Ok(cpf));
            prop_assert_eq!(Cpf::parse(&cpf.to_string()), Ok(cpf));
            prop_assert_eq!(Cpf::parse_padded(cpf.as_str().trim_start_matches('0')), Ok(cpf));
            let json = serde_json::to_string(&cpf).unwrap();
            prop_assert_eq!(serde_json::from_str::<Cpf>(&json).unwrap(), cpf);
        }

        #[test]
        fn one_wrong_digit_is_noticed(nine in "[0-9]{9}", at in 0_usize..11, by in 1_u8..10) {
            prop_assume!(!is_repeated(&nine));
            let mut bytes = Cpf::complete(&nine).unwrap().as_str().as_bytes().to_vec();
            // Two remainders share the check digit 0, so behind it a wrong digit can hide.
            if bytes[9..].contains(&b'0') {
                return Ok(());
            }
            bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
            prop_assert!(Cpf::parse(&String::from_utf8(bytes).unwrap()).is_err());
        }
    }
}
