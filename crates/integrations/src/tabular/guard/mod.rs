//! What is checked before a workbook parser may open a file.
//!
//! The parsers hold what they read in memory and believe the sizes a file
//! states. A few kilobytes can thus ask for more memory than there is, and a
//! failed allocation ends the process: nothing can catch it. So a file is
//! first walked through in constant memory and refused when it would not fit.

pub(super) mod content;
pub(super) mod ole;
pub(super) mod package;

use std::path::Path;

use super::error::TabularError;
use super::limits::Limits;
use super::options::Format;

/// Refuses workbooks that would take more than the limits when parsed.
pub(super) fn check(path: &Path, format: Format, limits: &Limits) -> Result<(), TabularError> {
    match format {
        Format::Text => Ok(()),
        Format::Xls => ole::check(path, limits),
        Format::Xlsx | Format::Xlsm | Format::Xlsb => package::check(path, limits),
        Format::Ods => {
            package::check(path, limits)?;
            content::check(path, limits)
        }
    }
}

fn too_many_cells(limits: &Limits) -> TabularError {
    TabularError::TooLarge { what: "cells", limit: limits.resident_cells }
}

#[cfg(test)]
mod tests;
