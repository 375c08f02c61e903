//! What the parsers say, in our words.

use calamine::{OdsError, XlsError, XlsbError, XlsxError};

use crate::tabular::error::TabularError;

/// Errors after which the parser stands behind the cell and can go on.
pub(super) const fn is_one_cell(error: &XlsxError) -> bool {
    matches!(
        error,
        XlsxError::CellError(_)
            | XlsxError::CellTAttribute(_)
            | XlsxError::ParseFloat(_)
            | XlsxError::Unrecognized { .. }
            | XlsxError::Unexpected(_)
    )
}

pub(super) fn xlsx_error(error: XlsxError) -> TabularError {
    match error {
        XlsxError::Password => TabularError::Password,
        XlsxError::Io(error) => io_error(error),
        other => TabularError::damaged(other),
    }
}

pub(super) fn xlsb_error(error: XlsbError) -> TabularError {
    match error {
        XlsbError::Password => TabularError::Password,
        XlsbError::Io(error) => io_error(error),
        other => TabularError::damaged(other),
    }
}

pub(super) fn xls_error(error: XlsError) -> TabularError {
    match error {
        XlsError::Password => TabularError::Password,
        XlsError::Io(error) => io_error(error),
        other => TabularError::damaged(other),
    }
}

pub(super) fn ods_error(error: OdsError) -> TabularError {
    match error {
        OdsError::Password => TabularError::Password,
        OdsError::Io(error) => io_error(error),
        other => TabularError::damaged(other),
    }
}

/// Only a file that is gone is our problem; other failures come of its content.
fn io_error(error: std::io::Error) -> TabularError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied => error.into(),
        _ => TabularError::damaged(error),
    }
}
