//! Columns and their types in both dialects.

use sea_orm::DbBackend;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    Text,
    /// 64-bit whole number.
    Integer,
    /// 32-bit whole number.
    Small,
    Boolean,
    Date,
    Instant,
    Id,
    /// JSON kept as text.
    Json,
    /// Text ordered by code point: folded copies, states.
    Folded,
}

impl ColumnType {
    pub(super) const fn sql(self, backend: DbBackend) -> &'static str {
        match (self, matches!(backend, DbBackend::Postgres)) {
            (Self::Folded, true) => "TEXT COLLATE \"C\"",
            (Self::Integer, true) => "BIGINT",
            (Self::Small, true) | (Self::Integer | Self::Small, false) => "INTEGER",
            (Self::Boolean, _) => "BOOLEAN",
            (Self::Date, true) => "DATE",
            (Self::Instant, true) => "TIMESTAMPTZ",
            (Self::Id, true) => "UUID",
            (Self::Id, false) => "BLOB",
            (Self::Text | Self::Json | Self::Folded | Self::Date | Self::Instant, _) => "TEXT",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: &'static str,
    pub kind: ColumnType,
    pub required: bool,
    /// SQL literal used for rows that do not say.
    pub default: Option<&'static str>,
}

impl Column {
    pub(super) fn sql(&self, backend: DbBackend) -> String {
        let required = if self.required { " NOT NULL" } else { "" };
        let default = self.default.map(|d| format!(" DEFAULT {d}")).unwrap_or_default();
        format!("\"{}\" {}{required}{default}", self.name, self.kind.sql(backend))
    }
}
