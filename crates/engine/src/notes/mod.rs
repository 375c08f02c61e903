//! What every record can carry besides its fields: comments, files, tags.

pub mod attachments;
pub mod comments;
mod mentions;
pub mod tags;

pub use mentions::Mentions;
