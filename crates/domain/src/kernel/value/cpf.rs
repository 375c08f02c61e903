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
        Self::from_digits(&code_digits(
            text,
            Invalid::CPF_LENGTH,
            Invalid::CPF_CHARACTERS,
        )?)
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
        write!(
            f,
            "{}.{}.{}-{}",
            code.part(0..3),
            code.part(3..6),
            code.part(6..9),
            code.part(9..11)
        )
    }
}

text_value!(Cpf);
masked_debug!(Cpf);
