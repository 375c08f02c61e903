//! The audit, and permissions explained.

use super::{
    Failure, Params, client,
    files::{self, Export},
};

pub use conexao_client::model::{AuditChain, AuditChange, AuditEntry, AuditPage, Explained, GrantingRole};

pub async fn list(params: &Params) -> Result<AuditPage, Failure> {
    client().audit().list(params).await
}

pub async fn get(id: &str) -> Result<AuditEntry, Failure> {
    client().audit().get(id).await
}

pub async fn chain() -> Result<AuditChain, Failure> {
    client().audit().chain().await
}

/// What was looked for as a file: `xlsx`, `csv` or `jsonl`.
pub async fn export(format: &str, params: &Params) -> Result<Export, Failure> {
    files::taken(client().audit().export(format, params).await?).await
}

/// Why a user holds a permission, or what is missing.
pub async fn explain(user: &str, permission: &str) -> Result<Explained, Failure> {
    client().audit().explain(user, permission).await
}
