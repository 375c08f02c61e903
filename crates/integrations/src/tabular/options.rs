//! How a file is read: what was guessed and what the person chose.

use serde::{Deserialize, Serialize};

/// The file formats that can be read, told apart by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Delimited text: CSV, TSV, TXT.
    Text,
    /// Excel 2007 and later.
    Xlsx,
    /// Excel 2007 and later with macros (which are ignored).
    Xlsm,
    /// Excel 97–2003 and 95.
    Xls,
    /// Excel binary workbook.
    Xlsb,
    /// `OpenDocument` spreadsheet, as `LibreOffice` writes it.
    Ods,
}

impl Format {
    /// Whether the file is a workbook with sheets rather than text.
    pub const fn is_workbook(self) -> bool {
        !matches!(self, Self::Text)
    }
}

/// Text encodings that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 with a byte-order mark, as Excel writes it.
    Utf8Bom,
    /// UTF-16 little endian, Excel's "Unicode text".
    Utf16Le,
    /// UTF-16 big endian.
    Utf16Be,
    /// Windows-1252, which contains Latin-1 (ISO-8859-1).
    Windows1252,
}

/// Characters that separate fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    /// `;`, what Excel writes in Brazil.
    Semicolon,
    /// `,`
    Comma,
    /// Tabulation.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// Every delimiter, the most usual in Brazil first.
    pub const ALL: [Self; 4] = [Self::Semicolon, Self::Comma, Self::Tab, Self::Pipe];

    /// The delimiter as the byte it is in the file.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// The character that encloses fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quote {
    /// `"`
    Double,
    /// `'`
    Single,
    /// Quotes are ordinary characters.
    None,
}

/// The character between units and cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `1.234,56`
    Comma,
    /// `1,234.56`
    Dot,
}

/// The order of day, month and year; ISO dates are read whatever the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `31/12/2026`
    Dmy,
    /// `12/31/2026`
    Mdy,
    /// `2026-12-31` or `20261231`
    Ymd,
}

/// How the texts of one column are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ColumnReading {
    /// The mark of decimal numbers. Numbers that a workbook stores as numbers
    /// are rendered with this mark too, so a column never mixes two.
    pub decimal_mark: DecimalMark,
    /// The order of dates written as text.
    pub date_order: DateOrder,
}

/// Everything that decides how a file is read; what [`detect`](super::detect)
/// proposes and [`open`](super::open) takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOptions {
    /// The file format.
    pub format: Format,
    /// The encoding; ignored for workbooks.
    pub encoding: Encoding,
    /// The delimiter; ignored for workbooks.
    pub delimiter: Delimiter,
    /// The quote character; ignored for workbooks.
    pub quote: Quote,
    /// The sheet to read; `None` for text.
    pub sheet: Option<String>,
    /// The line or row of the header, from 1; `None` when there is none.
    pub header_row: Option<u64>,
    /// The first line or row of data, from 1; what stands before is skipped.
    pub data_row: u64,
    /// The decimal mark of the file, for columns that say nothing themselves.
    pub decimal_mark: DecimalMark,
    /// The date order of the file, for columns that say nothing themselves.
    pub date_order: DateOrder,
    /// One entry per column; rows are padded to this many cells.
    pub columns: Vec<ColumnReading>,
}

/// Which row holds the header, when the person says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderChoice {
    /// The file has no header; the first row is data.
    None,
    /// The header is this line or row, from 1.
    Row(u64),
}

/// What the person fixed; everything left `None` is guessed anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// Replaces the guessed encoding.
    pub encoding: Option<Encoding>,
    /// Replaces the guessed delimiter.
    pub delimiter: Option<Delimiter>,
    /// Replaces the guessed quote character.
    pub quote: Option<Quote>,
    /// Replaces the chosen sheet.
    pub sheet: Option<String>,
    /// Replaces the guessed header row.
    pub header: Option<HeaderChoice>,
    /// Replaces the decimal mark of every column.
    pub decimal_mark: Option<DecimalMark>,
    /// Replaces the date order of every column.
    pub date_order: Option<DateOrder>,
}
