//! Files that people upload and the product makes, in a folder or in S3.
//!
//! Nothing a person types becomes part of a path: a file is known by a
//! [`FileKey`] made here, which carries its tenant, and is handed out for that
//! tenant only. What a file is, is told by its content.

mod config;
mod error;
mod key;
mod media;
mod rules;
mod store;
mod thumbnail;
mod upload;

pub use config::{FileStoreConfig, S3Config};
pub use error::FileError;
pub use key::FileKey;
pub use media::{SNIFFED_BYTES, sniff};
pub use rules::UploadRules;
pub use store::{FileStore, FileStream, StoredFile};
pub use thumbnail::{Thumbnail, make_thumbnail};
