//! The privacy desk.

use conexao_domain::{kernel::record::Record, privacy::request::PRIVACY_REQUEST};
use serde_json::{Value as Json, json};

use crate::{
    Client, Failure, Query,
    model::{Chosen, Erasure, Found, Job, KeptValue, Page, PrivacyPreview, PrivacyProposals, RetentionChoice},
    query::segment,
};

/// People found, handed over and anonymised; needs `privacy.search`, and for
/// what cannot be undone `privacy.erase`.
#[derive(Debug, Clone, Copy)]
pub struct Privacy<'a>(pub(crate) &'a Client);

impl Privacy<'_> {
    /// Everything about somebody, by `document`, `email`, `phone` or `name`.
    pub async fn search(&self, identity: impl Into<Json>) -> Result<Found, Failure> {
        self.0.post("/privacy/search").unkeyed().json(identity).read().await
    }

    /// Everything about the person of a request.
    pub async fn search_for(&self, request: &str) -> Result<Found, Failure> {
        self.0.post(of(request, "search")).unkeyed().json(json!({})).read().await
    }

    /// Starts the job that makes the file for the person.
    pub async fn export(&self, request: &str, records: &[Chosen]) -> Result<Job, Failure> {
        self.0.post(of(request, "export")).json(json!({ "records": records })).read().await
    }

    /// Notes on a record that its correction follows from the request.
    pub async fn correct(&self, request: &str, record: &Chosen) -> Result<(), Failure> {
        self.0.post(of(request, "correct")).json(json!(record)).done().await
    }

    /// What an anonymisation would do.
    pub async fn preview(&self, request: &str, records: &[Chosen]) -> Result<PrivacyPreview, Failure> {
        self.0.post(of(request, "preview")).unkeyed().json(json!({ "records": records })).read().await
    }

    /// Starts the anonymisation that a preview showed, as another person than
    /// who opened the request.
    pub async fn anonymise(&self, request: &str, records: &[Chosen], digest: &str) -> Result<Job, Failure> {
        let body = json!({ "records": records, "digest": digest });
        self.0.post(of(request, "anonymise")).json(body).read().await
    }

    /// How long what is kept.
    pub async fn retention(&self) -> Result<Vec<RetentionChoice>, Failure> {
        let found: Page<RetentionChoice> = self.0.get("/privacy/retention").read().await?;
        Ok(found.items)
    }

    /// Keeps longer than the law asks; needs `settings.manage`.
    pub async fn keep(&self, basis: &str, years: u32, reason: &str) -> Result<(), Failure> {
        let body = json!({ "basis": basis, "years": years, "reason": reason });
        self.0.post("/privacy/retention").json(body).done().await
    }

    /// What reached its end.
    pub async fn proposals(&self) -> Result<PrivacyProposals, Failure> {
        self.0.get("/privacy/proposals").read().await
    }

    /// Makes a request of a proposal.
    pub async fn propose(&self, customer: &str) -> Result<Record, Failure> {
        self.0.post("/privacy/proposals").json(json!({ "id": customer })).record().await
    }

    /// People who were anonymised, the latest first.
    pub async fn kept(&self, after: Option<&str>) -> Result<Page<Erasure>, Failure> {
        let query = Query::new().with("after", after.unwrap_or_default());
        self.0.get("/privacy/kept").query(&query).read().await
    }

    /// What the law keeps of somebody, in full; each look is recorded.
    pub async fn show_kept(&self, id: &str, reason: &str) -> Result<Vec<KeptValue>, Failure> {
        let path = format!("/privacy/kept/{}/reveal", segment(id));
        let found: Page<KeptValue> = self.0.post(path).unkeyed().json(json!({ "reason": reason })).read().await?;
        Ok(found.items)
    }

    /// Forgets what was kept, once its time is over.
    pub async fn dispose(&self, id: &str) -> Result<(), Failure> {
        self.0.post(format!("/privacy/kept/{}/dispose", segment(id))).json(json!({})).done().await
    }
}

fn of(request: &str, act: &str) -> String {
    format!("/{}/{}/{act}", PRIVACY_REQUEST.path, segment(request))
}
