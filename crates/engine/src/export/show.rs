//! Values as people read them.

use chrono::{DateTime, NaiveDate};
use conexao_domain::{
    kernel::{
        field::Kind,
        value::{Cep, CpfCnpj, Money, Municipality, Phone, Quantity, Rate},
    },
    locale::{self, Locale},
};
use serde_json::Value as Json;

use crate::Session;

/// The text of a canonical value in the session's language and time zone. The
/// field is named by its resource, or the table of its lines, and its own name.
pub(crate) fn text(kind: &Kind, field: (&str, &str), value: &Json, session: &Session) -> String {
    let locale = session.locale;
    let number = value.as_i64();
    let shown = match kind {
        Kind::Money => number.map(|n| Money(n).to_string()),
        Kind::Rate => number.map(|n| Rate(n).to_string()),
        Kind::Quantity => number.map(|n| Quantity(n).to_string()),
        Kind::Integer { .. } => number.map(|n| n.to_string()),
        Kind::Boolean => value.as_bool().map(|truth| yes_or_no(truth, locale)),
        Kind::Tags => value.as_array().map(|tags| tags.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", ")),
        _ => value.as_str().map(|text| of_text(kind, field, text, session)),
    };
    shown.unwrap_or_default()
}

fn yes_or_no(truth: bool, locale: Locale) -> String {
    if truth { locale::text(locale, "value.yes") } else { locale::text(locale, "value.no") }
}

fn of_text(kind: &Kind, (owner, field): (&str, &str), text: &str, session: &Session) -> String {
    let locale = session.locale;
    let pattern = if locale == Locale::PtBr { "%d/%m/%Y" } else { "%Y-%m-%d" };
    let shown = match kind {
        Kind::Date => text.parse::<NaiveDate>().ok().map(|day| day.format(pattern).to_string()),
        Kind::Instant => DateTime::parse_from_rfc3339(text).ok().map(|at| {
            let local = at.with_timezone(&session.time_zone);
            local.format(&format!("{pattern} %H:%M")).to_string()
        }),
        Kind::Choice(options) if options.contains(&text) => Some(locale::choice(locale, owner, field, text)),
        Kind::State => Some(locale::flow(locale, "state", owner, text)),
        Kind::Municipality => Municipality::parse(text).ok().map(|code| code.to_string()),
        kind => formatted(kind, text),
    };
    shown.unwrap_or_else(|| text.to_owned())
}

/// Codes and numbers with their punctuation; `None` for what has none, and for masks.
pub(crate) fn formatted(kind: &Kind, text: &str) -> Option<String> {
    match kind {
        Kind::CpfCnpj => CpfCnpj::parse(text).ok().map(|value| value.to_string()),
        Kind::Phone => Phone::parse(text).ok().map(|value| value.to_string()),
        Kind::Cep => Cep::parse(text).ok().map(|value| value.to_string()),
        _ => None,
    }
}

/// `unscaled / 10^scale` with a decimal comma, exactly.
pub(crate) fn decimal(unscaled: i64, scale: usize) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    match digits.split_at_checked(digits.len() - scale) {
        Some((whole, fraction)) => format!("{sign}{whole},{fraction}"),
        None => format!("{sign}{digits}"),
    }
}
