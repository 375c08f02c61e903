//! The tax number of whoever owes or pays: person or company.

use std::fmt;

use super::text::code_characters;
use super::text_value::{masked_debug, text_value};
use super::{Cnpj, Cpf, Invalid};

/// A CPF or a CNPJ; its length says which.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CpfCnpj {
    /// Eleven digits.
    Cpf(Cpf),
    /// Fourteen characters.
    Cnpj(Cnpj),
}

/// What the law calls a natural or a legal person.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Has a CPF.
    Individual,
    /// Has a CNPJ.
    Company,
}

impl CpfCnpj {
    /// Reads either, with or without punctuation.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match Self::significant(text)? {
            11 => Cpf::parse(text).map(Self::Cpf),
            14 => Cnpj::parse(text).map(Self::Cnpj),
            _ => Err(Invalid::CPF_CNPJ_LENGTH),
        }
    }

    /// Reads either from a spreadsheet that lost leading zeros. Up to eleven digits are a CPF when the
    /// check digits agree and otherwise a CNPJ; the answer to a text that is neither is the CPF's.
    pub fn parse_padded(text: &str) -> Result<Self, Invalid> {
        match Self::significant(text)? {
            0 => Err(Invalid::CPF_CNPJ_LENGTH),
            1..=11 => Cpf::parse_padded(text)
                .map(Self::Cpf)
                .or_else(|of_cpf| Cnpj::parse_padded(text).map(Self::Cnpj).map_err(|_| of_cpf)),
            12..=14 => Cnpj::parse_padded(text).map(Self::Cnpj),
            _ => Err(Invalid::CPF_CNPJ_LENGTH),
        }
    }

    fn significant(text: &str) -> Result<usize, Invalid> {
        code_characters(text, Invalid::CPF_CNPJ_LENGTH, Invalid::CPF_CHARACTERS)
            .map(|code| code.len())
    }

    /// Whose number it is.
    #[must_use]
    pub const fn kind(&self) -> PersonKind {
        match self {
            Self::Cpf(_) => PersonKind::Individual,
            Self::Cnpj(_) => PersonKind::Company,
        }
    }

    /// Whether it is a company's.
    #[must_use]
    pub const fn is_cnpj(&self) -> bool {
        matches!(self, Self::Cnpj(_))
    }

    /// The characters without punctuation, as stored.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cpf(cpf) => cpf.as_str(),
            Self::Cnpj(cnpj) => cnpj.as_str(),
        }
    }

    /// The form that may be shown and logged.
    pub fn masked(&self) -> String {
        match self {
            Self::Cpf(cpf) => cpf.masked(),
            Self::Cnpj(cnpj) => cnpj.masked(),
        }
    }
}

impl From<Cpf> for CpfCnpj {
    fn from(cpf: Cpf) -> Self {
        Self::Cpf(cpf)
    }
}

impl From<Cnpj> for CpfCnpj {
    fn from(cnpj: Cnpj) -> Self {
        Self::Cnpj(cnpj)
    }
}

impl fmt::Display for CpfCnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpf(cpf) => cpf.fmt(f),
            Self::Cnpj(cnpj) => cnpj.fmt(f),
        }
    }
}

text_value!(CpfCnpj);
masked_debug!(CpfCnpj);
