//! Spreadsheets and delimited text, in and out.
//!
//! Reading happens in two steps. [`detect`] looks at the content (never at the
//! file name) and proposes how to read it: format, encoding, delimiter, header
//! row, and per column what the values look like. The person changes what was
//! guessed wrong through [`Overrides`], and [`open`] streams the rows with the
//! resulting [`ReadOptions`].
//!
//! Writing goes through one [`Sink`], whatever the format.
//!
//! Everything here blocks: call it from `tokio::task::spawn_blocking`.

mod detect;
mod error;
mod format;
mod guard;
mod guess;
mod limits;
mod look;
mod options;
mod read;
mod row;
mod shape;
pub mod sink;
mod text;
pub mod values;
mod workbook;

pub use detect::{detect, detect_with};
pub use error::{RowError, RowFault, TabularError};
pub use limits::Limits;
pub use options::{
    ColumnReading, DateOrder, DecimalMark, Delimiter, Encoding, Format, HeaderChoice, Overrides, Quote, ReadOptions,
};
pub use read::{Rows, open, open_with};
pub use row::{IssueKind, Row, RowIssue};
pub use shape::{ColumnShape, ContentKind, LineEnding, RowCount, Shape, SheetShape, Warning};
pub use sink::{Cell, CellKind, Column, CsvSink, JsonLinesSink, Sink, SinkError, XlsxSink};
