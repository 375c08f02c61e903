//! Zipped workbooks (XLSX, XLSB, ODS): which one it is, and that it is no bomb.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::tabular::error::TabularError;
use crate::tabular::limits::Limits;
use crate::tabular::options::Format;
use crate::tabular::text::source;

/// More parts than any workbook has.
const MAX_PARTS: usize = 20_000;
/// The least a shared string takes: `<si/>`.
const SHORTEST_STRING: u64 = 5;

type Archive = ZipArchive<BufReader<File>>;

fn open(path: &Path) -> Result<Archive, TabularError> {
    let archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(zip_error)?;
    if archive.len() > MAX_PARTS {
        let (what, limit) = ("parts of the file", 20_000);
        return Err(TabularError::TooLarge { what, limit });
    }
    Ok(archive)
}

fn zip_error(error: ZipError) -> TabularError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => TabularError::Password,
        ZipError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => error.into(),
        other => TabularError::damaged(other),
    }
}

/// Tells which workbook a zip file is by the parts in it.
pub(crate) fn recognise(path: &Path) -> Result<Format, TabularError> {
    let mut archive = open(path)?;
    if let Some(mime) = read_part(&mut archive, "mimetype", 256)? {
        return match mime.strip_prefix("application/vnd.oasis.opendocument.") {
            Some(kind) if kind.starts_with("spreadsheet") => Ok(Format::Ods),
            Some(_) => foreign("opendocument, but no spreadsheet"),
            None => foreign("zip"),
        };
    }
    let Some(types) = read_part(&mut archive, "[content_types].xml", 1 << 20)? else {
        return foreign("zip");
    };
    let types = types.to_lowercase();
    if types.contains("ms-excel.sheet.binary") {
        Ok(Format::Xlsb)
    } else if types.contains("ms-excel.") && types.contains("macroenabled.main") {
        Ok(Format::Xlsm)
    } else if types.contains("spreadsheetml.") || has_workbook(&archive) {
        Ok(Format::Xlsx)
    } else if types.contains("wordprocessingml.") {
        foreign("docx")
    } else if types.contains("presentationml.") {
        foreign("pptx")
    } else {
        foreign("zip")
    }
}

fn foreign(found: &'static str) -> Result<Format, TabularError> {
    Err(TabularError::UnknownFormat { found: Some(found) })
}

fn has_workbook(archive: &Archive) -> bool {
    archive.file_names().flatten().any(|name| name.to_lowercase().ends_with("workbook.xml"))
}

/// The beginning of a part, found whatever the case of its name.
fn read_part(archive: &mut Archive, name: &str, most: u64) -> Result<Option<String>, TabularError> {
    let index = (0..archive.len()).find(|index| {
        archive.name_for_index(*index).is_some_and(|found| found.is_ok_and(|found| found.eq_ignore_ascii_case(name)))
    });
    let Some(index) = index else {
        return Ok(None);
    };
    let part = archive.by_index(index).map_err(zip_error)?;
    let mut bytes = Vec::new();
    part.take(most).read_to_end(&mut bytes).map_err(TabularError::damaged)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Inflates every part in constant memory and refuses the file when there is
/// too much of it. The sizes in the directory cannot be trusted: they are part
/// of what was uploaded.
pub(crate) fn check(path: &Path, limits: &Limits) -> Result<(), TabularError> {
    let mut archive = open(path)?;
    let mut left = limits.inflated_bytes;
    for index in 0..archive.len() {
        let part = match archive.by_index(index) {
            Ok(part) => part,
            // A part no parser asks for may be of a kind zip cannot read.
            Err(ZipError::UnsupportedArchive(reason)) if reason != ZipError::PASSWORD_REQUIRED => {
                continue;
            }
            Err(error) => return Err(zip_error(error)),
        };
        left = check_part(part, left).map_err(|error| match error {
            TabularError::TooLarge { what, .. } => TabularError::TooLarge { what, limit: limits.inflated_bytes },
            other => other,
        })?;
    }
    Ok(())
}

/// Returns what is left of `budget` after this part.
fn check_part(part: impl Read, budget: u64) -> Result<u64, TabularError> {
    let mut size = 0_u64;
    let mut head: Vec<u8> = Vec::new();
    let capped = part.take(budget.saturating_add(1));
    let read = source::each_chunk(capped, |chunk| {
        if head.len() < 2_048 {
            head.extend(chunk.iter().take(2_048 - head.len()));
        }
        size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
    });
    // A damaged part matters only if a parser needs it, and then it says so.
    drop(read);
    if size > budget {
        let (what, limit) = ("inflated bytes", budget);
        return Err(TabularError::TooLarge { what, limit });
    }
    if stated_strings(&head).is_some_and(|count| count > size / SHORTEST_STRING) {
        return Err(TabularError::damaged("it states more shared strings than it can hold"));
    }
    Ok(budget - size)
}

/// The count of shared strings a part states, for which memory is reserved
/// before the first of them is read.
fn stated_strings(head: &[u8]) -> Option<u64> {
    let key = b"uniqueCount=";
    let at = head.windows(key.len()).position(|window| window == key)?;
    let digits: String = head
        .get(at + key.len() + 1..)?
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .map(|byte| char::from(*byte))
        .collect();
    // More digits than fit are more strings than fit.
    (!digits.is_empty()).then(|| digits.parse().unwrap_or(u64::MAX))
}
