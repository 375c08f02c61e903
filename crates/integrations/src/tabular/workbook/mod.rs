//! Workbooks of every kind as one stream of rows.

mod book;
mod errors;
mod rows;
pub(super) mod stream;
mod value;

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::error::{RowError, TabularError};
use super::guard;
use super::limits::Limits;
use super::options::Format;
use super::row::RawRow;
use super::shape::{RowCount, SheetShape};
use book::Book;

/// What one look into a workbook shows.
#[derive(Debug)]
pub(super) struct Glance {
    pub sheets: Vec<SheetShape>,
    /// The sheet that was read.
    pub sheet: String,
    /// Its first rows.
    pub rows: Vec<RawRow>,
    /// Rows of the sample that could not be read.
    pub damaged: u64,
    /// Rows of the sheet, header and titles included.
    pub count: RowCount,
}

/// Reads the sheet names and the first rows of `sheet`, or of the first
/// visible sheet that has more than one row (or else is not empty).
pub(super) fn glance(
    path: &Path,
    format: Format,
    sheet: Option<&str>,
    limits: &Limits,
) -> Result<Glance, TabularError> {
    guard::check(path, format, limits)?;
    contained(|| {
        let mut book = Book::open(path, format)?;
        let sheets = book.sheets();
        let candidates = candidates(&sheets, sheet)?;
        let mut best: Option<(String, Vec<RawRow>, u64)> = None;
        for name in candidates {
            let (rows, damaged) = sample(&mut book, &name, limits)?;
            // A sheet with one row is a cover or has a header at most; another
            // may have the data.
            let is_table = rows.len() > 1 || damaged > 0;
            if is_table || best.as_ref().is_none_or(|(_, best, _)| best.is_empty()) {
                best = Some((name, rows, damaged));
            }
            if is_table {
                break;
            }
        }
        let (sheet, rows, damaged) = best.ok_or(TabularError::NoRows)?;
        let ended = rows.len() < limits.sample_rows;
        let count =
            if ended { RowCount::Exact(u64::try_from(rows.len()).unwrap_or(u64::MAX)) } else { book.row_count(&sheet) };
        Ok(Glance { sheets, sheet, rows, damaged, count })
    })
}

/// Calls `visit` with every row of a sheet that is not blank, until it breaks.
pub(super) fn each_row(
    path: &Path,
    format: Format,
    sheet: &str,
    limits: &Limits,
    visit: &mut dyn FnMut(Result<RawRow, RowError>) -> ControlFlow<()>,
) -> Result<(), TabularError> {
    guard::check(path, format, limits)?;
    contained(|| Book::open(path, format)?.each_row(sheet, limits, visit))
}

/// A panic of a third-party parser is a damaged file to us.
fn contained<T>(read: impl FnOnce() -> Result<T, TabularError>) -> Result<T, TabularError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(TabularError::damaged("the parser gave up")))
}

/// The sheets to try, the best first.
fn candidates(sheets: &[SheetShape], chosen: Option<&str>) -> Result<Vec<String>, TabularError> {
    let names = |hidden| {
        let of = sheets.iter().filter(move |sheet| sheet.hidden == hidden);
        of.map(|sheet| sheet.name.clone())
    };
    match chosen {
        None => Ok(names(false).chain(names(true)).collect()),
        Some(name) if sheets.iter().any(|sheet| sheet.name == name) => Ok(vec![name.to_owned()]),
        Some(name) => Err(TabularError::SheetNotFound { name: name.to_owned() }),
    }
}

fn sample(book: &mut Book, sheet: &str, limits: &Limits) -> Result<(Vec<RawRow>, u64), TabularError> {
    let mut rows = Vec::new();
    let mut damaged = 0;
    book.each_row(sheet, limits, &mut |row| {
        match row {
            Ok(row) => rows.push(row),
            Err(_) => damaged += 1,
        }
        if rows.len() < limits.sample_rows { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok((rows, damaged))
}
