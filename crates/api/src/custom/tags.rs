//! Tags in use, for suggestions.

use actix_web::{HttpResponse, web};
use conexao_domain::{
    kernel::problem::{Code, Problem},
    registry::{self, RESOURCES},
};
use conexao_engine::notes::tags;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{ApiError, Caller, Operation, Routes, routes::object};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let item = object(&[("tag", json!({ "type": "string" })), ("count", json!({ "type": "integer" }))]);
    let operation = Operation::new("tag", "Tags of a resource's records, the most used first, at most 100")
        .query(&[("resource", "Resource by its singular name"), ("q", "How the tag begins")])
        .answer(200, object(&[("items", json!({ "type": "array", "items": item }))]));
    routes.get("/tags", operation, list);
}

#[derive(Debug, Deserialize)]
struct Wanted {
    resource: String,
    #[serde(default)]
    q: String,
}

async fn list(caller: Caller, wanted: web::Query<Wanted>) -> Result<HttpResponse, ApiError> {
    let known = || RESOURCES.iter().filter(|r| r.has_tags()).map(|r| Json::from(r.name)).collect::<Vec<_>>();
    let unknown = || Problem::new(Code::UnknownParameter).detail("resource").with("valid", known());
    let resource = registry::by_name(&wanted.resource).filter(|r| r.has_tags()).ok_or_else(unknown)?;
    let gate = caller.gate(resource, "read")?;
    let prefix: String = wanted.q.trim().chars().take(40).collect();
    let items = tags::tags(&caller.engine, &gate, &prefix).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}
