//! What happened to a record, what people said about it and its files.

use conexao_domain::kernel::resource::Resource;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Failure, Params, http::Call};

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Actor {
    /// None when the system itself did it.
    #[serde(default)]
    pub id: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Change {
    pub field: String,
    #[serde(default)]
    pub old: Json,
    #[serde(default)]
    pub new: Json,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TimelineFile {
    pub id: String,
    pub name: String,
    pub size: i64,
    pub media_type: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Entry {
    pub id: String,
    pub at: String,
    /// `change`, `comment`, `file` or `linked`.
    pub kind: String,
    #[serde(default)]
    pub actor: Option<Actor>,
    /// `create`, `update` or the name of a step.
    #[serde(default)]
    pub action: Option<String>,
    #[serde(default)]
    pub changes: Vec<Change>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub file: Option<TimelineFile>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Timeline {
    pub items: Vec<Entry>,
    #[serde(default)]
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Attachment {
    pub id: String,
    pub name: String,
    /// Bytes.
    pub size: i64,
    pub media_type: String,
    #[serde(default)]
    pub has_thumbnail: bool,
    pub created_at: String,
    #[serde(default)]
    pub created_by: Json,
}

#[derive(Debug, Deserialize)]
struct Attachments {
    items: Vec<Attachment>,
}

fn under(resource: &Resource, id: &str, what: &str) -> String {
    format!("/{}/{id}/{what}", resource.path)
}

/// Newest first.
pub async fn entries(resource: &Resource, id: &str, after: Option<&str>) -> Result<Timeline, Failure> {
    let params = Params::default().with("after", after.unwrap_or_default());
    Call::get(format!("{}{}", under(resource, id, "timeline"), params.suffix())).read().await
}

pub async fn comment(resource: &Resource, id: &str, text: &str, mentions: &[String]) -> Result<Json, Failure> {
    let body = json!({ "text": text, "mentions": mentions });
    Call::post(under(resource, id, "comments")).json(body).value().await
}

pub async fn remove_comment(resource: &Resource, id: &str, comment: &str) -> Result<(), Failure> {
    Call::delete(format!("{}/{comment}", under(resource, id, "comments"))).done().await
}

pub async fn attachments(resource: &Resource, id: &str) -> Result<Vec<Attachment>, Failure> {
    let found: Attachments = Call::get(under(resource, id, "attachments")).read().await?;
    Ok(found.items)
}

pub async fn remove_attachment(resource: &Resource, id: &str, attachment: &str) -> Result<(), Failure> {
    Call::delete(format!("{}/{attachment}", under(resource, id, "attachments"))).done().await
}
