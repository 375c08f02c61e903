//! The privacy desk.

use conexao_domain::kernel::record::Record;
use serde_json::{Map, Value as Json};

use super::{Failure, client, jobs::Job};

pub use conexao_client::model::{
    Chosen, Erasure, Found, FoundGroup, FoundItem, KeptValue, PreviewRecord, PrivacyPreview, PrivacyProposals,
    RetentionChoice,
};

pub async fn search(identity: Map<String, Json>) -> Result<Found, Failure> {
    client().privacy().search(identity).await
}

pub async fn search_for(request: &str) -> Result<Found, Failure> {
    client().privacy().search_for(request).await
}

pub async fn export(request: &str, records: &[Chosen]) -> Result<Job, Failure> {
    client().privacy().export(request, records).await
}

/// Notes that a record's correction follows from the request.
pub async fn correct(request: &str, record: &Chosen) -> Result<(), Failure> {
    client().privacy().correct(request, record).await
}

pub async fn preview(request: &str, records: &[Chosen]) -> Result<PrivacyPreview, Failure> {
    client().privacy().preview(request, records).await
}

pub async fn anonymise(request: &str, records: &[Chosen], digest: &str) -> Result<Job, Failure> {
    client().privacy().anonymise(request, records, digest).await
}

pub async fn proposals() -> Result<PrivacyProposals, Failure> {
    client().privacy().proposals().await
}

pub async fn propose(customer: &str) -> Result<Record, Failure> {
    client().privacy().propose(customer).await
}

pub async fn retention() -> Result<Vec<RetentionChoice>, Failure> {
    client().privacy().retention().await
}

pub async fn keep(basis: &str, years: u32, reason: &str) -> Result<(), Failure> {
    client().privacy().keep(basis, years, reason).await
}

pub async fn kept() -> Result<Vec<Erasure>, Failure> {
    Ok(client().privacy().kept(None).await?.items)
}

pub async fn show_kept(id: &str, reason: &str) -> Result<Vec<KeptValue>, Failure> {
    client().privacy().show_kept(id, reason).await
}

pub async fn dispose(id: &str) -> Result<(), Failure> {
    client().privacy().dispose(id).await
}
