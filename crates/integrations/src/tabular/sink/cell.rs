//! Typed cells and columns.

use chrono::{DateTime, NaiveDate, Utc};

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Empty,
    /// Text; never run as a formula, whatever it begins with.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An amount in cents of BRL.
    Money(i64),
    /// The exact number `unscaled / 10^scale`.
    Decimal {
        /// All digits with the sign.
        unscaled: i64,
        /// How many of them are after the mark.
        scale: u8,
    },
    /// A day.
    Date(NaiveDate),
    /// A moment; shown in the time zone of the file, which JSON lines are not.
    Instant(DateTime<Utc>),
    /// Yes or no.
    Bool(bool),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// What the cells of a column are; decides number format and width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Words and identifiers.
    Text,
    /// Phone numbers: a leading plus sign is left alone when only digits,
    /// spaces, brackets and hyphens follow.
    Phone,
    /// Whole numbers.
    Integer,
    /// Amounts in BRL.
    Money,
    /// Numbers with so many digits after the mark.
    Decimal(u8),
    /// Days.
    Date,
    /// Moments.
    Instant,
    /// Yes or no.
    Bool,
}

impl CellKind {
    /// A usual width in characters.
    const fn width(self) -> u16 {
        match self {
            Self::Text => 28,
            Self::Phone | Self::Instant => 20,
            Self::Money => 16,
            Self::Integer | Self::Decimal(_) | Self::Date => 12,
            Self::Bool => 8,
        }
    }
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name for programs: the key in JSON lines.
    pub name: String,
    /// The name for people: the heading in XLSX and CSV.
    pub title: String,
    /// What its cells are.
    pub kind: CellKind,
    /// Width in characters; `None` for what is usual for the kind.
    pub width: Option<u16>,
}

impl Column {
    /// A column of the usual width.
    pub fn new(name: impl Into<String>, title: impl Into<String>, kind: CellKind) -> Self {
        Self { name: name.into(), title: title.into(), kind, width: None }
    }

    /// The width in characters.
    pub(super) fn characters(&self) -> u16 {
        self.width.unwrap_or_else(|| self.kind.width())
    }
}
