//! What a webhook can be told of.

use actix_web::HttpResponse;
use conexao_domain::{integration::webhook::WEBHOOK, registry};
use serde_json::json;

use crate::{ApiError, Caller, Operation, Routes, routes::object};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let items = object(&[("items", json!({ "type": "array", "items": { "type": "string" } }))]);
    let operation = Operation::new(WEBHOOK.name, "Every event there is").permission("webhook_subscription.read");
    routes.get("/webhook-events", operation.answer(200, items), events);
}

async fn events(caller: Caller) -> Result<HttpResponse, ApiError> {
    caller.gate(&WEBHOOK, "read")?;
    Ok(HttpResponse::Ok().json(json!({ "items": registry::events() })))
}
