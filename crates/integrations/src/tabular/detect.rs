//! From a file to its [`Shape`].

use std::path::Path;

use super::error::TabularError;
use super::format;
use super::guess::column::{Fixed, Guess};
use super::guess::{column, fingerprint, header, words};
use super::limits::Limits;
use super::look::{self, Look};
use super::options::{ColumnReading, DateOrder, DecimalMark, Format, HeaderChoice, Overrides, ReadOptions};
use super::read::render;
use super::row::{IssueKind, RawCell, RawRow};
use super::shape::{ColumnShape, ContentKind, RowCount, Shape, Warning};

/// What is shown of a sample value.
const SAMPLE_CHARS: usize = 120;
/// How many sample values are shown.
const SAMPLES: usize = 5;

/// Looks at a file and proposes how to read it, with the default [`Limits`]
/// and nothing fixed.
///
/// # Errors
/// Every [`TabularError`]; a header without data is [`TabularError::NoRows`].
pub fn detect(path: &Path, original_name: &str) -> Result<Shape, TabularError> {
    detect_with(path, original_name, &Overrides::default(), &Limits::default())
}

/// Like [`detect`], leaving alone what the person fixed: a changed delimiter
/// or sheet is followed by a new guess of everything that depends on it.
///
/// `original_name` only serves to warn when it promises another format.
///
/// # Errors
/// Every [`TabularError`]; a header without data is [`TabularError::NoRows`].
pub fn detect_with(
    path: &Path,
    original_name: &str,
    overrides: &Overrides,
    limits: &Limits,
) -> Result<Shape, TabularError> {
    let format = format::recognise(path, limits)?;
    let look = look::into(path, format, overrides, limits)?;
    let mut shape = describe(look, overrides, limits)?;
    if promises_other(original_name, format) {
        let found = format;
        shape.warnings.insert(0, Warning::OtherThanNamed { found });
    }
    Ok(shape)
}

fn describe(look: Look, overrides: &Overrides, limits: &Limits) -> Result<Shape, TabularError> {
    if look.rows.is_empty() && look.damaged > 0 {
        return Err(TabularError::damaged("no row can be read"));
    }
    let start = start(&look.rows, overrides.header).ok_or(TabularError::NoRows)?;
    let header = start.header.and_then(|at| look.rows.get(at));
    let data = look.rows.get(start.data..).unwrap_or_default();
    let first = data.first().ok_or(TabularError::NoRows)?;
    let width = width(header, data).min(limits.columns);
    let headers: Vec<String> = (0..width).map(|at| heading(header, at)).collect();
    let (guesses, reading) = judge(&headers, data, overrides);
    let columns: Vec<ColumnShape> = headers
        .into_iter()
        .zip(&guesses)
        .enumerate()
        .map(|(index, (header, guess))| ColumnShape {
            index,
            header,
            samples: samples(data, index, guess.reading),
            kind: guess.kind,
            reading: guess.reading,
        })
        .collect();
    let names = columns.iter().map(|column| column.header.as_str());
    Ok(Shape {
        fingerprint: fingerprint::of(look.format, names),
        warnings: warnings(&look, &guesses, limits),
        rows: data_rows(look.count, start.data, first.line),
        options: ReadOptions {
            format: look.format,
            encoding: look.encoding,
            delimiter: look.dialect.delimiter,
            quote: look.dialect.quote,
            sheet: look.sheet,
            header_row: header.map(|row| row.line),
            data_row: first.line,
            decimal_mark: reading.decimal_mark,
            date_order: reading.date_order,
            columns: guesses.iter().map(|guess| guess.reading).collect(),
        },
        line_ending: look.line_ending,
        sheets: look.sheets,
        columns,
    })
}

fn start(rows: &[RawRow], choice: Option<HeaderChoice>) -> Option<header::Start> {
    let found = header::find(rows);
    match choice {
        None => Some(found),
        Some(HeaderChoice::None) => Some(header::Start { header: None, data: found.header.unwrap_or(found.data) }),
        Some(HeaderChoice::Row(line)) => {
            let at = rows.iter().position(|row| row.line >= line)?;
            Some(header::Start { header: Some(at), data: at + 1 })
        }
    }
}

/// As wide as the header, and as nine of ten rows: a few rows that are wider
/// are broken, not evidence of more columns.
fn width(header: Option<&RawRow>, data: &[RawRow]) -> usize {
    let mut extents: Vec<usize> = data.iter().map(RawRow::extent).collect();
    extents.sort_unstable();
    let usual = extents.get(extents.len() * 9 / 10).copied().unwrap_or(0);
    header.map_or(0, RawRow::extent).max(usual)
}

fn heading(header: Option<&RawRow>, at: usize) -> String {
    let text = header.and_then(|row| row.cells.get(at)).map_or("", RawCell::as_str);
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.is_empty() { format!("Coluna {}", at + 1) } else { joined }
}

/// Judges every column, then again those that leave the mark or the order
/// open, by what the other columns of the file do.
fn judge(headers: &[String], data: &[RawRow], overrides: &Overrides) -> (Vec<Guess>, ColumnReading) {
    let fixed = Fixed { decimal_mark: overrides.decimal_mark, date_order: overrides.date_order };
    let with = |fallback| -> Vec<Guess> {
        let of = |(index, header): (usize, &String)| {
            let cells = data.iter().filter_map(|row| row.cells.get(index));
            column::guess(&words::normalise(header), cells, fixed, fallback)
        };
        headers.iter().enumerate().map(of).collect()
    };
    let brazilian = ColumnReading { decimal_mark: DecimalMark::Comma, date_order: DateOrder::Dmy };
    let guesses = with(brazilian);
    let reading = ColumnReading {
        decimal_mark: fixed.decimal_mark.unwrap_or_else(|| file_mark(&guesses, brazilian)),
        date_order: fixed.date_order.unwrap_or_else(|| file_order(&guesses, brazilian)),
    };
    if reading == brazilian { (guesses, reading) } else { (with(reading), reading) }
}

fn file_mark(guesses: &[Guess], otherwise: ColumnReading) -> DecimalMark {
    let votes = |mark| {
        let telling = |g: &&Guess| {
            let number = matches!(g.kind, ContentKind::Decimal { .. } | ContentKind::Integer);
            number && g.has_mark && g.reading.decimal_mark == mark
        };
        guesses.iter().filter(telling).count()
    };
    if votes(DecimalMark::Dot) > votes(DecimalMark::Comma) { DecimalMark::Dot } else { otherwise.decimal_mark }
}

fn file_order(guesses: &[Guess], otherwise: ColumnReading) -> DateOrder {
    let votes = |order| {
        let telling = |g: &&Guess| {
            let date = matches!(g.kind, ContentKind::Date { .. });
            date && g.has_order && g.reading.date_order == order
        };
        guesses.iter().filter(telling).count()
    };
    if votes(DateOrder::Mdy) > votes(DateOrder::Dmy) { DateOrder::Mdy } else { otherwise.date_order }
}

fn samples(data: &[RawRow], index: usize, reading: ColumnReading) -> Vec<String> {
    let mut samples: Vec<String> = Vec::new();
    let cells = data.iter().filter_map(|row| row.cells.get(index));
    for cell in cells.filter(|cell| !cell.is_blank()) {
        let text = render(cell.clone(), reading.decimal_mark);
        let text: String = text.trim().chars().take(SAMPLE_CHARS).collect();
        if !samples.contains(&text) {
            samples.push(text);
        }
        if samples.len() == SAMPLES {
            break;
        }
    }
    samples
}

fn data_rows(count: RowCount, skipped: usize, first_line: u64) -> RowCount {
    let skipped = u64::try_from(skipped).unwrap_or(u64::MAX);
    match count {
        // Counted among rows that are not blank, of which some are titles.
        RowCount::Exact(rows) => RowCount::Exact(rows.saturating_sub(skipped)),
        RowCount::Estimated(lines) => RowCount::Estimated(lines.saturating_sub(first_line.saturating_sub(1))),
        RowCount::Unknown => RowCount::Unknown,
    }
}

fn warnings(look: &Look, guesses: &[Guess], limits: &Limits) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if look.invalid > 0 {
        let count = look.invalid;
        warnings.push(Warning::InvalidCharacters { count });
    }
    if look.damaged > 0 {
        let count = look.damaged;
        warnings.push(Warning::DamagedRows { count });
    }
    let issues = look.rows.iter().flat_map(|row| &row.issues);
    if issues.into_iter().any(|i| i.kind == IssueKind::ExtraCells) {
        let limit = limits.columns;
        warnings.push(Warning::ColumnsLeftOut { limit });
    }
    let mixed = guesses.iter().enumerate().filter(|(_, g)| g.mixed_dates);
    warnings.extend(mixed.map(|(column, _)| Warning::MixedDates { column }));
    warnings
}

/// Whether the name ends like a format that the content is not.
fn promises_other(name: &str, found: Format) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else {
        return false;
    };
    let promised: &[Format] = match extension.to_ascii_lowercase().as_str() {
        "csv" | "tsv" | "txt" | "tab" => &[Format::Text],
        "xlsx" | "xlsm" => &[Format::Xlsx, Format::Xlsm],
        "xls" => &[Format::Xls],
        "xlsb" => &[Format::Xlsb],
        "ods" => &[Format::Ods],
        _ => return false,
    };
    !promised.contains(&found)
}
