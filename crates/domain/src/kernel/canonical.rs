//! From what a person or program sends to the one canonical JSON form.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::Value as Json;

use super::{
    field::Kind,
    value::{Cep, CpfCnpj, Email, Invalid, Municipality, Phone, Uf},
};

/// Longest text looked at for kinds that set no limit of their own.
const MAX_SHORT: usize = 400;

impl Kind {
    /// The canonical form of `input`; empty text becomes null. Lines and tags
    /// are read by the plan, which knows their paths.
    pub fn canonical(&self, input: &Json) -> Result<Json, Invalid> {
        match input {
            Json::Null => Ok(Json::Null),
            Json::String(text) => self.read_text(text),
            Json::Number(number) => match number.as_i64() {
                Some(n) if self.is_number() => self.read_integer(n),
                _ => Err(Invalid("type")),
            },
            Json::Bool(_) if *self == Self::Boolean => Ok(input.clone()),
            _ => Err(Invalid("type")),
        }
    }

    const fn is_number(&self) -> bool {
        matches!(self, Self::Integer { .. } | Self::Money | Self::Rate | Self::Quantity)
    }

    fn read_integer(&self, n: i64) -> Result<Json, Invalid> {
        match self {
            Self::Integer { min, max } if n < *min || n > *max => Err(Invalid("range")),
            _ => Ok(n.into()),
        }
    }

    fn read_text(&self, text: &str) -> Result<Json, Invalid> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Json::Null);
        }
        if !matches!(self, Self::Text { .. } | Self::LongText { .. }) && text.len() > MAX_SHORT {
            return Err(Invalid("length"));
        }
        match self {
            Self::Text { max } => bounded(text, *max, false),
            Self::LongText { max } => bounded(text, *max, true),
            Self::Integer { .. } | Self::Money | Self::Rate | Self::Quantity => {
                self.read_integer(text.parse().map_err(|_| Invalid("type"))?)
            }
            Self::Boolean => match text {
                "true" => Ok(Json::Bool(true)),
                "false" => Ok(Json::Bool(false)),
                _ => Err(Invalid("type")),
            },
            Self::Date => date(text),
            Self::Instant => instant(text),
            Self::CpfCnpj => Ok(CpfCnpj::parse(text)?.as_str().into()),
            Self::Phone => Ok(Phone::parse(text)?.as_str().into()),
            Self::Cep => Ok(Cep::parse(text)?.as_str().into()),
            Self::Email => Ok(Email::parse(text)?.as_str().into()),
            Self::Uf => Ok(Uf::parse(text)?.as_str().into()),
            Self::Municipality => Ok(Municipality::parse(text)?.as_str().into()),
            Self::Choice(options) => {
                let found = options.iter().find(|option| **option == text);
                found.map(|option| (*option).into()).ok_or(Invalid("choice"))
            }
            Self::Reference(_) | Self::User => {
                let id = uuid::Uuid::parse_str(text).map_err(|_| Invalid("reference"))?;
                Ok(id.to_string().into())
            }
            Self::State => Ok(text.into()),
            Self::Tags | Self::Lines(_) => Err(Invalid("type")),
        }
    }

    /// What a reader without the right to personal data sees instead.
    pub fn masked(&self, value: &Json) -> Json {
        let Some(text) = value.as_str() else { return Json::Null };
        match self {
            Self::CpfCnpj => CpfCnpj::parse(text).map_or(Json::Null, |v| v.masked().into()),
            Self::Phone => Phone::parse(text).map_or(Json::Null, |v| v.masked().into()),
            Self::Email => Email::parse(text).map_or(Json::Null, |v| v.masked().into()),
            // A contact, whose form tells what it is; anything else hides whole.
            Self::Text { .. } => contact(text).unwrap_or_else(|| HIDDEN.into()),
            _ => HIDDEN.into(),
        }
    }
}

/// What hides a value of which no part may be seen.
const HIDDEN: &str = "•••";

/// The mask of a canonical e-mail address or phone number.
fn contact(text: &str) -> Option<Json> {
    if text.contains('@') {
        return Email::parse(text).ok().map(|email| email.masked().into());
    }
    text.starts_with('+').then(|| Phone::parse(text).ok()).flatten().map(|phone| phone.masked().into())
}

fn bounded(text: &str, max: usize, multiline: bool) -> Result<Json, Invalid> {
    if text.chars().take(max + 1).count() > max {
        return Err(Invalid("length"));
    }
    let forbidden = |c: char| c.is_control() && !(multiline && matches!(c, '\n' | '\r' | '\t'));
    if text.chars().any(forbidden) {
        return Err(Invalid("control_characters"));
    }
    Ok(text.into())
}

fn date(text: &str) -> Result<Json, Invalid> {
    let date: NaiveDate = text.parse().map_err(|_| Invalid("date.format"))?;
    // Four-digit years only: keyset cursors and SQLite compare dates as text.
    let plausible = date >= first_day() && date <= last_day();
    if plausible { Ok(date.to_string().into()) } else { Err(Invalid("range")) }
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1800, 1, 1).unwrap_or_default()
}

fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2999, 12, 31).unwrap_or_default()
}

fn instant(text: &str) -> Result<Json, Invalid> {
    let at: DateTime<Utc> = text.parse().map_err(|_| Invalid("instant.format"))?;
    if at.date_naive() < first_day() || at.date_naive() > last_day() {
        return Err(Invalid("range"));
    }
    Ok(write_instant(at).into())
}

/// Instants as every layer writes them: UTC, milliseconds, `Z`.
pub fn write_instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
