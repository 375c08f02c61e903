//! What a file looks like: the answer of detection.

use serde::{Deserialize, Serialize};

use super::options::{ColumnReading, DateOrder, DecimalMark, Format, ReadOptions};

/// How the lines of a text file end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnding {
    /// Unix.
    Lf,
    /// Windows.
    Crlf,
    /// Old Macintosh.
    Cr,
    /// More than one of them.
    Mixed,
    /// There is only one line.
    None,
}

/// How many data rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "rows", rename_all = "snake_case")]
pub enum RowCount {
    /// Every row was seen.
    Exact(u64),
    /// From line breaks or from what the workbook says about itself.
    Estimated(u64),
    /// The format does not say and counting would mean reading everything.
    Unknown,
}

/// What the values of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ContentKind {
    /// No value was seen.
    Empty,
    /// Nothing more particular.
    Text,
    /// CPF with valid check digits, with or without punctuation.
    Cpf,
    /// CNPJ (numeric or alphanumeric) with valid check digits.
    Cnpj,
    /// CPF and CNPJ mixed.
    CpfCnpj,
    /// Brazilian or international phone.
    Phone,
    /// E-mail address.
    Email,
    /// Brazilian postal code.
    Cep,
    /// Two-letter state.
    Uf,
    /// Dates, perhaps with a time.
    Date {
        /// The order that fits the values.
        order: DateOrder,
        /// Whether values carry a time of day.
        time: bool,
    },
    /// Numbers with a fraction, money and percentages.
    Decimal {
        /// The mark that fits the values.
        mark: DecimalMark,
    },
    /// Whole numbers without leading zeros.
    Integer,
    /// Yes and no in Portuguese or English.
    Boolean,
}

/// One column as detection saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnShape {
    /// Position from 0.
    pub index: usize,
    /// Header text, or "Coluna N" (N from 1) when there is none.
    pub header: String,
    /// Up to five different values, in file order.
    pub samples: Vec<String>,
    /// What the values look like.
    pub kind: ContentKind,
    /// How the column will be read.
    pub reading: ColumnReading,
}

/// One sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetShape {
    /// The name on the tab.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
}

/// Something the person should know before going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// The file name promises another format than the content is.
    OtherThanNamed {
        /// What the content is.
        found: Format,
    },
    /// Bytes that the encoding does not allow; they become `�`.
    InvalidCharacters {
        /// How many in the whole file.
        count: u64,
    },
    /// Columns beyond the limit were left out.
    ColumnsLeftOut {
        /// The limit.
        limit: usize,
    },
    /// A column whose dates fit no single order.
    MixedDates {
        /// The column, from 0.
        column: usize,
    },
    /// Rows of the sample that could not be read.
    DamagedRows {
        /// How many of the sample.
        count: u64,
    },
}

/// What a file is and how it would be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// How it would be read; what [`open`](super::open) takes.
    pub options: ReadOptions,
    /// How lines end; `None` for workbooks.
    pub line_ending: LineEnding,
    /// The sheets of a workbook, in tab order; empty for text.
    pub sheets: Vec<SheetShape>,
    /// The columns, in file order.
    pub columns: Vec<ColumnShape>,
    /// How many data rows there are.
    pub rows: RowCount,
    /// Same for files of the same layout: a hash of format and headers.
    pub fingerprint: String,
    /// What to tell the person before going on.
    pub warnings: Vec<Warning>,
}
