//! The four workbook parsers behind one face.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{
    Data, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsb, XlsbError, Xlsx, XlsxError, open_workbook,
};

use super::errors::{is_one_cell, ods_error, xls_error, xlsb_error, xlsx_error};
use super::rows::{Fault, RowBuilder, Visit};
use crate::tabular::error::TabularError;
use crate::tabular::limits::Limits;
use crate::tabular::options::Format;
use crate::tabular::shape::{RowCount, SheetShape};

type Input = BufReader<File>;

/// An open workbook.
pub(super) enum Book {
    Xlsx(Box<Xlsx<Input>>),
    Xlsb(Box<Xlsb<Input>>),
    Xls(Box<Xls<Input>>),
    Ods(Box<Ods<Input>>),
}

impl Book {
    /// Opens a workbook that the guard has let through. XLS and ODS are read
    /// into memory whole; XLSX and XLSB only their shared strings.
    pub(super) fn open(path: &Path, format: Format) -> Result<Self, TabularError> {
        Ok(match format {
            Format::Xlsx | Format::Xlsm => Self::Xlsx(Box::new(open_workbook(path).map_err(xlsx_error)?)),
            Format::Xlsb => Self::Xlsb(Box::new(open_workbook(path).map_err(xlsb_error)?)),
            Format::Xls => Self::Xls(Box::new(open_workbook(path).map_err(xls_error)?)),
            Format::Ods => Self::Ods(Box::new(open_workbook(path).map_err(ods_error)?)),
            Format::Text => return Err(TabularError::UnknownFormat { found: None }),
        })
    }

    /// The sheets that hold cells, in tab order.
    pub(super) fn sheets(&self) -> Vec<SheetShape> {
        let metadata = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        metadata
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| SheetShape { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible })
            .collect()
    }

    /// How many rows the sheet says it has, titles and header included.
    pub(super) fn row_count(&mut self, sheet: &str) -> RowCount {
        let rows = match self {
            Self::Xlsx(book) => {
                let dimensions = book.worksheet_cells_reader(sheet).map(|r| r.dimensions());
                dimensions.map(|d| d.end.0.saturating_sub(d.start.0).saturating_add(1)).ok()
            }
            Self::Xlsb(book) => {
                let dimensions = book.worksheet_cells_reader(sheet).map(|r| r.dimensions());
                dimensions.map(|d| d.end.0.saturating_sub(d.start.0).saturating_add(1)).ok()
            }
            Self::Xls(book) => range_rows(book.worksheet_range(sheet).ok()),
            Self::Ods(book) => range_rows(book.worksheet_range(sheet).ok()),
        };
        // Writers that stream leave the dimensions at one row.
        rows.filter(|rows| *rows > 1).map_or(RowCount::Unknown, |rows| RowCount::Estimated(rows.into()))
    }

    /// Calls `visit` with every row that is not blank, until it breaks.
    pub(super) fn each_row(&mut self, sheet: &str, limits: &Limits, visit: &mut Visit<'_>) -> Result<(), TabularError> {
        let mut rows = RowBuilder::new(limits, visit);
        match self {
            Self::Xlsx(book) => {
                let mut cells = match book.worksheet_cells_reader(sheet) {
                    Ok(cells) => cells,
                    // A chart sheet or an empty part: there is nothing to read.
                    Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
                    Err(error) => return Err(xlsx_error(error)),
                };
                rows.pull(|| match cells.next_cell() {
                    Ok(cell) => Ok(cell.map(|cell| (cell.get_position(), cell.get_value().clone()))),
                    Err(error) if is_one_cell(&error) => Err(Fault::Cell(error.to_string())),
                    Err(error) => Err(Fault::File(xlsx_error(error))),
                })
            }
            Self::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(xlsb_error)?;
                rows.pull(|| match cells.next_cell() {
                    Ok(cell) => Ok(cell.map(|cell| (cell.get_position(), cell.get_value().clone()))),
                    Err(XlsbError::CellError(code)) => Err(Fault::Cell(format!("error {code}"))),
                    Err(error) => Err(Fault::File(xlsb_error(error))),
                })
            }
            Self::Xls(book) => {
                rows.push_range(&book.worksheet_range(sheet).map_err(xls_error)?);
                Ok(())
            }
            Self::Ods(book) => {
                rows.push_range(&book.worksheet_range(sheet).map_err(ods_error)?);
                Ok(())
            }
        }
    }
}

fn range_rows(range: Option<Range<Data>>) -> Option<u32> {
    range.and_then(|range| u32::try_from(range.height()).ok())
}
