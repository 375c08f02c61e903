//! Why a table could not be written.

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// The header came twice, or a row before it.
    #[error("a table has one header, and it comes first")]
    Order,
    /// A row has another number of cells than there are columns.
    #[error("a row has {found} cells where there are {expected} columns")]
    Width {
        /// Columns of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// The output could not be written, for instance because the disk is full.
    #[error("the file could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// The workbook could not be put together.
    #[error("the workbook could not be written: {0}")]
    Workbook(String),
}

impl From<rust_xlsxwriter::XlsxError> for SinkError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        match error {
            rust_xlsxwriter::XlsxError::IoError(error) => Self::Io(error),
            other => Self::Workbook(other.to_string()),
        }
    }
}
