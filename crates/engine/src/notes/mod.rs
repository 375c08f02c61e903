//! What every record can carry besides its fields: comments, files, tags.

pub mod comments;
mod mentions;
pub mod tags;

pub use mentions::Mentions;
