//! Municipalities of the IBGE list, for forms.

use actix_web::{HttpResponse, web};
use conexao_domain::kernel::value::{Uf, municipalities};
use serde::Deserialize;
use serde_json::json;

use crate::{ApiError, Caller, Operation, Routes, routes::object};

/// Most municipalities in an answer.
const LIMIT: usize = 20;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let item = object(&[("code", text()), ("name", text()), ("uf", text())]);
    let operation = Operation::new("geography", "Municipalities by name")
        .query(&[("q", "Part of the name"), ("uf", "State")])
        .answer(200, object(&[("items", json!({ "type": "array", "items": item }))]));
    routes.get("/municipalities", operation, municipalities);
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    q: String,
    uf: Option<String>,
}

async fn municipalities(_caller: Caller, wanted: web::Query<Wanted>) -> Result<HttpResponse, ApiError> {
    let uf = wanted.uf.as_deref().and_then(|uf| Uf::parse(uf).ok());
    let found = municipalities::search(&wanted.q, uf, LIMIT);
    let items = found.iter().map(|m| json!({ "code": m.code.as_str(), "name": m.name, "uf": m.uf().as_str() }));
    Ok(HttpResponse::Ok().json(json!({ "items": items.collect::<Vec<_>>() })))
}
