//! Delimited text: encoding, dialect and streaming records.

pub(super) mod dialect;
pub(super) mod records;
pub(super) mod rows;
pub(super) mod scan;
pub(super) mod source;

#[cfg(test)]
mod tests;
