//! Rows, as read and as handed out.

use serde::{Deserialize, Serialize};

/// Something about one cell (or the row) that the values alone do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueKind {
    /// A formula that failed; the cell holds the error as Excel shows it in
    /// Portuguese, such as `#N/D`.
    FormulaError,
    /// The value was longer than a cell may be and was cut.
    Truncated,
    /// Bytes the encoding does not allow became `�`.
    InvalidCharacters,
    /// Values stand to the right of the last column.
    ExtraCells,
}

/// An [`IssueKind`] and the column it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowIssue {
    /// The column, from 0.
    pub column: usize,
    /// What it is.
    pub kind: IssueKind,
}

/// One data row.
///
/// Dates that a workbook stores as dates are ISO (`2026-12-31`,
/// `2026-12-31T23:59:59`), times `HH:MM:SS`, numbers plain digits with the
/// column's decimal mark, booleans `VERDADEIRO` or `FALSO`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line (text) or row (workbook) number, as the user sees it, from 1.
    pub line: u64,
    /// The cells; at least as many as the file has columns.
    pub cells: Vec<String>,
    /// What is particular about single cells; nearly always empty.
    pub issues: Vec<RowIssue>,
}

/// A cell before the decimal mark of its column is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RawCell {
    /// Nothing.
    Empty,
    /// Text as it stands in the file.
    Text(String),
    /// A stored number, digits with a dot.
    Number(String),
    /// A stored date, time or truth value, already canonical.
    Native(String),
}

impl RawCell {
    /// The text, with stored numbers in dot notation.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Number(text) | Self::Native(text) => text,
        }
    }

    /// Whether there is nothing to see in the cell.
    pub(crate) fn is_blank(&self) -> bool {
        self.as_str().trim().is_empty()
    }
}

/// A row before column options are applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawRow {
    pub line: u64,
    pub cells: Vec<RawCell>,
    pub issues: Vec<RowIssue>,
}

impl RawRow {
    /// How many cells there are up to the last that is not blank.
    pub(crate) fn extent(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1)
    }

    /// Whether nothing is to be seen in the row.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(RawCell::is_blank)
    }
}
