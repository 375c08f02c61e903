//! The clock of the caller's tenant.

use actix_web::HttpResponse;
use conexao_domain::{kernel::problem::Code, settings::clock::ClockMove};
use conexao_engine::tenants;
use serde_json::{Value as Json, json};

use crate::{ApiError, Caller, Idempotent, Operation, Routes, reply, routes::object};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let instant = || json!({ "type": "string", "format": "date-time" });
    let flag = || json!({ "type": "boolean" });
    let face: Json =
        object(&[("now", instant()), ("real", instant()), ("moved", flag()), ("frozen", flag()), ("movable", flag())]);
    let read = Operation::new("settings", "What the company's clock shows").answer(200, face.clone());
    routes.get("/clock", read, show);
    let body = object(&[
        ("reset", flag()),
        ("set", json!({ "type": ["string", "null"], "format": "date-time" })),
        ("advance_seconds", json!({ "type": ["integer", "null"] })),
        ("frozen", json!({ "type": ["boolean", "null"] })),
    ]);
    let moved =
        Operation::new("settings", "Move the clock of an environment for trying things out, or of a demonstration")
            .permission("clock.move")
            .body(body)
            .answer(200, face)
            .refuses(&[Code::NotInProduction]);
    routes.post("/clock", moved, set);
}

async fn show(caller: Caller) -> Answer {
    let face = tenants::face(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(face.json()))
}

async fn set(Idempotent { caller, body }: Idempotent<ClockMove>) -> Answer {
    caller.session.require("clock.move")?;
    reply::once(&caller, async {
        let face = tenants::move_clock(&caller.engine, &caller.session, &body).await?;
        Ok(HttpResponse::Ok().json(face.json()))
    })
    .await
}
