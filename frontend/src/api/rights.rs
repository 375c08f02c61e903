//! Roles side by side and simulated, who sees a record, absences.

use conexao_domain::kernel::record::Record;
use serde_json::{Map, Value as Json};

use super::{Failure, client, records::Mention};

pub use conexao_client::model::{
    Absences, GrantDraft, PowerChange, RolePreview, RoleRow, SeeingPerson, SeenBy, SeenResource, Simulation, Why,
};

pub async fn roles() -> Result<Vec<RoleRow>, Failure> {
    client().rights().roles().await
}

pub async fn simulate(role: Option<&str>, scope: &str, grants: &[GrantDraft]) -> Result<Simulation, Failure> {
    client().rights().simulate(role, scope, grants, None).await
}

pub async fn seen_by(resource: &str, id: &str) -> Result<SeenBy, Failure> {
    client().rights().seen_by(resource, id).await
}

pub async fn absences() -> Result<Absences, Failure> {
    client().absences().await
}

pub async fn name_substitute(values: Map<String, Json>) -> Result<Record, Failure> {
    client().name_substitute(values).await
}

pub async fn end_absence(id: &str) -> Result<Record, Failure> {
    client().end_absence(id).await
}

pub async fn colleagues(text: &str) -> Result<Vec<Mention>, Failure> {
    client().colleagues(text).await
}
