//! JSON lines, for programs.

use std::io::Write;

use chrono::SecondsFormat;
use serde_json::{Map, Value};

use super::plain::decimal;
use super::{Cell, Column, Sink, SinkError, Written, check_width};

/// Writes one JSON object a line, keyed by the column names.
///
/// Nothing is rounded: money is a whole number of cents, decimals are strings
/// (`"12.50"`), days `"2026-12-31"`, moments RFC 3339 in UTC, absence `null`.
#[derive(Debug)]
pub struct JsonLinesSink<W> {
    output: W,
    names: Option<Vec<String>>,
    rows: u64,
}

impl<W: Write + Send> JsonLinesSink<W> {
    /// Writes to `output`, which should be buffered.
    pub const fn new(output: W) -> Self {
        Self { output, names: None, rows: 0 }
    }
}

fn value_of(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Integer(number) | Cell::Money(number) => Value::from(*number),
        Cell::Decimal { unscaled, scale } => Value::from(decimal(*unscaled, *scale, '.')),
        Cell::Date(date) => Value::from(date.format("%Y-%m-%d").to_string()),
        Cell::Instant(moment) => Value::from(moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        Cell::Bool(truth) => Value::from(*truth),
    }
}

impl<W: Write + Send> Sink for JsonLinesSink<W> {
    fn header(&mut self, columns: &[Column]) -> Result<(), SinkError> {
        if self.names.is_some() {
            return Err(SinkError::Order);
        }
        self.names = Some(columns.iter().map(|column| column.name.clone()).collect());
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), SinkError> {
        check_width(self.names.as_ref().map(Vec::len), cells)?;
        let names = self.names.iter().flatten();
        let object: Map<String, Value> = names.zip(cells).map(|(name, cell)| (name.clone(), value_of(cell))).collect();
        let mut line = Value::Object(object).to_string();
        line.push('\n');
        self.output.write_all(line.as_bytes())?;
        self.rows += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Written, SinkError> {
        self.output.flush()?;
        Ok(Written { rows: self.rows, cut_cells: 0 })
    }
}
