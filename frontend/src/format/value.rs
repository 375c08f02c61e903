//! Any declared value as one line of text.

use chrono::{DateTime, NaiveDate, Utc};
use conexao_domain::kernel::{
    field::{Field, Kind},
    value::{Cep, CpfCnpj, Phone},
};
use serde_json::Value as Json;

use super::{date, instant, integer, money, quantity, rate};
use crate::{i18n, t, td, tn};

/// One line for a value; empty for none. `owner` is the resource's name or the
/// table of the lines. References show their id: `_refs` has the names.
pub fn value(owner: &str, field: &Field, value: &Json) -> String {
    if value.is_null() {
        return String::new();
    }
    let number = value.as_i64();
    let text = value.as_str().unwrap_or_default();
    match field.kind {
        Kind::Integer { .. } => number.map(integer).unwrap_or_default(),
        Kind::Money => number.map(money).unwrap_or_default(),
        Kind::Rate => number.map(rate).unwrap_or_default(),
        Kind::Quantity => number.map(quantity).unwrap_or_default(),
        Kind::Boolean => {
            if value.as_bool().unwrap_or_default() {
                t!("yes")
            } else {
                t!("no")
            }
        }
        Kind::Date => text.parse::<NaiveDate>().map_or_else(|_| text.to_owned(), date),
        Kind::Instant => text.parse::<DateTime<Utc>>().map_or_else(|_| text.to_owned(), instant),
        // A masked value does not parse and stays as it came.
        Kind::CpfCnpj => CpfCnpj::parse(text).map_or_else(|_| text.to_owned(), |v| v.to_string()),
        Kind::Phone => Phone::parse(text).map_or_else(|_| text.to_owned(), |v| v.to_string()),
        Kind::Cep => Cep::parse(text).map_or_else(|_| text.to_owned(), |v| v.to_string()),
        Kind::Choice(_) => i18n::choice(owner, field.name, text),
        Kind::State => i18n::state(owner, text),
        Kind::Tags => tags(value),
        Kind::Lines(_) => tn!("value.lines", i64::try_from(value.as_array().map_or(0, Vec::len)).unwrap_or_default()),
        Kind::Text { .. } => code(owner, field.name, text).or_else(|| contact(text)).unwrap_or_else(|| text.to_owned()),
        Kind::LongText { .. } | Kind::Email | Kind::Uf | Kind::Municipality | Kind::Reference(_) | Kind::User => {
            text.to_owned()
        }
    }
}

/// The word for a text that is a code to the server, e.g. why a message waits.
fn code(owner: &str, field: &str, text: &str) -> Option<String> {
    let key = format!("{owner}.{field}.{text}");
    let word = td!("code.", &key);
    (!word.ends_with(&key)).then_some(word)
}

/// A free text that is a phone number in canonical form, as contacts hold it.
fn contact(text: &str) -> Option<String> {
    let digits = text.strip_prefix("+55")?;
    let plain = digits.len() >= 10 && digits.bytes().all(|b| b.is_ascii_digit());
    Phone::parse(text).ok().filter(|_| plain).map(|phone| phone.to_string())
}

fn tags(value: &Json) -> String {
    let tags = value.as_array().into_iter().flatten().filter_map(Json::as_str);
    tags.collect::<Vec<_>>().join(", ")
}

/// The initials of an avatar: first letters of the first and last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| word.chars().next().is_some_and(char::is_alphanumeric));
    let first = words.next();
    let letters = first.into_iter().chain(words.next_back()).filter_map(|word| word.chars().next());
    letters.flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(kind: Kind, json: Json) -> String {
        value("customer", &Field::new("status", kind), &json)
    }

    #[test]
    fn every_kind_reads_well() {
        assert_eq!(of(Kind::Money, json!(38_990)), "R$\u{a0}389,90");
        assert_eq!(of(Kind::Date, json!("2026-11-19")), "19/11/2026");
        assert_eq!(of(Kind::Instant, json!("2026-11-19T18:47:00.000Z")), "19/11/2026, 15:47");
        assert_eq!(of(Kind::CpfCnpj, json!("52998224725")), "529.982.247-25");
        assert_eq!(of(Kind::Phone, json!("+5511900000000")), "(11) 90000-0000");
        assert_eq!(of(Kind::Cep, json!("01310100")), "01310-100");
        assert_eq!(of(Kind::Boolean, json!(true)), "Sim");
        assert_eq!(of(Kind::Tags, json!(["vip", "sul"])), "vip, sul");
        assert_eq!(of(Kind::Text { max: 9 }, json!("+5511900000000")), "(11) 90000-0000");
        assert_eq!(of(Kind::Text { max: 9 }, json!("+55")), "+55");
        assert_eq!(of(Kind::Date, Json::Null), "");
    }

    #[test]
    fn masks_stay_masks() {
        assert_eq!(of(Kind::CpfCnpj, json!("•••.982.247-••")), "•••.982.247-••");
    }

    #[test]
    fn initials_of_names() {
        assert_eq!(initials("Helena Vale"), "HV");
        assert_eq!(initials("Casa Verde Clínica Ltda."), "CL");
        assert_eq!(initials("ágata"), "Á");
        assert_eq!(initials(" "), "");
    }
}
