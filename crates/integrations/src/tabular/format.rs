//! Which kind of file this is, by its content.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::TabularError;
use super::guard::{ole, package};
use super::limits::Limits;
use super::options::Format;

const OLE_MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const ZIP_MAGIC: &[u8] = b"PK";

/// Tells the format and refuses what no parser should be handed: empty,
/// oversized, encrypted and foreign files.
pub(super) fn recognise(path: &Path, limits: &Limits) -> Result<Format, TabularError> {
    let size = std::fs::metadata(path)?.len();
    if size == 0 {
        return Err(TabularError::Empty);
    }
    let mut head = Vec::new();
    File::open(path)?.take(8 << 10).read_to_end(&mut head)?;
    let is_workbook = head.starts_with(OLE_MAGIC) || head.starts_with(ZIP_MAGIC);
    let limit = if is_workbook { limits.workbook_bytes } else { limits.text_bytes };
    if size > limit {
        let what = "file bytes";
        return Err(TabularError::TooLarge { what, limit });
    }
    if head.starts_with(OLE_MAGIC) {
        ole::recognise(path)
    } else if head.starts_with(ZIP_MAGIC) {
        package::recognise(path)
    } else {
        text_or_foreign(&head)
    }
}

fn text_or_foreign(head: &[u8]) -> Result<Format, TabularError> {
    let marked = matches!(head, [0xEF, 0xBB, 0xBF, ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    if !marked && let Some(found) = foreign(head) {
        return Err(TabularError::UnknownFormat { found: Some(found) });
    }
    let visible = head.iter().any(|byte| !byte.is_ascii_whitespace() && *byte != 0);
    if marked && head.len() <= 3 || !visible {
        return Err(TabularError::Empty);
    }
    if !marked && is_binary(head) {
        return Err(TabularError::UnknownFormat { found: None });
    }
    Ok(Format::Text)
}

/// What the first bytes give away that is no table.
fn foreign(head: &[u8]) -> Option<&'static str> {
    // Excel 2 to 4: a bare stream without a container.
    if let [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..] = head {
        return Some("xls of Excel 4 or older");
    }
    let start = head.trim_ascii_start();
    let start = start.get(..512.min(start.len())).unwrap_or(start).to_ascii_lowercase();
    let has = |needle: &[u8]| start.windows(needle.len()).any(|window| window == needle);
    if start.starts_with(b"<") {
        // Many systems save a web page and call it a spreadsheet.
        let spreadsheet_xml = has(b"office:spreadsheet") || has(b"excel.sheet");
        let html = has(b"<html") || has(b"<!doctype html") || has(b"<table");
        return match (spreadsheet_xml, html) {
            (_, true) => Some("html"),
            (true, _) => Some("xml spreadsheet 2003"),
            _ if start.starts_with(b"<?xml") => Some("xml"),
            _ => None,
        };
    }
    if start.starts_with(b"{\\rtf") {
        return Some("rtf");
    }
    infer::get(head).map(|kind| kind.extension())
}

/// Zero bytes stand in UTF-16 in nearly every second place, elsewhere they
/// mean that this is no text; other control characters hardly ever occur.
fn is_binary(head: &[u8]) -> bool {
    let count = |test: fn(&u8) -> bool| head.iter().filter(|byte| test(byte)).count();
    let zeros = count(|byte| *byte == 0);
    let controls = count(|byte| *byte < 32 && !matches!(*byte, 0 | b'\t' | b'\n' | b'\r' | 12 | 26));
    let utf16 = zeros * 10 >= head.len() * 3;
    controls * 50 > head.len() || (zeros > 0 && !utf16)
}
