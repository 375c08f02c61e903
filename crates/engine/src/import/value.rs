//! From a cell to a value, as the column was recognised. Nothing is rounded and
//! nothing is guessed: decimal mark and date order are given.

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use conexao_domain::kernel::{
    canonical::write_instant,
    field::Kind,
    value::{Cep, Cnpj, Cpf, CpfCnpj, Email, Invalid, Municipality, Phone, Uf, fold, parse_date},
};
use conexao_integrations::tabular::{
    ColumnReading, ContentKind, DateOrder,
    values::{boolean, date, number},
};
use serde_json::Value as Json;

use super::choice::Choices;

/// Cells longer than this are no placeholder.
const PLACEHOLDER: usize = 20;

/// How the cells of a column become values.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    kind: Kind,
    choices: Option<Choices>,
    reading: ColumnReading,
    content: ContentKind,
    zone: Tz,
}

impl Reader {
    /// `owner` is the resource or the table of the lines.
    pub(crate) fn new(kind: Kind, owner: &str, field: &str, how: (ColumnReading, ContentKind), zone: Tz) -> Self {
        let choices = match kind {
            Kind::Choice(options) => Some(Choices::of(owner, field, options)),
            _ => None,
        };
        Self { kind, choices, reading: how.0, content: how.1, zone }
    }

    /// The canonical value, null for an empty cell.
    pub(crate) fn read(&self, text: &str) -> Result<Json, Invalid> {
        let text = text.trim();
        if self.is_empty(text) {
            return Ok(Json::Null);
        }
        match self.kind {
            Kind::Text { .. } => Ok(one_line(text).into()),
            Kind::Integer { .. } => self.number(text, 0, Invalid::DECIMAL_FORMAT, Invalid::DECIMAL_SCALE),
            Kind::Money => self.number(text, 2, Invalid::MONEY_FORMAT, Invalid::MONEY_DECIMALS),
            Kind::Rate => self.number(text, 2, Invalid::RATE_FORMAT, Invalid::RATE_DECIMALS),
            Kind::Quantity => self.number(text, 3, Invalid::QUANTITY_FORMAT, Invalid::QUANTITY_DECIMALS),
            Kind::Boolean => boolean::parse(text).map(Json::Bool).ok_or(Invalid("type")),
            Kind::Date => self.date(text),
            Kind::Instant => self.instant(text),
            Kind::CpfCnpj => self.document(text).map(|document| document.as_str().into()),
            Kind::Phone => Phone::parse(text).map(|phone| phone.as_str().into()),
            Kind::Cep => cep(text),
            Kind::Email => Email::parse(text).map(|email| email.as_str().into()),
            Kind::Uf => Uf::parse(text).map(|uf| uf.as_str().into()),
            Kind::Municipality => Municipality::parse(text).map(|code| code.as_str().into()),
            Kind::Choice(_) => {
                let found = self.choices.as_ref().and_then(|choices| choices.read(text));
                found.map(Json::from).ok_or(Invalid("choice"))
            }
            Kind::Tags => Ok(tags(text)),
            Kind::LongText { .. } | Kind::Reference(_) | Kind::User | Kind::Lines(_) | Kind::State => Ok(text.into()),
        }
    }

    /// Whether the cell says nothing: also in the ways programs say so.
    fn is_empty(&self, text: &str) -> bool {
        if text.is_empty() || text.len() > PLACEHOLDER {
            return text.is_empty();
        }
        let of_text = matches!(self.kind, Kind::Text { .. } | Kind::LongText { .. });
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        if plain || (of_text && !text.starts_with(['-', '(', '#', 'n', 'N', '\u{2013}', '\u{2014}'])) {
            return false;
        }
        match fold(text).as_str() {
            "-" | "--" | "---" | "\u{2013}" | "\u{2014}" | "null" | "(null)" | "#n/d" | "#n/a" | "n/a" | "n/d" => true,
            "na" | "nd" | "nulo" | "none" | "nenhum" | "nao tem" | "nao informado" | "nao consta" | "sem" => !of_text,
            _ => false,
        }
    }

    fn number(&self, text: &str, scale: u8, format: Invalid, decimals: Invalid) -> Result<Json, Invalid> {
        let number = number::parse(text, self.reading.decimal_mark).ok_or(format)?;
        number.rescaled(scale).map(Json::from).ok_or(decimals)
    }

    fn date(&self, text: &str) -> Result<Json, Invalid> {
        if let Some(day) = date::parse(text, self.reading.date_order) {
            return Ok(day.to_string().into());
        }
        // The strict reader knows what is wrong with it.
        let order = match self.reading.date_order {
            DateOrder::Mdy => conexao_domain::kernel::value::DateOrder::MonthDayYear,
            DateOrder::Dmy | DateOrder::Ymd => conexao_domain::kernel::value::DateOrder::DayMonthYear,
        };
        parse_date(text, order).map(|day| day.to_string().into())
    }

    /// With a time zone as it says, else by the tenant's clock.
    fn instant(&self, text: &str) -> Result<Json, Invalid> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(at.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true).into());
        }
        let local = date::parse_with_time(text, self.reading.date_order).ok_or(Invalid("instant.format"))?;
        // An hour that a change of the clock left out is taken as UTC.
        let at = self.zone.from_local_datetime(&local).earliest();
        let at: DateTime<Utc> = at.map_or_else(|| local.and_utc(), |at| at.to_utc());
        Ok(write_instant(at).into())
    }

    /// Zeros that a spreadsheet took away are put back; where the column is all
    /// of one kind, a short number is of that kind.
    fn document(&self, text: &str) -> Result<CpfCnpj, Invalid> {
        match self.content {
            ContentKind::Cpf => {
                Cpf::parse_padded(text).map(CpfCnpj::Cpf).or_else(|error| CpfCnpj::parse(text).map_err(|_| error))
            }
            ContentKind::Cnpj => {
                Cnpj::parse_padded(text).map(CpfCnpj::Cnpj).or_else(|error| CpfCnpj::parse(text).map_err(|_| error))
            }
            _ => CpfCnpj::parse_padded(text),
        }
    }
}

/// Line breaks and tabs become spaces: the field has one line.
fn one_line(text: &str) -> String {
    if !text.contains(['\n', '\r', '\t', '\u{a0}']) {
        return text.to_owned();
    }
    let words = text.split(['\n', '\r', '\t', '\u{a0}']).map(str::trim).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn cep(text: &str) -> Result<Json, Invalid> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let cep = if digits == 7 { Cep::parse(&format!("0{text}")) } else { Cep::parse(text) };
    cep.map(|cep| cep.as_str().into())
}

fn tags(text: &str) -> Json {
    let tags = text.split([',', ';', '|', '\n']).map(str::trim).filter(|tag| !tag.is_empty());
    tags.map(Json::from).collect::<Vec<_>>().into()
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
