//! A sample of a file, text or workbook, for detection to judge.

use std::io::Read;
use std::path::Path;

use super::error::TabularError;
use super::limits::Limits;
use super::options::{Delimiter, Encoding, Format, Overrides, Quote};
use super::row::RawRow;
use super::shape::{LineEnding, RowCount, SheetShape};
use super::text::dialect::{self, Sample};
use super::text::records::Records;
use super::text::rows::TextRows;
use super::text::{scan, source};
use super::workbook as sheets;

/// Takes a sample; what the person fixed is kept.
pub(super) fn into(path: &Path, format: Format, overrides: &Overrides, limits: &Limits) -> Result<Look, TabularError> {
    if format.is_workbook() { workbook(path, format, overrides, limits) } else { text(path, overrides, limits) }
}

/// A sample of rows and what is known about the file around them.
pub(super) struct Look {
    pub format: Format,
    pub encoding: Encoding,
    pub dialect: dialect::Dialect,
    pub sheet: Option<String>,
    pub sheets: Vec<SheetShape>,
    pub line_ending: LineEnding,
    pub rows: Vec<RawRow>,
    /// Rows or lines of everything, titles and header included.
    pub count: RowCount,
    pub invalid: u64,
    pub damaged: u64,
}

fn text(path: &Path, overrides: &Overrides, limits: &Limits) -> Result<Look, TabularError> {
    let scan = scan::scan(path, overrides.encoding)?;
    let (bytes, complete) = text_sample(path, scan.encoding, limits)?;
    let sample = Sample { bytes: &bytes, complete };
    let dialect = dialect::guess(sample, overrides.delimiter, overrides.quote);
    let records = Records::new(bytes.as_slice(), dialect.delimiter, dialect.quote, limits.record_bytes);
    let (mut rows, mut damaged) = (Vec::new(), 0);
    for item in TextRows::new(records, *limits) {
        match item {
            Ok(row) => rows.push(row),
            // A quote left open where the sample is cut says nothing.
            Err(_) if !complete => break,
            Err(_) => damaged += 1,
        }
        if rows.len() >= limits.sample_rows {
            break;
        }
    }
    let seen = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let count = if complete && rows.len() < limits.sample_rows {
        RowCount::Exact(seen)
    } else {
        RowCount::Estimated(scan.lines.total().max(seen))
    };
    Ok(Look {
        format: Format::Text,
        encoding: scan.encoding,
        dialect,
        sheet: None,
        sheets: Vec::new(),
        line_ending: scan.lines.ending(),
        rows,
        count,
        invalid: scan.invalid,
        damaged,
    })
}

/// The beginning of the text in UTF-8, whole lines only, and whether it is all.
fn text_sample(path: &Path, encoding: Encoding, limits: &Limits) -> Result<(Vec<u8>, bool), TabularError> {
    let most = u64::try_from(limits.sample_bytes).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    source::open(path, encoding)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    let complete = bytes.len() <= limits.sample_bytes;
    if !complete && let Some(last) = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
        bytes.truncate(last + 1);
    }
    Ok((bytes, complete))
}

fn workbook(path: &Path, format: Format, overrides: &Overrides, limits: &Limits) -> Result<Look, TabularError> {
    let glance = sheets::glance(path, format, overrides.sheet.as_deref(), limits)?;
    Ok(Look {
        format,
        encoding: Encoding::Utf8,
        dialect: dialect::Dialect { delimiter: Delimiter::Semicolon, quote: Quote::Double },
        sheet: Some(glance.sheet),
        sheets: glance.sheets,
        line_ending: LineEnding::None,
        rows: glance.rows,
        count: glance.count,
        invalid: 0,
        damaged: glance.damaged,
    })
}
