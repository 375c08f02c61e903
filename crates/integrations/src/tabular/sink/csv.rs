//! CSV as Excel expects it.
//!
//! The fields are quoted here rather than by a library, since what needs quotes
//! is more than the format asks for: any delimiter that some reader may guess.

use std::io::Write;

use chrono_tz::Tz;

use super::formula;
use super::plain::decimal;
use super::{Cell, CellKind, Column, Sink, SinkError, Written, check_width};

/// How values are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CsvStyle {
    /// `;` between fields, `1234,56`, `31/12/2026`, `Sim`/`Não`: what Excel in
    /// Brazil opens with a double click.
    #[default]
    Brazil,
    /// `,` between fields, `1234.56`, `2026-12-31`, `true`/`false`.
    International,
}

/// Writes CSV in UTF-8 with a byte-order mark and CRLF.
///
/// Money is written without its symbol. Text that a spreadsheet would run as a
/// formula gets an apostrophe in front, which reading takes away again.
#[derive(Debug)]
pub struct CsvSink<W> {
    output: W,
    style: CsvStyle,
    zone: Tz,
    kinds: Option<Vec<CellKind>>,
    line: Vec<u8>,
    rows: u64,
}

impl<W: Write + Send> CsvSink<W> {
    /// Writes to `output`, which should be buffered; moments are shown in `zone`.
    pub const fn new(output: W, style: CsvStyle, zone: Tz) -> Self {
        Self { output, style, zone, kinds: None, line: Vec::new(), rows: 0 }
    }

    const fn delimiter(&self) -> u8 {
        match self.style {
            CsvStyle::Brazil => b';',
            CsvStyle::International => b',',
        }
    }

    fn put(&mut self, first: bool, text: &str, only: bool) {
        if !first {
            let delimiter = self.delimiter();
            self.line.push(delimiter);
        }
        // A lone column is always quoted: an empty line would be no row, and a
        // decimal comma would pass for a delimiter.
        if !only && !needs_quotes(text) {
            self.line.extend_from_slice(text.as_bytes());
            return;
        }
        self.line.push(b'"');
        for byte in text.bytes() {
            if byte == b'"' {
                self.line.push(b'"');
            }
            self.line.push(byte);
        }
        self.line.push(b'"');
    }

    fn end_line(&mut self) -> Result<(), SinkError> {
        self.line.extend_from_slice(b"\r\n");
        self.output.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }

    fn text_of(&self, cell: &Cell, kind: CellKind) -> String {
        let brazil = self.style == CsvStyle::Brazil;
        let mark = if brazil { ',' } else { '.' };
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => marked(text, kind),
            Cell::Integer(number) => number.to_string(),
            Cell::Money(cents) => decimal(*cents, 2, mark),
            Cell::Decimal { unscaled, scale } => decimal(*unscaled, *scale, mark),
            Cell::Date(date) if brazil => date.format("%d/%m/%Y").to_string(),
            Cell::Date(date) => date.format("%Y-%m-%d").to_string(),
            Cell::Instant(moment) => {
                let local = moment.with_timezone(&self.zone);
                let format = if brazil { "%d/%m/%Y %H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S%:z" };
                local.format(format).to_string()
            }
            Cell::Bool(truth) => match (truth, brazil) {
                (true, true) => "Sim",
                (false, true) => "Não",
                (true, false) => "true",
                (false, false) => "false",
            }
            .to_owned(),
        }
    }
}

/// Text that cannot be taken for a formula.
fn marked(text: &str, kind: CellKind) -> String {
    let phone = kind == CellKind::Phone && formula::is_plain_phone(text);
    if formula::needs_mark(text) && !phone { format!("'{text}") } else { text.to_owned() }
}

/// Quoted whenever some program might part or trim the text, whichever
/// delimiter it expects.
fn needs_quotes(text: &str) -> bool {
    // A byte-order mark at the very beginning would be taken away.
    let special = |c: char| matches!(c, ';' | ',' | '|' | '\t' | '"' | '\r' | '\n' | '\u{feff}');
    text.contains(special) || text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace)
}

impl<W: Write + Send> Sink for CsvSink<W> {
    fn header(&mut self, columns: &[Column]) -> Result<(), SinkError> {
        if self.kinds.is_some() {
            return Err(SinkError::Order);
        }
        self.kinds = Some(columns.iter().map(|column| column.kind).collect());
        self.line.extend_from_slice("\u{feff}".as_bytes());
        for (at, column) in columns.iter().enumerate() {
            let title = marked(&column.title, CellKind::Text);
            self.put(at == 0, &title, columns.len() == 1);
        }
        self.end_line()
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), SinkError> {
        let kinds = self.kinds.take();
        let checked = check_width(kinds.as_ref().map(Vec::len), cells);
        let pairs = cells.iter().zip(kinds.iter().flatten());
        if checked.is_ok() {
            for (at, (cell, kind)) in pairs.enumerate() {
                let text = self.text_of(cell, *kind);
                self.put(at == 0, &text, cells.len() == 1);
            }
        }
        self.kinds = kinds;
        checked?;
        self.rows += 1;
        self.end_line()
    }

    fn finish(mut self: Box<Self>) -> Result<Written, SinkError> {
        self.output.flush()?;
        Ok(Written { rows: self.rows, cut_cells: 0 })
    }
}
