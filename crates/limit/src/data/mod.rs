//! Generated records: the `n`-th one is the same in every run, so that load
//! and server agree on documents, names and ids without asking the database.

mod copy;
pub mod customer;
mod document;
mod fill;
pub mod random;
mod shape;
pub mod sheet;
pub mod warranty;
mod words;

pub use fill::fill;
