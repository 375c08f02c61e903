//! The caller's own account, as the browser needs it.

use actix_web::HttpResponse;
use conexao_domain::{
    identity::role::ROLE,
    kernel::{problem::Problem, record::Record},
};
use conexao_engine::{Engine, Session, identity, notify, preferences, tenants};
use serde_json::{Map, Value as Json, json};

use crate::{
    ApiError, Caller, Operation, Routes, Settled,
    routes::{component, object},
};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let settings = object(&[
        ("name", json!({ "type": "string" })),
        ("theme", json!({ "type": "string" })),
        ("locale", json!({ "type": "string" })),
        ("density", json!({ "type": "string" })),
        ("username", json!({ "type": ["string", "null"] })),
        (
            "shortcuts",
            json!({ "type": ["object", "null"], "additionalProperties": { "type": "string", "maxLength": 40 }, "maxProperties": 100, "description": "Action → key, e.g. `palette` → `Ctrl+K`; null for the usual ones" }),
        ),
        ("shortcuts_off", json!({ "type": "boolean" })),
    ]);
    routes.get("/me", Operation::new("me", "Who I am and what I may do").answer(200, component("Me")), read);
    routes.patch(
        "/me",
        Operation::new("me", "Change my name, user name, theme, language, density or keys")
            .body(settings)
            .answer(200, component("Me")),
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
    let own = preferences::get(engine, session).await?;
    let standing = session.standing.iter().map(|s| json!({ "id": s.user, "name": s.name, "until": s.until }));
    Ok(json!({
        "user": { "id": user.id(), "name": user.get("name"), "email": user.get("email"), "locale": user.get("locale"), "theme": user.get("theme"), "density": user.get("density"), "username": user.get("username"), "shortcuts": own.shortcuts, "shortcuts_off": own.shortcuts_off },
        "tenant": company(engine, session, &tenant).await?,
        "roles": user.lines("roles").iter().map(|l| json!({ "id": l.get("role_id"), "name": l.get("_refs").pointer("/role_id/title") })).collect::<Vec<_>>(),
        "permissions": session.held(),
        "standing_in": standing.collect::<Vec<_>>(),
        "must_enrol": session.must_enrol,
        "unread": notify::unread(engine, session).await?,
    }))
}

/// What everybody in a company sees of it.
async fn company(engine: &Engine, session: &Session, row: &tenants::Row) -> Result<Json, Problem> {
    let values = &engine.house(session.tenant).await?.company.values;
    let face = tenants::face(engine, session).await?;
    let [light, dark] = tenants::logos(row);
    Ok(json!({
        "id": row.id,
        "name": row.name,
        "trade_name": values.get("trade_name"),
        "slug": row.slug,
        "kind": row.kind,
        "time_zone": row.time_zone,
        "logos": { "light": light, "dark": dark },
        "accents": { "light": values.get("accent_light"), "dark": values.get("accent_dark") },
        "clock": if face.moved { face.json() } else { Json::Null },
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

async fn change(Settled { caller, body }: Settled<Map<String, Json>>) -> Result<HttpResponse, ApiError> {
    let account = ["name", "username", "theme", "locale", "density"];
    let allowed = [&account[..], &preferences::FIELDS].concat();
    if let Some(other) = body.keys().find(|k| !allowed.contains(&k.as_str())) {
        return Err(Problem::field(other, "unknown").with("valid", allowed).into());
    }
    let (own, settings): (Map<_, _>, Map<_, _>) =
        body.into_iter().partition(|(name, _)| preferences::FIELDS.contains(&name.as_str()));
    preferences::change(&caller.engine, &caller.session, &own).await?;
    identity::change_own(&caller.engine, &caller.session, &settings).await?;
    Ok(HttpResponse::Ok().json(describe(&caller.engine, &caller.session).await?))
}

async fn permissions(caller: Caller) -> Result<HttpResponse, ApiError> {
    caller.gate(&ROLE, "read")?;
    Ok(HttpResponse::Ok().json(json!({ "items": caller.session.house.permissions() })))
}
