//! What an export writes: which columns, in what order, and how each value of a
//! record becomes a cell. Columns are named as imports name their targets.

use chrono::{DateTime, NaiveDate};
use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        problem::{Code, Problem},
        record::Record,
        resource::{Resource, SYSTEM_FIELDS},
    },
    locale,
};
use conexao_integrations::tabular::{Cell, CellKind, Column};
use serde_json::Value as Json;

use super::show;
use crate::{Session, import::target::Target};

/// Most columns of one export.
const MOST: usize = 400;

/// A column of an export.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    /// A field of the record, also one that nobody may write.
    Field(&'static Field),
    /// A part of its lines.
    Lines(Target),
}

impl Source {
    /// What `columns=` asks for; without it everything a record has. The name of
    /// a lines field stands for its columns.
    pub(super) fn read(resource: &'static Resource, columns: Option<&str>) -> Result<Vec<Self>, Problem> {
        let wanted: Vec<&str> =
            columns.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if wanted.is_empty() {
            let stamps = SYSTEM_FIELDS.iter().filter(|f| f.kind == Kind::Instant);
            return Ok(resource.fields.iter().chain(stamps).flat_map(Self::of_field).collect());
        }
        let mut sources: Vec<Self> = Vec::new();
        for name in wanted {
            let found = match resource.field(name) {
                Some(field) => Self::of_field(field),
                None => Target::parse(resource, name).map(Self::Lines).into_iter().collect(),
            };
            if found.is_empty() {
                let valid: Vec<Json> = resource.fields.iter().chain(SYSTEM_FIELDS).map(|f| f.name.into()).collect();
                return Err(Problem::new(Code::UnknownParameter).detail(name).with("valid", valid));
            }
            for source in found {
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
        if sources.len() > MOST { Err(Problem::field("columns", "too_many_lines")) } else { Ok(sources) }
    }

    fn of_field(field: &'static Field) -> Vec<Self> {
        let Kind::Lines(lines) = field.kind else { return vec![Self::Field(field)] };
        let line = |name: &'static Field| Self::Lines(Target::Line { owner: field, lines, field: name });
        // All a line says, so that a file brings back what it took: a column for
        // each channel, which `columns=` may name, would lose labels and consents.
        lines.fields.iter().map(line).collect()
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Field(field) => field.name.to_owned(),
            Self::Lines(target) => target.name(),
        }
    }

    /// The lines field it is part of.
    pub(super) fn owner(&self) -> Option<&'static Field> {
        match self {
            Self::Field(_) => None,
            Self::Lines(target) => target.owner(),
        }
    }

    pub(super) fn is_personal(&self) -> bool {
        match self {
            Self::Field(field) => field.personal,
            Self::Lines(target) => target.is_personal(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Field(field) => field.kind,
            Self::Lines(target) => target.kind(),
        }
    }

    /// The heading in the session's language.
    pub(super) fn column(&self, resource: &Resource, session: &Session) -> Column {
        let title = match self {
            Self::Field(field) => locale::field(session.locale, resource.name, field.name),
            Self::Lines(target) => target.label(resource, session.locale),
        };
        Column::new(self.name(), title, cell_kind(self.kind()))
    }

    /// The cell of a record that readers may see, references by name.
    pub(super) fn cell(&self, resource: &Resource, record: &Record, session: &Session) -> Cell {
        let target = match self {
            Self::Field(field) => return value(field, (resource.name, field.name), record, session),
            Self::Lines(target) => target,
        };
        match target {
            Target::Value { owner, keyed, word, .. } => {
                let lines = record.lines(owner.name);
                let own = lines.iter().filter(|line| line.text(keyed.key.name) == Some(word));
                let texts = own.filter_map(|line| line.text(keyed.value.name));
                let kind = target.kind();
                joined(texts.map(|text| show::formatted(&kind, text).unwrap_or_else(|| text.to_owned())))
            }
            Target::Line { owner, lines, field } => {
                let rows = record.lines(owner.name);
                match rows.as_slice() {
                    [only] if field.kind != Kind::Instant => value(field, (lines.table, field.name), only, session),
                    rows if rows.iter().all(|row| row.get(field.name).is_null()) => Cell::Empty,
                    // One line of text for each line of the record, in every column of
                    // them, so that an import can tell them apart again.
                    rows => joined(rows.iter().map(|row| plain(field, (lines.table, field.name), row, session))),
                }
            }
            Target::Field(field) => value(field, (resource.name, field.name), record, session),
        }
    }
}

fn joined(texts: impl Iterator<Item = String>) -> Cell {
    let texts: Vec<String> = texts.map(|text| text.replace(['\n', '\r'], " ")).collect();
    if texts.is_empty() { Cell::Empty } else { Cell::Text(texts.join("\n")) }
}

const fn cell_kind(kind: Kind) -> CellKind {
    match kind {
        Kind::Integer { .. } => CellKind::Integer,
        Kind::Money => CellKind::Money,
        Kind::Rate => CellKind::Decimal(2),
        Kind::Quantity => CellKind::Decimal(3),
        Kind::Boolean => CellKind::Bool,
        Kind::Date => CellKind::Date,
        Kind::Instant => CellKind::Instant,
        Kind::Phone => CellKind::Phone,
        _ => CellKind::Text,
    }
}

/// A value with its type.
fn value(field: &Field, owner: (&str, &str), record: &Record, session: &Session) -> Cell {
    let value = record.get(field.name);
    if value.is_null() {
        return Cell::Empty;
    }
    let typed = match field.kind {
        Kind::Integer { .. } => value.as_i64().map(Cell::Integer),
        Kind::Money => value.as_i64().map(Cell::Money),
        Kind::Rate => value.as_i64().map(|unscaled| Cell::Decimal { unscaled, scale: 2 }),
        Kind::Quantity => value.as_i64().map(|unscaled| Cell::Decimal { unscaled, scale: 3 }),
        Kind::Boolean => value.as_bool().map(Cell::Bool),
        // A masked day is no day.
        Kind::Date => value.as_str().and_then(|text| text.parse::<NaiveDate>().ok()).map(Cell::Date),
        Kind::Instant => {
            value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok()).map(|at| Cell::Instant(at.to_utc()))
        }
        _ => None,
    };
    typed.unwrap_or_else(|| match plain(field, owner, record, session) {
        text if text.is_empty() => Cell::Empty,
        text => Cell::Text(text),
    })
}

/// A value as text: references by title, codes as they are stored in Brazil.
fn plain(field: &Field, owner: (&str, &str), record: &Record, session: &Session) -> String {
    let value = record.get(field.name);
    match field.kind {
        Kind::Reference(_) | Kind::User => {
            let title = record.get("_refs").get(field.name).and_then(|r| r.get("title")?.as_str());
            title.or(value.as_str()).unwrap_or_default().to_owned()
        }
        // The code says more to programs than the name, and reads back.
        // A moment to the millisecond: a consent was given at it, and reads back so.
        Kind::Municipality | Kind::Instant => value.as_str().unwrap_or_default().to_owned(),
        // Without currency and thousands: other programs have to read it.
        Kind::Money => value.as_i64().map(|cents| show::decimal(cents, 2)).unwrap_or_default(),
        Kind::Quantity => value.as_i64().map(|n| show::decimal(n, 3)).unwrap_or_default(),
        Kind::Rate => value.as_i64().map(|n| show::decimal(n, 2)).unwrap_or_default(),
        kind => show::text(&kind, owner, value, session),
    }
}
