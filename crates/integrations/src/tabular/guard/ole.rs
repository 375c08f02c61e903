//! Compound files (XLS, and encrypted XLSX): which one it is, and its extent.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::too_many_cells;
use crate::tabular::error::TabularError;
use crate::tabular::limits::Limits;
use crate::tabular::options::Format;

type Container = cfb::CompoundFile<File>;

fn open(path: &Path) -> Result<Container, TabularError> {
    Container::open(File::open(path)?).map_err(TabularError::damaged)
}

/// Tells an XLS from the other things that come in compound files.
pub(crate) fn recognise(path: &Path) -> Result<Format, TabularError> {
    let container = open(path)?;
    if stream_name(&container).is_some() {
        return Ok(Format::Xls);
    }
    let has = |name: &str| find(&container, name).is_some();
    if has("EncryptedPackage") || has("EncryptionInfo") {
        return Err(TabularError::Password);
    }
    let found = if has("WordDocument") {
        Some("doc")
    } else if has("PowerPoint Document") {
        Some("ppt")
    } else {
        None
    };
    Err(TabularError::UnknownFormat { found })
}

fn find(container: &Container, name: &str) -> Option<String> {
    container
        .read_root_storage()
        .find(|entry| entry.name().eq_ignore_ascii_case(name))
        .map(|entry| entry.name().to_owned())
}

fn stream_name(container: &Container) -> Option<String> {
    find(container, "Workbook").or_else(|| find(container, "Book"))
}

/// Refuses encrypted workbooks and those whose cells span too wide an area.
pub(crate) fn check(path: &Path, limits: &Limits) -> Result<(), TabularError> {
    let mut container = open(path)?;
    let name = stream_name(&container).ok_or_else(|| TabularError::damaged("no workbook stream"))?;
    let mut stream = Vec::new();
    container
        .open_stream(format!("/{name}"))
        .and_then(|stream_reader| {
            // The stream cannot be longer than the file it is in.
            stream_reader.take(limits.workbook_bytes).read_to_end(&mut stream)
        })
        .map_err(TabularError::damaged)?;
    check_stream(&stream, limits)
}

/// The area that the cells of one sheet span.
#[derive(Debug, Clone, Copy, Default)]
struct Area {
    corners: Option<((u64, u64), (u64, u64))>,
}

impl Area {
    fn add(&mut self, row: u64, column: u64) {
        let ((top, left), (bottom, right)) = self.corners.unwrap_or(((row, column), (row, column)));
        self.corners = Some(((top.min(row), left.min(column)), (bottom.max(row), right.max(column))));
    }

    fn add_cells(&mut self, kind: u64, body: &[u8]) {
        let (Some(row), Some(column)) = (word(body, 0), word(body, 2)) else {
            return;
        };
        self.add(row, column);
        // MulRk says in its last two bytes where it ends.
        let last = body.len().checked_sub(2).and_then(|at| word(body, at));
        if let (0x00BD, Some(last)) = (kind, last) {
            self.add(row, last);
        }
    }

    fn cells(self) -> u64 {
        self.corners.map_or(0, |((top, left), (bottom, right))| (bottom - top + 1).saturating_mul(right - left + 1))
    }
}

/// Walks the sheets exactly as the parser does: from each place that the list
/// of sheets points at, which is anywhere an attacker likes.
fn check_stream(stream: &[u8], limits: &Limits) -> Result<(), TabularError> {
    let mut total = 0_u64;
    let mut budget = stream.len().saturating_mul(4);
    for place in sheet_places(stream)? {
        let sheet = stream.get(place..).unwrap_or_default();
        let (cells, walked) = check_sheet(sheet, limits)?;
        total = total.saturating_add(cells);
        // Sheets that overlap again and again are no workbook.
        budget = budget.checked_sub(walked).ok_or_else(|| TabularError::damaged("its sheets overlap"))?;
        if total > limits.resident_cells {
            return Err(too_many_cells(limits));
        }
    }
    Ok(())
}

/// Where the sheets begin, from the records before the first of them.
fn sheet_places(stream: &[u8]) -> Result<Vec<usize>, TabularError> {
    let mut places = Vec::new();
    let mut rest = stream;
    while let Some((kind, body, after)) = next_record(rest) {
        rest = after;
        match kind {
            // FilePass: everything after it is encrypted.
            0x002F => return Err(TabularError::Password),
            // BoundSheet
            0x0085 => {
                let place = long(body, 0).and_then(|at| usize::try_from(at).ok());
                places.extend(place);
            }
            // EOF
            0x000A => break,
            _ => (),
        }
    }
    Ok(places)
}

/// The area of one sheet in cells, and how many bytes it takes.
fn check_sheet(sheet: &[u8], limits: &Limits) -> Result<(u64, usize), TabularError> {
    let mut area = Area::default();
    // The sheet's own beginning counts one; charts inside it count more.
    let mut depth = 0_u32;
    let mut rest = sheet;
    while let Some((kind, body, after)) = next_record(rest) {
        rest = after;
        match kind {
            0x0809 => depth += 1,
            0x000A if depth > 1 => depth -= 1,
            0x000A => break,
            // Dimensions, for which memory is set aside.
            0x0200 if stated_cells(body).is_none_or(|cells| cells > 65_536 * 256) => {
                return Err(too_many_cells(limits));
            }
            // Cells: formula, multiple numbers, strings, numbers and the like.
            0x0006 | 0x00BD | 0x00D6 | 0x00FD | 0x0203 | 0x0204 | 0x0205 | 0x027E => {
                area.add_cells(kind, body);
            }
            _ => (),
        }
    }
    Ok((area.cells(), sheet.len() - rest.len()))
}

fn next_record(stream: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let kind = word(stream, 0)?;
    let length = usize::try_from(word(stream, 2)?).ok()?;
    let body = stream.get(4..)?;
    let (body, rest) = body.split_at_checked(length)?;
    Some((kind, body, rest))
}

/// How many cells a Dimensions record states; `None` when it contradicts itself.
fn stated_cells(body: &[u8]) -> Option<u64> {
    let (first_row, last_row, last_column) = if body.len() == 10 {
        (word(body, 0)?, word(body, 2)?, word(body, 6)?)
    } else {
        (long(body, 0)?, long(body, 4)?, word(body, 10)?)
    };
    if last_row == 0 || last_column == 0 {
        return Some(1);
    }
    Some(last_row.checked_sub(first_row)?.saturating_mul(last_column))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(word(bytes, at)? | word(bytes, at + 2)? << 16)
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let pair = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u64::from(u16::from_le_bytes(*pair)))
}
