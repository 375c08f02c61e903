//! Municipalities by their IBGE code.

use std::fmt;

use super::ascii::Ascii;
use super::text::code_digits;
use super::text_value::text_value;
use super::{Invalid, Uf};

/// The seven-digit IBGE code of a municipality. Only its form and state are checked: municipalities are
/// founded now and then, and one that [`super::municipalities`] does not know yet is still an address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Municipality(Ascii<7>);

impl Municipality {
    /// Reads a code of seven digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = code_digits(
            text,
            Invalid::MUNICIPALITY_LENGTH,
            Invalid::MUNICIPALITY_LENGTH,
        )?;
        let code = Self(Ascii::new(&digits).ok_or(Invalid::MUNICIPALITY_LENGTH)?);
        code.state()
            .map(|_| code)
            .ok_or(Invalid::MUNICIPALITY_STATE)
    }

    /// The seven digits, as stored.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The state that the first two digits name.
    #[must_use]
    pub fn uf(&self) -> Uf {
        // Known since `parse`; the capital's district stands in for a case that cannot be.
        self.state().unwrap_or(Uf::DF)
    }

    fn state(&self) -> Option<Uf> {
        self.0.part(0..2).parse().ok().and_then(Uf::from_ibge)
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
