//! Where the caller is logged in, and ending it.

use actix_web::{HttpResponse, web};
use conexao_domain::kernel::canonical::write_instant;
use conexao_engine::identity::{
    device,
    sessions::{self, LogIn},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{ApiError, Caller, Operation, Routes, routes::object};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": ["string", "null"] });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let one = object(&[
        ("id", json!({ "type": "string", "format": "uuid" })),
        ("browser", text()),
        ("system", text()),
        ("ip", text()),
        ("created_at", instant()),
        ("last_used_at", instant()),
        ("current", json!({ "type": "boolean" })),
    ]);
    let items = object(&[("items", json!({ "type": "array", "items": one }))]);
    let me = |summary: &str| Operation::new("me", summary);
    routes.get("/me/sessions", me("My log-ins that last, the last used first; at most 100").answer(200, items), list);
    routes.delete("/me/sessions/{id}", me("End one of my log-ins").empty(204), end);
    let ended = object(&[("ended", json!({ "type": "integer" }))]);
    routes.post("/me/sessions/actions/end-others", me("End all my log-ins but this one").answer(200, ended), others);
}

fn shown(login: &LogIn) -> Json {
    let device = device::read(login.row.device.as_deref().unwrap_or_default());
    json!({
        "id": login.row.id,
        "browser": device.browser,
        "system": device.system,
        "ip": login.row.ip,
        "created_at": write_instant(login.row.created_at),
        "last_used_at": write_instant(login.row.last_used_at),
        "current": login.current,
    })
}

async fn list(caller: Caller) -> Answer {
    let found = sessions::own(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": found.iter().map(shown).collect::<Vec<_>>() })))
}

async fn end(caller: Caller, id: web::Path<Uuid>) -> Answer {
    sessions::revoke(&caller.engine, &caller.session, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn others(caller: Caller) -> Answer {
    let ended = sessions::revoke_others(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "ended": ended })))
}
