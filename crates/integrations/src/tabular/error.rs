//! Why a file or a row of it cannot be read.

use std::io;

/// Why a whole file cannot be read; [`code`](Self::code) is stable and is what
/// the interface translates.
#[derive(Debug, thiserror::Error)]
pub enum TabularError {
    /// The file has no content at all.
    #[error("the file is empty")]
    Empty,
    /// The workbook is encrypted; without its password nothing can be read.
    #[error("the workbook is protected by a password")]
    Password,
    /// The content is of a kind that is not a table.
    #[error("the file is not a spreadsheet or delimited text{}", found.map(|f| format!(" (it looks like {f})")).unwrap_or_default())]
    UnknownFormat {
        /// What the content looks like ("pdf", "html", …) when it is known.
        found: Option<&'static str>,
    },
    /// The format is known but the content breaks its rules.
    #[error("the file is damaged: {detail}")]
    Damaged {
        /// What the parser said, in English; for logs and support.
        detail: String,
    },
    /// There is nothing to import: no row at all, or a header and no data.
    #[error("the file has no data rows")]
    NoRows,
    /// Reading it would take more memory or disk than is allowed.
    #[error("the file is too large: {what} is over the limit of {limit}")]
    TooLarge {
        /// What was measured ("file bytes", "cells", …).
        what: &'static str,
        /// The limit that was passed.
        limit: u64,
    },
    /// The chosen sheet is not in the workbook.
    #[error("the workbook has no sheet named {name:?}")]
    SheetNotFound {
        /// The name that was asked for.
        name: String,
    },
    /// The file could not be read from disk.
    #[error("the file could not be read: {0}")]
    Io(#[from] io::Error),
}

impl TabularError {
    /// The stable code of this error, for translation and for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file.empty",
            Self::Password => "file.password",
            Self::UnknownFormat { .. } => "file.unknown_format",
            Self::Damaged { .. } => "file.damaged",
            Self::NoRows => "file.no_rows",
            Self::TooLarge { .. } => "file.too_large",
            Self::SheetNotFound { .. } => "file.sheet_not_found",
            Self::Io(_) => "file.io",
        }
    }

    pub(super) fn damaged(detail: impl std::fmt::Display) -> Self {
        Self::Damaged { detail: detail.to_string() }
    }
}

/// Why one row cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RowFault {
    /// A quote opens and never closes, so where the row ends is unknown.
    #[error("a quote is opened and never closed")]
    UnclosedQuote,
    /// The row is longer than one row may be.
    #[error("the row is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A cell of the row holds something its format does not allow.
    #[error("a cell of the row is damaged: {0}")]
    DamagedCell(String),
    /// Nothing after this row can be read.
    #[error(transparent)]
    File(#[from] TabularError),
}

/// A row that could not be read; the rows after it may still come.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct RowError {
    /// The line (text) or row (workbook) number, as the user sees it, from 1.
    pub line: u64,
    /// What is wrong.
    pub fault: RowFault,
}

impl RowError {
    /// The stable code of this error, for translation and for programs.
    pub const fn code(&self) -> &'static str {
        match &self.fault {
            RowFault::UnclosedQuote => "row.unclosed_quote",
            RowFault::TooLong { .. } => "row.too_long",
            RowFault::DamagedCell(_) => "row.damaged_cell",
            RowFault::File(error) => error.code(),
        }
    }

    /// Whether the stream ends here: nothing after this row can be read.
    pub const fn is_fatal(&self) -> bool {
        matches!(self.fault, RowFault::File(_))
    }
}
