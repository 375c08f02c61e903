//! What every record can carry besides its fields: comments, files, tags.

pub mod comments;
pub mod tags;
