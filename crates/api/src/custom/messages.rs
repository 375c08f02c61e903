//! Messages out beyond what a record has: what became of each, what it said,
//! and the ways out as a whole.

use actix_web::{HttpResponse, web};
use conexao_domain::integration::message::MESSAGE;
use conexao_engine::messages::{self, events, pauses};
use serde_json::json;
use uuid::Uuid;

use crate::{ApiError, Caller, Operation, Routes, Settled, routes::object};

type Answer = Result<HttpResponse, ApiError>;
type Nothing = serde_json::Map<String, serde_json::Value>;

const MANAGE: &str = "settings.manage";

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let optional = || json!({ "type": ["string", "null"] });
    let operation = |summary: &str| Operation::new(MESSAGE.name, summary);
    let event = object(&[
        ("at", text()),
        ("kind", json!({ "type": "string", "enum": ["attempt", "receipt", "report"] })),
        ("status", text()),
        ("code", optional()),
        ("detail", optional()),
    ]);
    let items = |item| object(&[("items", json!({ "type": "array", "items": item }))]);
    let history = operation("What became of a message: attempts, and what providers said later");
    routes.get("/messages/{id}/events", history.permission("message.read").answer(200, items(event)), listed);
    let content = object(&[("subject", text()), ("text", text()), ("html", text())]);
    let said = operation("What a message says; leaves an entry in the audit").permission("message.reveal");
    routes.get("/messages/{id}/content", said.answer(200, content), content_of);
    let channel = object(&[
        ("channel", text()),
        ("ready", json!({ "type": "boolean" })),
        ("paused_at", optional()),
        ("paused_by", optional()),
        ("problem", optional()),
        ("problem_at", optional()),
        ("counts", json!({ "type": "object", "additionalProperties": { "type": "integer" } })),
    ]);
    let all = operation("Ways out: set up, paused, broken; what waits").permission("message.read");
    routes.get("/channels", all.answer(200, items(channel)), channels);
    let intake = operation("Where mail servers hand reports in").permission(MANAGE);
    routes.get("/channels/intake", intake.answer(200, object(&[("url", text())])), intake_address);
    let stop = operation("Stop a way out; what waits stays").permission(MANAGE).empty(204);
    routes.post("/channels/{channel}/actions/pause", stop, pause);
    let go = operation("Let a way out go on").permission(MANAGE).empty(204);
    routes.post("/channels/{channel}/actions/resume", go, resume);
}

async fn listed(caller: Caller, id: web::Path<Uuid>) -> Answer {
    let items = events::list(&caller.engine, &caller.session, *id).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

async fn content_of(caller: Caller, id: web::Path<Uuid>) -> Answer {
    Ok(HttpResponse::Ok().json(messages::shown(&caller.engine, &caller.session, *id).await?))
}

async fn channels(caller: Caller) -> Answer {
    let items = pauses::list(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

async fn intake_address(caller: Caller) -> Answer {
    let url = pauses::intake(&caller.engine, &caller.session)?;
    Ok(HttpResponse::Ok().json(json!({ "url": url })))
}

async fn pause(channel: web::Path<String>, Settled { caller, .. }: Settled<Nothing>) -> Answer {
    pauses::pause(&caller.engine, &caller.session, &channel, true).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn resume(channel: web::Path<String>, Settled { caller, .. }: Settled<Nothing>) -> Answer {
    pauses::pause(&caller.engine, &caller.session, &channel, false).await?;
    Ok(HttpResponse::NoContent().finish())
}
