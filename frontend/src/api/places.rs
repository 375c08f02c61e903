//! Municipalities of Brazil by name; the list itself stays on the server.

use serde::Deserialize;

use super::{Failure, Params, http::Call};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Municipality {
    /// Seven-digit IBGE code.
    pub code: String,
    pub name: String,
    pub uf: String,
}

#[derive(Debug, Deserialize)]
struct Items {
    items: Vec<Municipality>,
}

/// Municipalities whose name begins like the text, in one state or in all.
pub async fn municipalities(text: &str, uf: &str) -> Result<Vec<Municipality>, Failure> {
    let params = Params::default().with("q", text).with("uf", uf);
    let found: Items = Call::get(format!("/municipalities{}", params.suffix())).read().await?;
    Ok(found.items)
}
