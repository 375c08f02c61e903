//! Rows straight to JSON text, column by column.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sqlx::{Row, postgres::PgRow};
use uuid::Uuid;

/// How a column becomes JSON.
#[derive(Debug, Clone, Copy)]
pub enum As {
    Id,
    Text,
    Integer,
    Date,
    Instant,
    Boolean,
    /// Text that is JSON already; `[]` for none.
    Raw,
    /// Tags in one text.
    Tags,
    // Personal data: the mask, and the name in `_masked`.
    Document,
    Phone,
    Email,
    Hidden,
}

/// JSON under construction.
#[derive(Debug, Default)]
pub struct Text(pub String);

impl Text {
    pub fn plain(&mut self, text: &str) {
        self.0.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                other => self.0.push(other),
            }
        }
        self.0.push('"');
    }

    pub fn name(&mut self, name: &str) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    pub fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.plain(text),
            None => self.0.push_str("null"),
        }
    }

    /// `"name": {id, resource, title, subtitle}` unless the id is null.
    pub fn reference(
        &mut self,
        name: &str,
        resource: &str,
        id: Option<Uuid>,
        title: Option<&str>,
        subtitle: Option<&str>,
    ) {
        let Some(id) = id else { return };
        self.name(name);
        let _ = write!(self.0, "{{\"id\":\"{id}\",\"resource\":\"{resource}\",\"title\":");
        self.plain(title.unwrap_or_default());
        self.name("subtitle");
        self.optional(subtitle);
        self.0.push('}');
    }

    /// The columns from `at` on as members of the open object, then `_masked`.
    pub fn columns(&mut self, row: &PgRow, at: usize, columns: &[(&str, As)]) -> Result<(), sqlx::Error> {
        let mut masked = String::new();
        for (index, (name, kind)) in columns.iter().enumerate() {
            self.name(name);
            let before = self.0.len();
            self.column(row, at + index, *kind)?;
            let personal = matches!(kind, As::Document | As::Phone | As::Email | As::Hidden);
            if personal && self.0.get(before..) != Some("null") {
                let _ = write!(masked, "{}\"{name}\"", if masked.is_empty() { "" } else { "," });
            }
        }
        if !masked.is_empty() {
            self.name("_masked");
            let _ = write!(self.0, "[{masked}]");
        }
        Ok(())
    }

    fn column(&mut self, row: &PgRow, index: usize, kind: As) -> Result<(), sqlx::Error> {
        match kind {
            As::Id => self.shown(row.try_get::<Option<Uuid>, _>(index)?),
            As::Date => self.shown(row.try_get::<Option<NaiveDate>, _>(index)?),
            As::Instant => {
                let at: Option<DateTime<Utc>> = row.try_get(index)?;
                self.shown(at.map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true)));
            }
            As::Integer => self.bare(row.try_get::<Option<i64>, _>(index)?),
            As::Boolean => self.bare(row.try_get::<Option<bool>, _>(index)?),
            As::Raw => self.0.push_str(row.try_get::<Option<&str>, _>(index)?.unwrap_or("[]")),
            As::Hidden => {
                let there: bool = row.try_get(index)?;
                self.optional(there.then_some("•••"));
            }
            As::Text | As::Tags | As::Document | As::Phone | As::Email => {
                let text: Option<&str> = row.try_get(index)?;
                match kind {
                    As::Tags => self.tags(text),
                    As::Document => self.shown(text.map(document)),
                    As::Phone => self.shown(text.map(phone)),
                    As::Email => self.shown(text.map(email)),
                    _ => self.optional(text),
                }
            }
        }
        Ok(())
    }

    fn shown(&mut self, value: Option<impl std::fmt::Display>) {
        let _ = match value {
            Some(value) => write!(self.0, "\"{value}\""),
            None => write!(self.0, "null"),
        };
    }

    fn bare(&mut self, value: Option<impl std::fmt::Display>) {
        let _ = match value {
            Some(value) => write!(self.0, "{value}"),
            None => write!(self.0, "null"),
        };
    }

    fn tags(&mut self, joined: Option<&str>) {
        self.0.push('[');
        for (position, tag) in joined.into_iter().flat_map(|text| text.split('\u{1f}')).enumerate() {
            if position > 0 {
                self.0.push(',');
            }
            self.plain(tag);
        }
        self.0.push(']');
    }
}

fn part(text: &str, range: std::ops::Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

pub fn document(text: &str) -> String {
    if text.len() == 11 {
        format!("•••.{}.{}-••", part(text, 3..6), part(text, 6..9))
    } else {
        format!("••.{}.{}/{}-••", part(text, 2..5), part(text, 5..8), part(text, 8..12))
    }
}

pub fn phone(text: &str) -> String {
    let tail = text.len().saturating_sub(4);
    format!("({}) {}-{}", part(text, 3..5), "•".repeat(tail.saturating_sub(5)), part(text, tail..text.len()))
}

pub fn email(text: &str) -> String {
    let (local, domain) = text.split_once('@').unwrap_or((text, ""));
    format!("{}•••@{domain}", local.chars().next().unwrap_or('•'))
}
