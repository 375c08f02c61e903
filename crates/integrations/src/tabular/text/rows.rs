//! Records turned into rows.

use std::io::Read;

use super::records::{Record, Records};
use crate::tabular::error::RowError;
use crate::tabular::limits::Limits;
use crate::tabular::row::{IssueKind, RawCell, RawRow, RowIssue};
use crate::tabular::sink::formula;

/// The rows of a text file; blank ones are left out.
pub(crate) struct TextRows<R> {
    records: Records<R>,
    limits: Limits,
}

impl<R: Read> TextRows<R> {
    pub(crate) fn new(records: Records<R>, limits: Limits) -> Self {
        Self { records, limits }
    }
}

impl<R: Read> Iterator for TextRows<R> {
    type Item = Result<RawRow, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let record = match self.records.next()? {
                Ok(record) => record,
                Err(error) => return Some(Err(error)),
            };
            let row = to_row(&record, &self.limits);
            let is_announcement = row.line == 1 && is_separator_line(&record);
            if !is_announcement && !row.is_blank() {
                return Some(Ok(row));
            }
        }
    }
}

/// Excel's private first line `sep=;`, which is not data.
///
/// Split at that very separator it is two fields, `sep=` and nothing.
fn is_separator_line(record: &Record<'_>) -> bool {
    let mut fields = record.fields();
    let Some(first) = fields.next() else {
        return false;
    };
    let first = first.to_ascii_lowercase();
    match record.len() {
        1 => matches!(first.as_slice(), [b's', b'e', b'p', b'=', _]),
        2 => first == b"sep=" && fields.next().is_some_and(<[u8]>::is_empty),
        _ => false,
    }
}

fn to_row(record: &Record<'_>, limits: &Limits) -> RawRow {
    let mut issues = Vec::new();
    let mut cells = Vec::with_capacity(record.len().min(limits.columns));
    for (column, field) in record.fields().enumerate() {
        if column >= limits.columns {
            if !field.trim_ascii().is_empty() {
                let kind = IssueKind::ExtraCells;
                issues.push(RowIssue { column, kind });
                break;
            }
            continue;
        }
        let (cell, issue) = to_cell(field, limits.cell_bytes);
        if let Some(kind) = issue {
            issues.push(RowIssue { column, kind });
        }
        cells.push(cell);
    }
    let line = record.line;
    RawRow { line, cells, issues }
}

fn to_cell(field: &[u8], limit: usize) -> (RawCell, Option<IssueKind>) {
    if field.is_empty() {
        return (RawCell::Empty, None);
    }
    let cut = field.get(..limit).unwrap_or(field);
    // Cutting may split a character: only what is whole is kept.
    let kept = if cut.len() < field.len() { whole_characters(cut) } else { cut };
    if let Ok(text) = std::str::from_utf8(kept) {
        let issue = (cut.len() < field.len()).then_some(IssueKind::Truncated);
        (RawCell::Text(formula::release(text).to_owned()), issue)
    } else {
        let text = String::from_utf8_lossy(kept).into_owned();
        (RawCell::Text(text), Some(IssueKind::InvalidCharacters))
    }
}

fn whole_characters(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or(bytes),
        _ => bytes,
    }
}
