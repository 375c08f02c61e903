//! The extent of an ODS, whose repeated cells are written once.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::too_many_cells;
use crate::tabular::error::TabularError;
use crate::tabular::limits::Limits;

/// The sheet sizes beyond which the parser itself stops repeating.
const MAX_ROWS: u64 = 1_048_576;
const MAX_COLUMNS: u64 = 16_384;
/// As much of the manifest as is looked at.
const MANIFEST_BYTES: u64 = 1 << 20;

/// Counts the cells that the sheets take once every repetition is written out,
/// and refuses what is encrypted or no well-formed XML.
pub(crate) fn check(path: &Path, limits: &Limits) -> Result<(), TabularError> {
    let file = BufReader::new(File::open(path)?);
    let mut archive = ZipArchive::new(file).map_err(TabularError::damaged)?;
    if let Ok(part) = archive.by_name("META-INF/manifest.xml") {
        let mut manifest = Vec::new();
        // What cannot be read is for the parser to complain about.
        let _ = part.take(MANIFEST_BYTES).read_to_end(&mut manifest);
        let key = b"encryption-data";
        if manifest.windows(key.len()).any(|window| window == key) {
            return Err(TabularError::Password);
        }
    }
    let part = archive.by_name("content.xml").map_err(TabularError::damaged)?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut extent = Extent::default();
    let mut depth = 0_usize;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        // The parser waits for the end of what was begun, for ever if need be.
        let event = reader.read_event_into(&mut buffer).map_err(TabularError::damaged)?;
        match event {
            Event::Start(tag) => {
                depth += 1;
                extent.begin(&tag);
            }
            Event::Empty(tag) => {
                extent.begin(&tag);
                extent.end(tag.name().as_ref());
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                extent.end(tag.name().as_ref());
            }
            Event::Eof if depth > 0 => return Err(TabularError::damaged("it ends too early")),
            Event::Eof => return Ok(()),
            _ => (),
        }
        if extent.total() > limits.resident_cells {
            return Err(too_many_cells(limits));
        }
    }
}

/// How far the cells with a value reach, over all sheets so far.
#[derive(Debug, Default)]
struct Extent {
    finished: u64,
    rows: u64,
    rows_with_values: u64,
    row_repeat: u64,
    width: u64,
    column: u64,
    last_value: u64,
    /// Cells as the parser holds them before it writes out repeated rows.
    held: u64,
}

impl Extent {
    fn begin(&mut self, tag: &BytesStart<'_>) {
        match tag.name().as_ref() {
            "table:table" => {
                let finished = self.total();
                *self = Self { finished, ..Self::default() };
            }
            "table:table-row" => {
                self.row_repeat = repeat(tag, "table:number-rows-repeated").min(MAX_ROWS);
                (self.column, self.last_value) = (0, 0);
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let repeated = repeat(tag, "table:number-columns-repeated");
                self.column = self.column.saturating_add(repeated).min(MAX_COLUMNS);
                if has_value(tag) {
                    self.last_value = self.column;
                }
            }
            _ => (),
        }
    }

    fn end(&mut self, name: &str) {
        if name != "table:table-row" {
            return;
        }
        self.rows = self.rows.saturating_add(self.row_repeat).min(MAX_ROWS);
        if self.last_value > 0 {
            self.rows_with_values = self.rows;
            self.width = self.width.max(self.last_value);
            self.held = self.held.saturating_add(self.last_value);
        }
    }

    fn total(&self) -> u64 {
        let area = self.rows_with_values.saturating_mul(self.width);
        self.finished.saturating_add(area.max(self.held))
    }
}

/// Whether the cell has a value or a formula: nothing else is repeated in
/// memory. Any attribute that may carry one counts.
fn has_value(tag: &BytesStart<'_>) -> bool {
    tag.attributes().flatten().any(|attribute| {
        let key = attribute.key;
        let key: &str = key.as_ref();
        key.starts_with("office:") || key.starts_with("calcext:") || key == "table:formula"
    })
}

fn repeat(tag: &BytesStart<'_>, name: &str) -> u64 {
    tag.attributes()
        .flatten()
        .find(|attribute| {
            let key: &str = attribute.key.as_ref();
            key == name
        })
        .and_then(|attribute| attribute.value.parse().ok())
        .unwrap_or(1)
}
