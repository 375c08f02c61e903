//! What was deleted and can come back.

use serde::Deserialize;

use super::{Failure, Params, client};

/// Who deleted something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Deleter {
    pub id: String,
    pub name: String,
}

/// A deleted record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Binned {
    pub resource: String,
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub subtitle: Option<String>,
    /// When, RFC 3339.
    pub deleted_at: String,
    #[serde(default)]
    pub deleted_by: Option<Deleter>,
}

pub type Bin = conexao_client::Page<Binned>;

/// Newest first; `params` may hold `resource`, `q` and `after`.
pub async fn list(params: &Params) -> Result<Bin, Failure> {
    client().get("/recycle-bin").query(&params.clone().with("limit", "50")).read().await
}
