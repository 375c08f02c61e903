//! The caller's own account, as the browser needs it.

use actix_web::HttpResponse;
use conexao_domain::{
    identity::role::ROLE,
    kernel::{problem::Problem, record::Record},
};
use conexao_engine::{Engine, Session, identity, notify, tenants};
use serde_json::{Map, Value as Json, json};

use crate::{
    ApiError, Caller, Idempotent, Operation, Routes,
    routes::{component, object},
};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let settings = object(&[
        ("name", json!({ "type": "string" })),
        ("theme", json!({ "type": "string" })),
        ("locale", json!({ "type": "string" })),
    ]);
    routes.get("/me", Operation::new("me", "Who I am and what I may do").answer(200, component("Me")), read);
    routes.patch(
        "/me",
        Operation::new("me", "Change my name, theme or language").body(settings).answer(200, component("Me")),
        change,
    );
    let items = object(&[("items", json!({ "type": "array", "items": { "type": "string" } }))]);
    routes.get("/permissions", Operation::new("me", "Every permission there is").answer(200, items), permissions);
}

/// The account behind a session, with its tenant and permissions.
pub async fn describe(engine: &Engine, session: &Session) -> Result<Json, Problem> {
    let tenant = tenants::get(engine, session.tenant).await?;
    let user = match &session.token {
        Some(token) if token.service => nobody(session),
        _ => identity::own_record(engine, session).await?,
    };
    let mut permissions: Vec<&String> = session.permissions.keys().collect();
    permissions.sort();
    Ok(json!({
        "user": { "id": user.id(), "name": user.get("name"), "email": user.get("email"), "locale": user.get("locale"), "theme": user.get("theme") },
        "tenant": { "id": tenant.id, "name": tenant.name, "slug": tenant.slug, "demo": tenant.demo, "time_zone": tenant.time_zone },
        "roles": user.lines("roles").iter().map(|l| json!({ "id": l.get("role_id"), "name": l.get("_refs").pointer("/role_id/title") })).collect::<Vec<_>>(),
        "permissions": permissions,
        "must_enrol": session.must_enrol,
        "unread": notify::unread(engine, session).await?,
    }))
}

/// A service token belongs to nobody; what is told is its own name.
fn nobody(session: &Session) -> Record {
    let mut record = Record::default();
    record.set("id", session.user.to_string());
    record.set("name", session.name.clone());
    record
}

async fn read(caller: Caller) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(describe(&caller.engine, &caller.session).await?))
}

async fn change(Idempotent { caller, body }: Idempotent<Map<String, Json>>) -> Result<HttpResponse, ApiError> {
    let allowed = ["name", "theme", "locale"];
    if let Some(other) = body.keys().find(|k| !allowed.contains(&k.as_str())) {
        return Err(Problem::field(other, "unknown").with("valid", allowed.map(Json::from).to_vec()).into());
    }
    identity::change_own(&caller.engine, &caller.session, &body).await?;
    Ok(HttpResponse::Ok().json(describe(&caller.engine, &caller.session).await?))
}

async fn permissions(caller: Caller) -> Result<HttpResponse, ApiError> {
    caller.gate(&ROLE, "read")?;
    Ok(HttpResponse::Ok().json(json!({ "items": conexao_domain::registry::permissions() })))
}
