//! How bytes travel: reqwest in programs, `fetch` in the browser. Everything
//! above this is the same on both.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
pub use native::{BoxFuture, Chunk};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{Response, Transport, sleep};
#[cfg(target_arch = "wasm32")]
pub use web::{BoxFuture, Chunk};
#[cfg(target_arch = "wasm32")]
pub(crate) use web::{Response, Transport, sleep};

use crate::upload::Form;

/// One attempt of a call.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: &'a Body,
}

#[derive(Debug)]
pub(crate) enum Body {
    Empty,
    /// Written out once, so that every attempt sends the same bytes.
    Json(String),
    Form(Form),
}
