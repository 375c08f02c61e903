//! Files on their way to the server.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
use native::Content;
#[cfg(target_arch = "wasm32")]
use web::Content;

/// A file with its name.
#[derive(Debug)]
pub struct Upload {
    name: String,
    content: Content,
}

/// A multipart form with one file.
#[derive(Debug)]
pub(crate) struct Form {
    /// Fields that go before the file.
    pub fields: Vec<(&'static str, String)>,
    pub file: Upload,
}
