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
        Self::from_characters(&code_characters(text, Invalid::CNPJ_LENGTH, Invalid::CNPJ_CHARACTERS)?)
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
        format!("••.{}.{}/{}-••", self.0.part(2..5), self.0.part(5..8), self.0.part(8..12))
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: [&str; 12] = [
        "16727230000197",
        "34665388000161",
        "01838723000127",
        "12345678000195",
        "11222333000181",
        "07195358000166",
        "11017153000249",
        "00000000000191",
        "12ABC34501DE35",
        "Z46ABC88000164",
        "A31707X3000136",
        "D1222333000110",
    ];

    #[test]
    fn known_numbers() {
        for text in VALID.into_iter().chain(["E1222333000174"]) {
            assert_eq!(Cnpj::parse(text).map(|cnpj| cnpj.as_str().to_owned()).as_deref(), Ok(text));
        }
        let official = Cnpj::parse("12.abc.345/01de-35").unwrap();
        assert_eq!(official.to_string(), "12.ABC.345/01DE-35");
        assert_eq!(official.root(), "12ABC345");
        assert_eq!(Cnpj::parse("12ABC34501DE3A"), Err(Invalid::CNPJ_CHARACTERS));
        assert_eq!(Cnpj::parse("12ABC34501DE36"), Err(Invalid::CNPJ_CHECK_DIGIT));
        assert_eq!(Cnpj::parse("12ABÇ34501DE35"), Err(Invalid::CNPJ_CHARACTERS));
        assert_eq!(Cnpj::parse("00000000000000"), Err(Invalid::CNPJ_REPEATED));
        assert_eq!(Cnpj::parse("1222333000181"), Err(Invalid::CNPJ_LENGTH));
    }

    #[test]
    fn what_spreadsheets_leave() {
        assert_eq!(Cnpj::parse_padded("191"), Cnpj::parse("00000000000191"));
        assert_eq!(Cnpj::parse_padded("1838723000127"), Cnpj::parse("01838723000127"));
        assert_eq!(Cnpj::parse_padded("2ABC34501DE35"), Err(Invalid::CNPJ_LENGTH));
        assert_eq!(Cnpj::parse_padded(""), Err(Invalid::CNPJ_LENGTH));
    }

    #[test]
    fn logs_do_not_tell() {
        let cnpj = Cnpj::parse("11.222.333/0001-81").unwrap();
        assert_eq!(cnpj.masked(), "••.222.333/0001-••");
        assert_eq!(format!("{cnpj:?}"), "Cnpj(••.222.333/0001-••)");
    }

    proptest! {
        #[test]
        fn every_form_reads_back(twelve in "[0-9A-Z]{12}") {
            prop_assume!(!is_repeated(&twelve));
            let cnpj = Cnpj::complete(&twelve).unwrap();
            prop_assert_eq!(Cnpj::parse(cnpj.as_str()), Ok(cnpj));
            prop_assert_eq!(Cnpj::parse(&cnpj.to_string().to_lowercase()), Ok(cnpj));
            let json = serde_json::to_string(&cnpj).unwrap();
            prop_assert_eq!(serde_json::from_str::<Cnpj>(&json).unwrap(), cnpj);
        }

        #[test]
        fn wrong_check_digits_are_noticed(twelve in "[0-9A-Z]{12}", check in "[0-9]{2}") {
            prop_assume!(!is_repeated(&twelve));
            let right = Cnpj::complete(&twelve).unwrap();
            let guess = format!("{twelve}{check}");
            prop_assert_eq!(Cnpj::parse(&guess).is_ok(), guess == right.as_str());
        }
    }
}
