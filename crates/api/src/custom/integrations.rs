//! What the company is connected to. Secrets go in and never come out.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::kernel::{canonical::write_instant, problem::Code};
use conexao_engine::credentials::{self, Shown};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::{ApiError, Caller, Operation, Routes, Settled, reply, routes::object};

type Answer = Result<HttpResponse, ApiError>;

const MANAGE: &str = "settings.manage";

pub(super) fn routes(routes: &mut Routes<'_>) {
    let operation = |summary: &str| Operation::new("integration", summary).permission(MANAGE);
    let items = object(&[("items", json!({ "type": "array", "items": schema() }))]);
    routes.get("/integrations", operation("What the company may be connected to").answer(200, items), list);
    let one = operation("One connection; of secrets only their last characters").answer(200, schema());
    routes.get("/integrations/{name}", one, read);
    let values = json!({ "type": "object", "additionalProperties": true });
    let put = operation("Set what a connection needs; secrets that are not given stay. Version 0 where nothing is set");
    routes.patch("/integrations/{name}", put.body(values).answer(200, schema()).if_match(), set);
    routes.delete("/integrations/{name}", operation("Remove a connection with its secrets").empty(204), remove);
    let to = object(&[("to", json!({ "type": ["string", "null"], "description": "Where a message really goes" }))]);
    let text = || json!({ "type": ["string", "null"] });
    let outcome = object(&[("ok", json!({ "type": "boolean" })), ("error", text()), ("detail", text())]);
    let tried = operation("Try a connection out with its provider").body(to).answer(200, outcome);
    routes.post("/integrations/{name}/actions/test", tried.refuses(&[Code::StepRefused]), test);
}

fn schema() -> Json {
    let text = || json!({ "type": ["string", "null"] });
    object(&[
        ("name", json!({ "type": "string" })),
        ("version", json!({ "type": "integer" })),
        ("values", json!({ "type": "object", "additionalProperties": true })),
        ("secrets", json!({ "type": "object", "additionalProperties": { "type": "string" } })),
        ("public_key", text()),
        ("updated_at", text()),
        ("updated_by", text()),
        ("used_at", text()),
        ("tried_at", text()),
        ("trial", text()),
    ])
}

fn shown(shown: &Shown) -> Json {
    json!({
        "name": shown.integration.name,
        "version": shown.version,
        "values": shown.plain,
        "secrets": shown.hints,
        "public_key": shown.public_key,
        "updated_at": shown.updated_at.map(write_instant),
        "updated_by": shown.updated_by,
        "used_at": shown.used_at.map(write_instant),
        "tried_at": shown.tried_at.map(write_instant),
        "trial": shown.trial,
    })
}

fn answer(one: &Shown) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, format!("\"{}\"", one.version))).json(shown(one))
}

async fn list(caller: Caller) -> Answer {
    let all = credentials::list(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": all.iter().map(shown).collect::<Vec<_>>() })))
}

async fn read(caller: Caller, name: web::Path<String>) -> Answer {
    Ok(answer(&credentials::one(&caller.engine, &caller.session, &name).await?))
}

async fn set(
    request: HttpRequest,
    name: web::Path<String>,
    Settled { caller, body }: Settled<Map<String, Json>>,
) -> Answer {
    caller.session.require(MANAGE)?;
    let version = reply::if_match(&request)?;
    Ok(answer(&credentials::put(&caller.engine, &caller.session, &name, version, &body).await?))
}

async fn remove(caller: Caller, name: web::Path<String>) -> Answer {
    credentials::forget(&caller.engine, &caller.session, &name).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Deserialize)]
struct To {
    to: Option<String>,
}

async fn test(name: web::Path<String>, Settled { caller, body }: Settled<To>) -> Answer {
    let tried = credentials::try_out(&caller.engine, &caller.session, &name, body.to.as_deref()).await?;
    Ok(HttpResponse::Ok().json(json!({ "ok": tried.error.is_none(), "error": tried.error, "detail": tried.detail })))
}
