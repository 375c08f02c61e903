//! What happened, and why somebody may do something.

use crate::{
    Client, Failure, Query,
    model::{AuditChain, AuditEntry, AuditPage, Explained},
    query::segment,
    records::Export,
};

/// The audit; needs `audit.read`.
#[derive(Debug, Clone, Copy)]
pub struct Audit<'a>(pub(crate) &'a Client);

impl Audit<'_> {
    /// A page of entries, newest first. Parameters: `actor`, `action`,
    /// `resource`, `record`, `from`, `to`, `ip`, `request`, `q`, `after`, `limit`.
    pub async fn list(&self, query: &Query) -> Result<AuditPage, Failure> {
        self.0.get("/audit").query(query).read().await
    }

    /// One entry with what changed.
    pub async fn get(&self, id: &str) -> Result<AuditEntry, Failure> {
        self.0.get(format!("/audit/{}", segment(id))).read().await
    }

    /// What the last verification of the chain found.
    pub async fn chain(&self) -> Result<AuditChain, Failure> {
        self.0.get("/audit/chain").read().await
    }

    /// What was looked for as a file, `xlsx`, `csv` or `jsonl`.
    pub async fn export(&self, format: &str, query: &Query) -> Result<Export, Failure> {
        Export::of(self.0.get("/audit/export").query(&query.clone().with("format", format))).await
    }

    /// Why a user (the caller, when empty) holds a permission, or what is missing.
    pub async fn explain(&self, user: &str, permission: &str) -> Result<Explained, Failure> {
        let query = Query::new().with("user", user).with("permission", permission);
        self.0.get("/permissions/explain").query(&query).read().await
    }
}
