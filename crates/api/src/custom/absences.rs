//! One's own absences and substitutes, which take no permission.

use actix_web::{HttpResponse, http::StatusCode, web};
use conexao_domain::{identity::absence::ABSENCE, kernel::problem::Code};
use conexao_engine::rights;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{
    ApiError, Caller, Idempotent, Operation, Routes,
    openapi::schema_name,
    reply,
    routes::{component, object},
};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let absence = || component(&schema_name(&ABSENCE));
    let several = || json!({ "type": "array", "items": absence() });
    let operation = |summary: &str| Operation::new("me", summary);
    let both = object(&[("mine", several()), ("standing_in", several())]);
    let listed = operation("My absences, and those in which I stand in; the newest first").answer(200, both);
    routes.get("/me/absences", listed, list);
    let text = || json!({ "type": "string" });
    let day = || json!({ "type": "string", "format": "date" });
    let input = object(&[
        ("substitute_id", text()),
        ("starts_on", day()),
        ("ends_on", day()),
        ("reason", text()),
        ("with_administration", json!({ "type": "boolean", "description": "Needs `user.update`" })),
    ]);
    let named = operation("Name who stands in for me while I am away").body(input).answer(201, absence());
    routes.post("/me/absences", named, name);
    let ended = operation("End an absence of mine early").answer(200, absence()).refuses(&[Code::StepRefused]);
    routes.post("/me/absences/{id}/end", ended, end);
    let people = object(&[("items", json!({ "type": "array", "items": component("Hint") }))]);
    let found = operation("Active people of the company by name, to choose one; at most 10")
        .query(&[("q", "What was typed")])
        .answer(200, people);
    routes.get("/me/colleagues", found, colleagues);
}

async fn list(caller: Caller) -> Answer {
    Ok(HttpResponse::Ok().json(rights::absences(&caller.engine, &caller.session).await?))
}

async fn name(Idempotent { caller, body }: Idempotent<Map<String, Json>>) -> Answer {
    reply::once(&caller, async {
        let made = rights::name_substitute(&caller.engine, &caller.session, &body).await?;
        Ok(reply::record(StatusCode::CREATED, &made))
    })
    .await
}

async fn end(id: web::Path<Uuid>, Idempotent { caller, body: _ }: Idempotent<Json>) -> Answer {
    reply::once(&caller, async {
        let ended = rights::end_absence(&caller.engine, &caller.session, *id).await?;
        Ok(reply::record(StatusCode::OK, &ended))
    })
    .await
}

#[derive(Debug, Deserialize)]
struct Typed {
    #[serde(default)]
    q: String,
}

async fn colleagues(caller: Caller, typed: web::Query<Typed>) -> Answer {
    let found = rights::colleagues(&caller.engine, &caller.session, &typed.q).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": found })))
}
