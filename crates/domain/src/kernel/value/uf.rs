//! The 26 states and the Federal District.

use std::fmt;

use super::text_value::text_value;
use super::{Invalid, fold};

/// Declares the states once: name of the variant (also its two letters), IBGE code, name.
macro_rules! states {
    ($($variant:ident $code:literal $name:literal;)+) => {
        /// A state of Brazil, or the Federal District; known by two letters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Uf {
            $(#[doc = $name] $variant,)+
        }

        impl Uf {
            /// All of them, in the order of their two letters.
            pub const ALL: [Self; 27] = [$(Self::$variant),+];

            /// The two letters, as stored.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }

            /// The name in Portuguese.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The two digits with which the IBGE codes of its municipalities begin.
            #[must_use]
            pub const fn ibge(self) -> u8 {
                match self { $(Self::$variant => $code),+ }
            }

            /// The state of an IBGE code.
            #[must_use]
            pub const fn from_ibge(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

states! {
    AC 12 "Acre";
    AL 27 "Alagoas";
    AM 13 "Amazonas";
    AP 16 "Amapá";
    BA 29 "Bahia";
    CE 23 "Ceará";
    DF 53 "Distrito Federal";
    ES 32 "Espírito Santo";
    GO 52 "Goiás";
    MA 21 "Maranhão";
    MG 31 "Minas Gerais";
    MS 50 "Mato Grosso do Sul";
    MT 51 "Mato Grosso";
    PA 15 "Pará";
    PB 25 "Paraíba";
    PE 26 "Pernambuco";
    PI 22 "Piauí";
    PR 41 "Paraná";
    RJ 33 "Rio de Janeiro";
    RN 24 "Rio Grande do Norte";
    RO 11 "Rondônia";
    RR 14 "Roraima";
    RS 43 "Rio Grande do Sul";
    SC 42 "Santa Catarina";
    SE 28 "Sergipe";
    SP 35 "São Paulo";
    TO 17 "Tocantins";
}

impl Uf {
    /// Reads the two letters or the name, in either case and with or without accents.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > 64 {
            return Err(Invalid::UF_UNKNOWN);
        }
        let wanted = fold(text);
        Self::ALL
            .into_iter()
            .find(|uf| uf.as_str().eq_ignore_ascii_case(&wanted) || fold(uf.name()) == wanted)
            .ok_or(Invalid::UF_UNKNOWN)
    }
}

impl fmt::Display for Uf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

text_value!(Uf);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back_from_all_its_names() {
        for uf in Uf::ALL {
            assert_eq!(Uf::parse(uf.as_str()), Ok(uf));
            assert_eq!(Uf::parse(&uf.as_str().to_lowercase()), Ok(uf));
            assert_eq!(Uf::parse(&uf.name().to_uppercase()), Ok(uf));
            assert_eq!(Uf::from_ibge(uf.ibge()), Some(uf));
            let json = serde_json::to_string(&uf).unwrap();
            assert_eq!(serde_json::from_str::<Uf>(&json).unwrap(), uf);
        }
        assert!(Uf::ALL.is_sorted_by_key(Uf::as_str));
    }

    #[test]
    fn others_are_refused() {
        for text in ["", "XX", "SPP", "Sao  Pau", &"S".repeat(1000)] {
            assert_eq!(Uf::parse(text), Err(Invalid::UF_UNKNOWN));
        }
        assert_eq!(Uf::parse(" sao  paulo "), Ok(Uf::SP));
        assert_eq!(Uf::from_ibge(99), None);
    }
}
