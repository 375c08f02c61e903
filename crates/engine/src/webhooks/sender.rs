//! The way out, as the dispatcher needs it.

use std::fmt::Debug;

use async_trait::async_trait;

/// A request to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub url: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// As much of the body as is kept.
    pub body: String,
}

/// Sends a request to an address that somebody typed: refuses addresses inside
/// our own network, bounds time and size, follows no redirects.
#[async_trait]
pub trait Sender: Debug + Send + Sync + 'static {
    /// The answer, whatever its status; an error says in a few words why there is none.
    async fn send(&self, request: &Outgoing) -> Result<Answered, String>;
}
