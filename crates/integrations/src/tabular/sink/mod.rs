//! Writing tables: one [`Sink`], three formats, bounded memory.

mod cell;
mod csv;
mod error;
pub(super) mod formula;
mod jsonl;
mod plain;
mod xlsx;

pub use cell::{Cell, CellKind, Column};
pub use csv::{CsvSink, CsvStyle};
pub use error::SinkError;
pub use jsonl::JsonLinesSink;
pub use xlsx::{XlsxOptions, XlsxSink};

/// What a finished file holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Data rows, the header not counted.
    pub rows: u64,
    /// Texts that the format could not hold whole and that were cut.
    pub cut_cells: u64,
}

/// A table being written: the header once, then the rows, then the end.
///
/// A sink that is dropped without [`finish`](Self::finish) leaves an
/// incomplete file behind.
pub trait Sink: Send {
    /// Writes the header; must come first and only once.
    ///
    /// # Errors
    /// [`SinkError::Order`] the second time, or what the output says.
    fn header(&mut self, columns: &[Column]) -> Result<(), SinkError>;

    /// Writes one row with one cell per column.
    ///
    /// # Errors
    /// [`SinkError::Order`] before the header, [`SinkError::Width`] for
    /// another number of cells, or what the output says.
    fn row(&mut self, cells: &[Cell]) -> Result<(), SinkError>;

    /// Completes the file.
    ///
    /// # Errors
    /// What the output says; the file is then not to be used.
    fn finish(self: Box<Self>) -> Result<Written, SinkError>;
}

/// Refuses a row that has another number of cells than the header.
fn check_width(columns: Option<usize>, cells: &[Cell]) -> Result<(), SinkError> {
    match columns {
        None => Err(SinkError::Order),
        Some(expected) if expected != cells.len() => Err(SinkError::Width { expected, found: cells.len() }),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
