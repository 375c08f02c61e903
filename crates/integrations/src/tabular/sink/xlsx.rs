//! XLSX with typed cells, in constant memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatBorder, IgnoreError, Workbook, Worksheet};

use super::plain::decimal;
use super::{Cell, CellKind, Column, Sink, SinkError, Written, check_width};

/// Rows of one sheet, header included.
const MAX_ROWS: u32 = 1_048_576;
/// UTF-16 units that a cell holds.
const MAX_TEXT: usize = 32_767;
/// Excel keeps 15 digits; longer whole numbers are written as text.
const MAX_EXACT: u64 = 999_999_999_999_999;

/// What surrounds the rows.
#[derive(Debug, Clone)]
pub struct XlsxOptions {
    /// Name of the data sheet; further ones are numbered "Dados 2", "Dados 3".
    pub sheet: String,
    /// Name of the sheet that tells how the export was made.
    pub filters_sheet: String,
    /// Its lines: what was filtered, sorted, by whom and when.
    pub filters: Vec<(String, String)>,
    /// The zone in which moments are shown.
    pub zone: Tz,
    /// Where rows wait before they are zipped; `None` for the system's folder.
    pub temp_folder: Option<PathBuf>,
    /// Rows of one sheet, header included; only tests want fewer than Excel.
    pub rows_per_sheet: u32,
}

impl Default for XlsxOptions {
    fn default() -> Self {
        Self {
            sheet: "Dados".to_owned(),
            filters_sheet: "Filtros".to_owned(),
            filters: Vec::new(),
            zone: Tz::America__Sao_Paulo,
            temp_folder: None,
            rows_per_sheet: MAX_ROWS,
        }
    }
}

/// Writes a workbook: typed cells, a bold frozen header with filter buttons,
/// and a second sheet with the filters of the export.
pub struct XlsxSink {
    workbook: Workbook,
    output: BufWriter<File>,
    options: XlsxOptions,
    columns: Option<Vec<Column>>,
    formats: Vec<Format>,
    /// Position of the sheet being written.
    sheet: usize,
    data_sheets: usize,
    /// Next row of that sheet.
    next: u32,
    written: Written,
}

impl std::fmt::Debug for XlsxSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxSink")
            .field("options", &self.options)
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

impl XlsxSink {
    /// Creates the file at `path`.
    ///
    /// # Errors
    /// [`SinkError::Io`] when the file or the temporary folder cannot be used.
    pub fn create(path: &Path, options: XlsxOptions) -> Result<Self, SinkError> {
        let output = BufWriter::new(File::create(path)?);
        let mut workbook = Workbook::new();
        if let Some(folder) = &options.temp_folder {
            workbook.set_tempdir(folder)?;
        }
        Ok(Self {
            workbook,
            output,
            options,
            columns: None,
            formats: Vec::new(),
            sheet: 0,
            data_sheets: 0,
            next: 0,
            written: Written::default(),
        })
    }

    fn begin_sheet(&mut self) -> Result<(), SinkError> {
        self.end_sheet()?;
        self.data_sheets += 1;
        let name = match self.data_sheets {
            1 => self.options.sheet.clone(),
            number => format!("{} {number}", self.options.sheet),
        };
        // The filters stand second, whatever comes after them.
        self.sheet = if self.data_sheets == 1 { 0 } else { self.data_sheets };
        let heading = Format::new()
            .set_bold()
            .set_background_color(Color::RGB(0x00E8_EDF3))
            .set_border_bottom(FormatBorder::Thin);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, at) in self.columns.iter().flatten().zip(0_u16..) {
            sheet.set_column_width(at, column.characters())?;
            let title = fitting(&column.title).0;
            sheet.write_string_with_format(0, at, title, &heading)?;
        }
        self.next = 1;
        if self.data_sheets == 1 {
            self.write_filters()?;
        }
        Ok(())
    }

    /// Gives the sheet being written its filter buttons.
    fn end_sheet(&mut self) -> Result<(), SinkError> {
        let width = self.columns.as_ref().map_or(0, Vec::len);
        let last = u16::try_from(width).ok().and_then(|w| w.checked_sub(1));
        if let (Some(last), true) = (last, self.data_sheets > 0) {
            let bottom = self.next.saturating_sub(1);
            let sheet = self.workbook.worksheet_from_index(self.sheet)?;
            sheet.autofilter(0, 0, bottom, last)?;
            // Documents and phones are text on purpose.
            sheet.ignore_error_range(0, 0, bottom, last, IgnoreError::NumberStoredAsText)?;
        }
        Ok(())
    }

    fn write_filters(&mut self) -> Result<(), SinkError> {
        let bold = Format::new().set_bold();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(&self.options.filters_sheet)?;
        sheet.set_column_width(0, 28)?;
        sheet.set_column_width(1, 60)?;
        for ((key, value), row) in self.options.filters.iter().zip(0_u32..) {
            sheet.write_string_with_format(row, 0, fitting(key).0, &bold)?;
            sheet.write_string(row, 1, fitting(value).0)?;
        }
        Ok(())
    }

    fn write_row(&mut self, cells: &[Cell]) -> Result<(), SinkError> {
        check_width(self.columns.as_ref().map(Vec::len), cells)?;
        if self.next >= self.options.rows_per_sheet.clamp(2, MAX_ROWS) {
            self.begin_sheet()?;
        }
        let zone = self.options.zone;
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        for ((cell, format), column) in cells.iter().zip(&self.formats).zip(0_u16..) {
            let place = Place { row: self.next, column, format, zone };
            self.written.cut_cells += u64::from(place.write(sheet, cell)?);
        }
        self.next += 1;
        self.written.rows += 1;
        Ok(())
    }
}

/// The number format of a column.
fn format_of(kind: CellKind) -> Format {
    let format = Format::new();
    match kind {
        CellKind::Text | CellKind::Phone => format.set_num_format("@"),
        CellKind::Integer => format.set_num_format("0"),
        CellKind::Money => format.set_num_format(r#""R$"\ #,##0.00;[Red]\-"R$"\ #,##0.00"#),
        CellKind::Decimal(0) => format.set_num_format("#,##0"),
        CellKind::Decimal(scale) => format.set_num_format(format!("#,##0.{}", "0".repeat(usize::from(scale)))),
        CellKind::Date => format.set_num_format("dd/mm/yyyy"),
        CellKind::Instant => format.set_num_format("dd/mm/yyyy hh:mm:ss"),
        CellKind::Bool => format,
    }
}

/// Where a cell goes and how it looks.
struct Place<'a> {
    row: u32,
    column: u16,
    format: &'a Format,
    zone: Tz,
}

impl Place<'_> {
    /// Writes one cell; true when its text had to be cut.
    fn write(&self, sheet: &mut Worksheet, cell: &Cell) -> Result<bool, SinkError> {
        match cell {
            Cell::Empty => (),
            Cell::Text(text) => {
                let (text, cut) = fitting(text);
                self.text(sheet, text)?;
                return Ok(cut);
            }
            Cell::Integer(number) => self.number(sheet, *number, 0)?,
            Cell::Money(cents) => self.number(sheet, *cents, 2)?,
            Cell::Decimal { unscaled, scale } => self.number(sheet, *unscaled, *scale)?,
            Cell::Date(date) => self.moment(sheet, (*date).into())?,
            Cell::Instant(moment) => {
                self.moment(sheet, moment.with_timezone(&self.zone).naive_local())?;
            }
            Cell::Bool(truth) => {
                sheet.write_boolean(self.row, self.column, *truth)?;
            }
        }
        Ok(false)
    }

    fn text(&self, sheet: &mut Worksheet, text: &str) -> Result<(), SinkError> {
        // A string cell is never run, whatever it begins with.
        sheet.write_string_with_format(self.row, self.column, text, self.format)?;
        Ok(())
    }

    /// The file format knows only floating point. Up to 15 digits come back
    /// exactly; a longer number is written as text rather than changed.
    fn number(&self, sheet: &mut Worksheet, unscaled: i64, scale: u8) -> Result<(), SinkError> {
        let exact = decimal(unscaled, scale, '.');
        match exact.parse::<f64>() {
            Ok(number) if unscaled.unsigned_abs() <= MAX_EXACT => {
                sheet.write_number_with_format(self.row, self.column, number, self.format)?;
                Ok(())
            }
            _ => self.text(sheet, &decimal(unscaled, scale, ',')),
        }
    }

    /// Excel knows the years 1900 to 9999; other days are written as text.
    fn moment(&self, sheet: &mut Worksheet, moment: NaiveDateTime) -> Result<(), SinkError> {
        match excel_moment(moment) {
            Some(excel) => {
                sheet.write_datetime_with_format(self.row, self.column, &excel, self.format)?;
                Ok(())
            }
            None => self.text(sheet, &moment.date().format("%d/%m/%Y").to_string()),
        }
    }
}

fn excel_moment(moment: NaiveDateTime) -> Option<ExcelDateTime> {
    // Before this day Excel counts one day too many: its 1900 is a leap year.
    if moment.date() < NaiveDate::from_ymd_opt(1900, 3, 1)? {
        return None;
    }
    let (month, day) = (u8::try_from(moment.month()).ok()?, u8::try_from(moment.day()).ok()?);
    let date = ExcelDateTime::from_ymd(u16::try_from(moment.year()).ok()?, month, day).ok()?;
    let (hour, minute) = (u16::try_from(moment.hour()).ok()?, u8::try_from(moment.minute()).ok()?);
    let second = u16::try_from(moment.second()).ok()?;
    date.and_hms(hour, minute, second).ok()
}

/// The text, cut when a cell cannot hold it, and whether it was.
fn fitting(text: &str) -> (&str, bool) {
    if text.len() <= MAX_TEXT {
        return (text, false);
    }
    let mut units = 0;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            units += c.len_utf16();
            units > MAX_TEXT
        })
        .map(|(at, _)| at);
    match end.and_then(|at| text.get(..at)) {
        Some(cut) => (cut, true),
        None => (text, false),
    }
}

/// The writer panics when its temporary file cannot be written.
fn contained<T>(write: impl FnOnce() -> Result<T, SinkError>) -> Result<T, SinkError> {
    catch_unwind(AssertUnwindSafe(write))
        .unwrap_or_else(|_| Err(SinkError::Workbook("the temporary file could not be written".to_owned())))
}

impl Sink for XlsxSink {
    fn header(&mut self, columns: &[Column]) -> Result<(), SinkError> {
        if self.columns.is_some() {
            return Err(SinkError::Order);
        }
        self.formats = columns.iter().map(|column| format_of(column.kind)).collect();
        self.columns = Some(columns.to_vec());
        contained(|| self.begin_sheet())
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), SinkError> {
        contained(|| self.write_row(cells))
    }

    fn finish(mut self: Box<Self>) -> Result<Written, SinkError> {
        if self.columns.is_none() {
            return Err(SinkError::Order);
        }
        contained(|| {
            self.end_sheet()?;
            self.workbook.save_to_writer(&mut self.output)?;
            self.output.flush()?;
            Ok(self.written)
        })
    }
}
