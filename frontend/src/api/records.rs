//! Records of any resource.

use conexao_domain::kernel::{record::Record, resource::Resource};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{Failure, Params, http::Call, jobs::Job};

/// One page of a list.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Page {
    pub items: Vec<Record>,
    /// Where the next page starts; none on the last.
    #[serde(default)]
    pub next: Option<String>,
    /// How many records match, when it was asked for.
    #[serde(default)]
    pub count: Option<i64>,
}

/// A record as others mention it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mention {
    pub id: String,
    #[serde(default)]
    pub resource: String,
    pub title: String,
    #[serde(default)]
    pub subtitle: Option<String>,
    /// Which value is the same, in answers about duplicates.
    #[serde(default)]
    pub field: Option<String>,
}

/// Records that share a value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Group {
    #[serde(default)]
    pub key: Json,
    pub count: i64,
    #[serde(default)]
    pub sum: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Debug, Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

/// What a bulk act is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    Ids(Vec<String>),
    /// Every record that matches a list query.
    Matching(String),
}

fn one(resource: &Resource, id: &str) -> String {
    format!("/{}/{id}", resource.path)
}

pub async fn list(resource: &Resource, params: &Params) -> Result<Page, Failure> {
    Call::get(format!("/{}{}", resource.path, params.suffix())).read().await
}

pub async fn get(resource: &Resource, id: &str, reveal: bool) -> Result<Record, Failure> {
    let suffix = if reveal { "?reveal=true" } else { "" };
    Call::get(format!("{}{suffix}", one(resource, id))).record().await
}

pub async fn patch(resource: &Resource, id: &str, version: i64, values: Map<String, Json>) -> Result<Record, Failure> {
    Call::patch(one(resource, id)).if_match(version).json(Json::Object(values)).record().await
}

pub async fn remove(resource: &Resource, id: &str, version: i64) -> Result<(), Failure> {
    Call::delete(one(resource, id)).if_match(version).done().await
}

/// Takes a removal back.
pub async fn restore(resource: &Resource, id: &str) -> Result<Record, Failure> {
    Call::post(format!("{}/actions/restore", one(resource, id))).json(json!({})).record().await
}

/// Takes a step of the flow, with the step's inputs.
pub async fn step(
    resource: &Resource,
    id: &str,
    version: i64,
    step: &str,
    inputs: Map<String, Json>,
) -> Result<Record, Failure> {
    let path = format!("{}/actions/{step}", one(resource, id));
    Call::post(path).if_match(version).json(Json::Object(inputs)).record().await
}

/// An act of the resource that is no flow step, e.g. `set-password`.
pub async fn act(resource: &Resource, id: &str, action: &str, body: Json) -> Result<Json, Failure> {
    Call::post(format!("{}/actions/{action}", one(resource, id))).json(body).value().await
}

/// The same act (`patch`, `delete` or a step) on many records, as a job.
pub async fn bulk(
    resource: &Resource,
    action: &str,
    values: Map<String, Json>,
    selection: Selection,
) -> Result<Job, Failure> {
    let mut body = json!({ "action": action, "values": values });
    let (name, about) = match selection {
        Selection::Ids(ids) => ("ids", Json::from(ids)),
        Selection::Matching(query) => ("query", query.into()),
    };
    if let Some(body) = body.as_object_mut() {
        body.insert(name.to_owned(), about);
    }
    Call::post(format!("/{}/bulk", resource.path)).json(body).read().await
}

/// At most ten records that match what is being typed.
pub async fn lookup(resource: &Resource, text: &str) -> Result<Vec<Mention>, Failure> {
    let params = Params::default().with("q", text);
    let found: Items<Mention> = Call::get(format!("/{}/lookup{}", resource.path, params.suffix())).read().await?;
    Ok(found.items)
}

/// Other records with the same document, phone or e-mail.
pub async fn duplicates(resource: &Resource, params: &Params) -> Result<Vec<Mention>, Failure> {
    let found: Items<Mention> = Call::get(format!("/{}/duplicates{}", resource.path, params.suffix())).read().await?;
    Ok(found.items)
}

/// Counts (and sums, of cents or thousandths) per value of a field.
pub async fn aggregate(
    resource: &Resource,
    group: &str,
    sum: Option<&str>,
    params: &Params,
) -> Result<Vec<Group>, Failure> {
    let params = params.clone().with("group", group).with("sum", sum.unwrap_or_default());
    let found: Groups = Call::get(format!("/{}/aggregate{}", resource.path, params.suffix())).read().await?;
    Ok(found.groups)
}

/// How many records match, exactly.
pub async fn count(resource: &Resource, params: &Params) -> Result<i64, Failure> {
    let params = params.clone().with("limit", "1").with("count", "exact");
    list(resource, &params).await.map(|page| page.count.unwrap_or_default())
}

/// Brings another customer into this one; with `preview` nothing is written.
pub async fn merge(
    resource: &Resource,
    id: &str,
    other: &str,
    preview: bool,
    values: Map<String, Json>,
) -> Result<Json, Failure> {
    act(resource, id, "merge", json!({ "other_id": other, "preview": preview, "values": values })).await
}
