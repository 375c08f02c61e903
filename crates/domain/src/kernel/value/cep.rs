//! CEP: the postal code.

use std::fmt;

use super::ascii::Ascii;
use super::text::code_digits;
use super::text_value::text_value;
use super::{Invalid, Uf};

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

    /// The state whose range it is in; nothing for numbers that no state has. Streets and towns are not in
    /// the number: Correios gives them out one by one.
    #[must_use]
    pub fn uf(&self) -> Option<Uf> {
        let start: u32 = self.0.part(0..5).parse().ok()?;
        let next = RANGES.partition_point(|(last, _)| *last < start);
        RANGES.get(next).and_then(|(_, uf)| *uf)
    }
}

/// The last five digits of each range, and whose it is: "Faixas de CEP" by state as Correios publishes them
/// (buscacepinter.correios.com.br). Amazonas, Goiás and the Federal District have two; what was Rondônia's
/// until its move to 76800 is nobody's.
const RANGES: [(u32, Option<Uf>); 32] = [
    (999, None),
    (19_999, Some(Uf::SP)),
    (28_999, Some(Uf::RJ)),
    (29_999, Some(Uf::ES)),
    (39_999, Some(Uf::MG)),
    (48_999, Some(Uf::BA)),
    (49_999, Some(Uf::SE)),
    (56_999, Some(Uf::PE)),
    (57_999, Some(Uf::AL)),
    (58_999, Some(Uf::PB)),
    (59_999, Some(Uf::RN)),
    (63_999, Some(Uf::CE)),
    (64_999, Some(Uf::PI)),
    (65_999, Some(Uf::MA)),
    (68_899, Some(Uf::PA)),
    (68_999, Some(Uf::AP)),
    (69_299, Some(Uf::AM)),
    (69_399, Some(Uf::RR)),
    (69_899, Some(Uf::AM)),
    (69_999, Some(Uf::AC)),
    (72_799, Some(Uf::DF)),
    (72_999, Some(Uf::GO)),
    (73_699, Some(Uf::DF)),
    (76_799, Some(Uf::GO)),
    (76_999, Some(Uf::RO)),
    (77_999, Some(Uf::TO)),
    (78_899, Some(Uf::MT)),
    (78_999, None),
    (79_999, Some(Uf::MS)),
    (87_999, Some(Uf::PR)),
    (89_999, Some(Uf::SC)),
    (99_999, Some(Uf::RS)),
];

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

    #[test]
    fn the_number_tells_the_state() {
        let uf = |text| Cep::parse(text).unwrap().uf();
        assert_eq!(uf("01310-100"), Some(Uf::SP));
        assert_eq!(uf("19999-999"), Some(Uf::SP));
        assert_eq!(uf("20000-000"), Some(Uf::RJ));
        assert_eq!(uf("69301-110"), Some(Uf::RR));
        assert_eq!((uf("69020-030"), uf("69400-000")), (Some(Uf::AM), Some(Uf::AM)));
        assert_eq!((uf("72800-000"), uf("73700-000")), (Some(Uf::GO), Some(Uf::GO)));
        assert_eq!((uf("70040-010"), uf("73301-000")), (Some(Uf::DF), Some(Uf::DF)));
        assert_eq!(uf("76801-000"), Some(Uf::RO));
        assert_eq!(uf("78950-000"), None);
        assert_eq!(uf("99999-999"), Some(Uf::RS));
        assert!(RANGES.is_sorted_by_key(|(last, _)| *last));
        assert!(Uf::ALL.iter().all(|uf| RANGES.iter().any(|(_, of)| of == &Some(*uf))));
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
