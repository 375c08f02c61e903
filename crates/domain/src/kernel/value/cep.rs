//! CEP: the postal code.

use std::fmt;

use super::Invalid;
use super::ascii::Ascii;
use super::text::code_digits;
use super::text_value::text_value;

/// A postal code, kept as its eight digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cep(Ascii<8>);

impl Cep {
    /// Reads a CEP with or without its hyphen.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::from_digits(&code_digits(text, Invalid::CEP_LENGTH, Invalid::CEP_CHARACTERS)?)
    }

    /// Reads a CEP from a spreadsheet that lost its leading zero (those of São Paulo begin with one).
    pub fn parse_padded(text: &str) -> Result<Self, Invalid> {
        let digits = code_digits(text, Invalid::CEP_LENGTH, Invalid::CEP_CHARACTERS)?;
        if digits.len() == 7 { Self::from_digits(&format!("0{digits}")) } else { Self::from_digits(&digits) }
    }

    fn from_digits(digits: &str) -> Result<Self, Invalid> {
        let code = Ascii::new(digits).ok_or(Invalid::CEP_LENGTH)?;
        if code.part(0..2) == "00" { Err(Invalid::CEP_RANGE) } else { Ok(Self(code)) }
    }

    /// The eight digits, as stored.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Cep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0.part(0..5), self.0.part(5..8))
    }
}

impl fmt::Debug for Cep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cep({self})")
    }
}

text_value!(Cep);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_codes() {
        let paulista = Cep::parse(" 01310-100 ").unwrap();
        assert_eq!((paulista.as_str(), paulista.to_string().as_str()), ("01310100", "01310-100"));
        assert_eq!(Cep::parse("01.310-100"), Ok(paulista));
        assert_eq!(Cep::parse_padded("1310100"), Ok(paulista));
        assert_eq!(Cep::parse("1310100"), Err(Invalid::CEP_LENGTH));
        assert_eq!(Cep::parse("00310-100"), Err(Invalid::CEP_RANGE));
        assert_eq!(Cep::parse("O1310-100"), Err(Invalid::CEP_CHARACTERS));
    }

    proptest! {
        #[test]
        fn every_form_reads_back(number in 1_000_000_u32..=99_999_999) {
            let cep = Cep::parse(&format!("{number:08}")).unwrap();
            prop_assert_eq!(Cep::parse(&cep.to_string()), Ok(cep));
            prop_assert_eq!(Cep::parse_padded(&number.to_string()), Ok(cep));
            let json = serde_json::to_string(&cep).unwrap();
            prop_assert_eq!(serde_json::from_str::<Cep>(&json).unwrap(), cep);
        }
    }
}
