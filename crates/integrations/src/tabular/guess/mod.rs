//! Guesses about a sample of rows: the header, the columns, the layout.

pub(super) mod column;
pub(super) mod fingerprint;
pub(super) mod header;
pub(super) mod words;
