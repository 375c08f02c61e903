//! Municipalities by their IBGE code.

use std::fmt;

use super::ascii::Ascii;
use super::text::code_digits;
use super::text_value::text_value;
use super::{Invalid, Uf};

/// The seven-digit IBGE code of a municipality. Only its form and state are checked: municipalities are
/// founded now and then, and one that [`super::municipalities`] does not know yet is still an address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Municipality {
    code: Ascii<7>,
    uf: Uf,
}

impl Municipality {
    /// Reads a code of seven digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = code_digits(text, Invalid::MUNICIPALITY_LENGTH, Invalid::MUNICIPALITY_LENGTH)?;
        let code = Ascii::<7>::new(&digits).ok_or(Invalid::MUNICIPALITY_LENGTH)?;
        let state = code.part(0..2).parse().ok().and_then(Uf::from_ibge);
        state.map(|uf| Self { code, uf }).ok_or(Invalid::MUNICIPALITY_STATE)
    }

    /// The seven digits, as stored.
    pub fn as_str(&self) -> &str {
        self.code.as_str()
    }

    /// The state that the first two digits name.
    #[must_use]
    pub const fn uf(self) -> Uf {
        self.uf
    }
}

impl fmt::Display for Municipality {
    /// The name and state when they are known, otherwise the code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(feature = "municipalities")]
        if let Some(known) = super::municipalities::by_code(*self) {
            return write!(f, "{}/{}", known.name, known.uf());
        }
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Municipality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Municipality({})", self.as_str())
    }
}

text_value!(Municipality);

#[cfg(test)]
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn form_and_state_are_checked() {
        let code = Municipality::parse("3550308").unwrap();
        assert_eq!((code.as_str(), code.uf()), ("3550308", Uf::SP));
        assert_eq!(Municipality::parse("355030"), Err(Invalid::MUNICIPALITY_LENGTH));
        assert_eq!(Municipality::parse("355030X"), Err(Invalid::MUNICIPALITY_LENGTH));
        assert_eq!(Municipality::parse("9950308"), Err(Invalid::MUNICIPALITY_STATE));
    }

    #[test]
    #[cfg(feature = "municipalities")]
    fn people_read_a_name() {
        assert_eq!(Municipality::parse("3550308").unwrap().to_string(), "São Paulo/SP");
        assert_eq!(Municipality::parse("3599999").unwrap().to_string(), "3599999");
    }

    proptest! {
        #[test]
        fn reads_back(state in 0_usize..27, rest in 0_u32..100_000) {
            let text = format!("{}{rest:05}", Uf::ALL[state].ibge());
            let code = Municipality::parse(&text).unwrap();
            prop_assert_eq!((code.as_str(), code.uf()), (text.as_str(), Uf::ALL[state]));
            let json = serde_json::to_string(&code).unwrap();
            prop_assert_eq!(serde_json::from_str::<Municipality>(&json).unwrap(), code);
        }
    }
}
