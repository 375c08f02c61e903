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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
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
    /// check digits agree and otherwise a CNPJ, so one short CNPJ in a hundred is mistaken for a CPF;
    /// the answer to a text that is neither is the CPF's.
    pub fn parse_padded(text: &str) -> Result<Self, Invalid> {
        match Self::significant(text)? {
            1..=11 => Cpf::parse_padded(text)
                .map(Self::Cpf)
                .or_else(|of_cpf| Cnpj::parse_padded(text).map(Self::Cnpj).map_err(|_| of_cpf)),
            12..=14 => Cnpj::parse_padded(text).map(Self::Cnpj),
            _ => Err(Invalid::CPF_CNPJ_LENGTH),
        }
    }

    fn significant(text: &str) -> Result<usize, Invalid> {
        code_characters(text, Invalid::CPF_CNPJ_LENGTH, Invalid::CPF_CHARACTERS).map(|code| code.len())
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_length_decides() {
        let person = CpfCnpj::parse("390.533.447-05").unwrap();
        assert_eq!((person.kind(), person.is_cnpj()), (PersonKind::Individual, false));
        let company = CpfCnpj::parse("12ABC34501DE35").unwrap();
        assert_eq!((company.kind(), company.is_cnpj()), (PersonKind::Company, true));
        assert_eq!(CpfCnpj::parse("123"), Err(Invalid::CPF_CNPJ_LENGTH));
        assert_eq!(CpfCnpj::parse("390.533.447-06"), Err(Invalid::CPF_CHECK_DIGIT));
        assert_eq!(CpfCnpj::parse("11.222.333/0001-82"), Err(Invalid::CNPJ_CHECK_DIGIT));
        assert_eq!(CpfCnpj::parse("(não tem)"), Err(Invalid::CPF_CHARACTERS));
    }

    #[test]
    fn lost_zeros_are_found_again() {
        let small = Cnpj::complete("000123450001").unwrap();
        assert_eq!(CpfCnpj::parse_padded(small.as_str().trim_start_matches('0')), Ok(small.into()));
        // Both could be meant; people are more often told apart by a CPF.
        assert_eq!(CpfCnpj::parse_padded("191"), CpfCnpj::parse("00000000191"));
        let cpf = Cpf::complete("001234567").unwrap();
        assert_eq!(CpfCnpj::parse_padded(cpf.as_str().trim_start_matches('0')), Ok(cpf.into()));
        assert_eq!(CpfCnpj::parse_padded("1838723000127"), CpfCnpj::parse("01838723000127"));
        assert_eq!(CpfCnpj::parse_padded("12345"), Err(Invalid::CPF_CHECK_DIGIT));
        assert_eq!(CpfCnpj::parse_padded("-"), Err(Invalid::CPF_CNPJ_LENGTH));
    }

    proptest! {
        #[test]
        fn agrees_with_its_parts(code in "[0-9]{9}|[0-9A-Z]{12}") {
            let cpf = Cpf::complete(&code).map(CpfCnpj::Cpf);
            let Ok(either) = cpf.or_else(|_| Cnpj::complete(&code).map(CpfCnpj::Cnpj)) else { return Ok(()) };
            prop_assert_eq!(CpfCnpj::parse(either.as_str()), Ok(either));
            prop_assert_eq!(CpfCnpj::parse(&either.to_string()), Ok(either));
            prop_assert_eq!(either.is_cnpj(), code.len() == 12);
        }
    }
}
