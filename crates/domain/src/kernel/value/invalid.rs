//! Why a text is not a value: a stable code that a locale turns into a sentence.

/// A parse failure, named by a stable code such as `cpf.check_digit`; the sentence for people is the
/// locale entry `invalid.<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub &'static str);

impl Invalid {
    /// The stable code, for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// The key of the sentence in the locale files.
    #[must_use]
    pub fn locale_key(self) -> String {
        format!("invalid.{}", self.0)
    }
}

/// Declares each code once, as a constant and as a member of [`CODES`], so that neither can lack one.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        impl Invalid {
            $($(#[$doc])* pub const $name: Self = Self($code);)+
        }

        /// Every code that the kernel's values and calendar answer with; locales must translate each.
        pub const CODES: &[&str] = &[$($code),+];
    };
}

codes! {
    /// The calendar finds no business day within two years: every day is closed.
    CALENDAR_NO_BUSINESS_DAY = "calendar.no_business_day";
    /// The calculation leaves the years that the calendar knows.
    CALENDAR_RANGE = "calendar.range";
    /// Something other than digits and punctuation.
    CEP_CHARACTERS = "cep.characters";
    /// Not eight digits.
    CEP_LENGTH = "cep.length";
    /// Below 01000-000, where no place is.
    CEP_RANGE = "cep.range";
    /// Something other than letters, digits and punctuation, or a letter among the check digits.
    CNPJ_CHARACTERS = "cnpj.characters";
    /// The last two digits do not follow from the others.
    CNPJ_CHECK_DIGIT = "cnpj.check_digit";
    /// Not fourteen characters.
    CNPJ_LENGTH = "cnpj.length";
    /// One character fourteen times.
    CNPJ_REPEATED = "cnpj.repeated";
    /// Something other than digits and punctuation.
    CPF_CHARACTERS = "cpf.characters";
    /// The last two digits do not follow from the others.
    CPF_CHECK_DIGIT = "cpf.check_digit";
    /// Neither the length of a CPF nor of a CNPJ.
    CPF_CNPJ_LENGTH = "cpf_cnpj.length";
    /// Not eleven digits.
    CPF_LENGTH = "cpf.length";
    /// One digit eleven times.
    CPF_REPEATED = "cpf.repeated";
    /// Not written as a date.
    DATE_FORMAT = "date.format";
    /// Written as a date, but the month has no such day or the year no such month.
    DATE_NO_SUCH_DAY = "date.no_such_day";
    /// A year before 1800 or after 2199.
    DATE_YEAR = "date.year";
    /// Not written as a number with the expected marks.
    DECIMAL_FORMAT = "decimal.format";
    /// Larger than can be stored.
    DECIMAL_RANGE = "decimal.range";
    /// More decimals than the field keeps.
    DECIMAL_SCALE = "decimal.scale";
    /// No `@`, or more than one.
    EMAIL_AT_SIGN = "email.at_sign";
    /// A space or a character that addresses do not have.
    EMAIL_CHARACTERS = "email.characters";
    /// The part after the `@` is no domain name.
    EMAIL_DOMAIN = "email.domain";
    /// Empty, or longer than 254 characters.
    EMAIL_LENGTH = "email.length";
    /// The part before the `@` is empty, too long or has misplaced dots.
    EMAIL_LOCAL = "email.local";
    /// Not a period such as `08:00-18:00`.
    HOURS_FORMAT = "hours.format";
    /// The periods of a day overlap or go backwards.
    HOURS_ORDER = "hours.order";
    /// Not a UUID.
    ID_FORMAT = "id.format";
    /// More than two decimals.
    MONEY_DECIMALS = "money.decimals";
    /// Not written as an amount in reais.
    MONEY_FORMAT = "money.format";
    /// Larger than can be stored.
    MONEY_RANGE = "money.range";
    /// The first two digits are no state's.
    MUNICIPALITY_STATE = "municipality.state";
    /// Not seven digits.
    MUNICIPALITY_LENGTH = "municipality.length";
    /// Neither an address nor a range of addresses.
    NETWORK_FORMAT = "network.format";
    /// Not an area code of Brazil.
    PHONE_AREA_CODE = "phone.area_code";
    /// A number without its area code.
    PHONE_AREA_CODE_MISSING = "phone.area_code_missing";
    /// Something other than digits and punctuation.
    PHONE_CHARACTERS = "phone.characters";
    /// Too few or too many digits.
    PHONE_LENGTH = "phone.length";
    /// The number after the area code begins as none does.
    PHONE_NUMBER = "phone.number";
    /// More than three decimals.
    QUANTITY_DECIMALS = "quantity.decimals";
    /// Not written as a quantity.
    QUANTITY_FORMAT = "quantity.format";
    /// Larger than can be stored.
    QUANTITY_RANGE = "quantity.range";
    /// More than two decimals.
    RATE_DECIMALS = "rate.decimals";
    /// Not written as a percentage.
    RATE_FORMAT = "rate.format";
    /// Larger than can be stored.
    RATE_RANGE = "rate.range";
    /// Not a zone of the time zone database.
    TIMEZONE_UNKNOWN = "timezone.unknown";
    /// No state of Brazil.
    UF_UNKNOWN = "uf.unknown";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_distinct_and_well_formed() {
        let distinct: BTreeSet<_> = CODES.iter().collect();
        assert_eq!(distinct.len(), CODES.len());
        for code in CODES {
            let (area, reason) = code.split_once('.').unwrap_or_default();
            assert!(!area.is_empty() && !reason.is_empty(), "{code}");
            assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '.'), "{code}");
        }
    }

    #[test]
    fn shows_its_code_and_locale_key() {
        assert_eq!(Invalid::CPF_LENGTH.to_string(), "cpf.length");
        assert_eq!(Invalid::CPF_LENGTH.locale_key(), "invalid.cpf.length");
    }
}
