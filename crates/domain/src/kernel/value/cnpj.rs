//! CNPJ: the tax number of a company, numeric or (from July 2026) alphanumeric.

use std::fmt;

use super::Invalid;
use super::ascii::Ascii;
use super::mod11::{is_repeated, with_check_digits};
use super::text::code_characters;
use super::text_value::{masked_debug, text_value};

/// A CNPJ with right check digits, kept as its fourteen characters, letters in upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cnpj(Ascii<14>);

impl Cnpj {
    /// Weights run to 9 and start again at 2.
    const LAST_WEIGHT: u32 = 9;

    /// Reads a CNPJ with or without punctuation; lower-case letters count as upper case.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::from_characters(&code_characters(
            text,
            Invalid::CNPJ_LENGTH,
            Invalid::CNPJ_CHARACTERS,
        )?)
    }

    /// Reads a CNPJ from a spreadsheet that took it for a number and lost its leading zeros.
    pub fn parse_padded(text: &str) -> Result<Self, Invalid> {
        let code = code_characters(text, Invalid::CNPJ_LENGTH, Invalid::CNPJ_CHARACTERS)?;
        // A code with letters was never taken for a number, so what it lacks is not zeros.
        if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::from_characters(&code);
        }
        Self::from_characters(&format!("{code:0>14}"))
    }

    /// The CNPJ whose first twelve characters these are.
    pub fn complete(twelve: &str) -> Result<Self, Invalid> {
        let code = code_characters(twelve, Invalid::CNPJ_LENGTH, Invalid::CNPJ_CHARACTERS)?;
        Self::from_characters(&with_check_digits(&code, Self::LAST_WEIGHT))
    }

    fn from_characters(text: &str) -> Result<Self, Invalid> {
        let code = Ascii::new(text).ok_or(Invalid::CNPJ_LENGTH)?;
        if !code.part(12..14).bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Invalid::CNPJ_CHARACTERS);
        }
        if is_repeated(text) {
            return Err(Invalid::CNPJ_REPEATED);
        }
        if with_check_digits(code.part(0..12), Self::LAST_WEIGHT) != text {
            return Err(Invalid::CNPJ_CHECK_DIGIT);
        }
        Ok(Self(code))
    }

    /// The fourteen characters, as stored.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The first eight characters, which all establishments of one company share.
    pub fn root(&self) -> &str {
        self.0.part(0..8)
    }

    /// The form that may be shown and logged: `••.114.902/0001-••`.
    pub fn masked(&self) -> String {
        format!(
            "••.{}.{}/{}-••",
            self.0.part(2..5),
            self.0.part(5..8),
            self.0.part(8..12)
        )
    }
}

impl fmt::Display for Cnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = &self.0;
        let (a, b, c) = (code.part(0..2), code.part(2..5), code.part(5..8));
        write!(f, "{a}.{b}.{c}/{}-{}", code.part(8..12), code.part(12..14))
    }
}

text_value!(Cnpj);
masked_debug!(Cnpj);
