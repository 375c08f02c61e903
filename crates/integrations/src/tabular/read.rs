//! From [`ReadOptions`] to rows.

use std::path::Path;

use super::error::{RowError, TabularError};
use super::format;
use super::limits::Limits;
use super::options::{ColumnReading, DecimalMark, Format, ReadOptions};
use super::row::{IssueKind, RawCell, RawRow, Row, RowIssue};
use super::text::records::Records;
use super::text::rows::TextRows;
use super::text::source::{self, Source};
use super::workbook::stream::SheetRows;

/// The data rows of a file; blank ones are left out.
///
/// Text is read in constant memory; of XLSX and XLSB the shared strings are
/// held; XLS and ODS are held whole, bounded by [`Limits`]. After a fatal
/// [`RowError`] there is nothing more, after another the next row follows.
pub struct Rows {
    source: RowSource,
    data_row: u64,
    columns: Vec<ColumnReading>,
    decimal_mark: DecimalMark,
}

enum RowSource {
    Text(Box<TextRows<Source>>),
    Sheet(SheetRows),
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows")
            .field("data_row", &self.data_row)
            .field("columns", &self.columns.len())
            .finish_non_exhaustive()
    }
}

/// Opens a file for reading with the default [`Limits`].
///
/// # Errors
/// Every [`TabularError`] but [`TabularError::NoRows`].
pub fn open(path: &Path, options: &ReadOptions) -> Result<Rows, TabularError> {
    open_with(path, options, &Limits::default())
}

/// Opens a file for reading.
///
/// # Errors
/// Every [`TabularError`] but [`TabularError::NoRows`].
pub fn open_with(path: &Path, options: &ReadOptions, limits: &Limits) -> Result<Rows, TabularError> {
    // The options come back from outside: what the file is decides its content.
    let format = format::recognise(path, limits)?;
    if format.is_workbook() != options.format.is_workbook() {
        return Err(TabularError::UnknownFormat { found: None });
    }
    let source = if format == Format::Text {
        let input = source::open(path, options.encoding)?;
        let records = Records::new(input, options.delimiter, options.quote, limits.record_bytes);
        RowSource::Text(Box::new(TextRows::new(records, *limits)))
    } else {
        let sheet = options.sheet.clone().unwrap_or_default();
        RowSource::Sheet(SheetRows::start(path.to_owned(), format, sheet, *limits)?)
    };
    Ok(Rows {
        source,
        data_row: options.data_row,
        columns: options.columns.clone(),
        decimal_mark: options.decimal_mark,
    })
}

impl Iterator for Rows {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let item = match &mut self.source {
                RowSource::Text(rows) => rows.next(),
                RowSource::Sheet(rows) => rows.next(),
            };
            match item? {
                Ok(row) if row.line < self.data_row => (),
                Ok(row) => return Some(Ok(self.finish(row))),
                Err(error) if error.line < self.data_row && !error.is_fatal() => (),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Rows {
    /// Brings a row to the width of the file.
    fn finish(&self, row: RawRow) -> Row {
        let width = self.columns.len();
        let extent = row.extent();
        let mut issues = row.issues;
        if extent > width {
            let kind = IssueKind::ExtraCells;
            issues.push(RowIssue { column: width, kind });
        }
        let mut cells: Vec<String> = row
            .cells
            .into_iter()
            .take(extent.max(width))
            .enumerate()
            .map(|(index, cell)| {
                let reading = self.columns.get(index);
                render(cell, reading.map_or(self.decimal_mark, |r| r.decimal_mark))
            })
            .collect();
        if cells.len() < width {
            cells.resize(width, String::new());
        }
        Row { line: row.line, cells, issues }
    }
}

/// The text of a cell; stored numbers get the decimal mark of their column.
pub(super) fn render(cell: RawCell, mark: DecimalMark) -> String {
    match (cell, mark) {
        (RawCell::Empty, _) => String::new(),
        (RawCell::Number(number), DecimalMark::Comma) => number.replace('.', ","),
        (RawCell::Text(text) | RawCell::Number(text) | RawCell::Native(text), _) => text,
    }
}
