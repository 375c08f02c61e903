//! The tenants of the installation, for its operator alone.

use actix_web::{HttpResponse, web};
use conexao_domain::kernel::{
    canonical::write_instant,
    problem::{Code, Problem},
};
use conexao_engine::{
    tenants::{self, Founded, Overview},
    tokens::PLANS,
};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{
    ApiError, Caller, Operation, Routes, Settled,
    routes::{demanding, object, page},
};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let operation = |verb: &str, summary: &str| Operation::new("tenant", summary).permission(format!("tenant.{verb}"));
    let after = [("after", "`next` of the previous page")];
    let listed = operation("read", "The tenants of the installation, the oldest first; for its operator");
    routes.get("/tenants", listed.query(&after).answer(200, page(&schema())), list);
    routes.get("/tenants/{id}", operation("read", "One tenant with how much it holds").answer(200, schema()), read);
    let text = || json!({ "type": "string" });
    let wanted = [
        ("name", text()),
        ("slug", json!({ "type": ["string", "null"] })),
        ("kind", json!({ "enum": ["production", "sandbox", "demo", null] })),
        ("email", json!({ "type": "string", "format": "email" })),
    ];
    let wanted = demanding(&["name", "email"], &wanted);
    let made = operation("create", "Make a tenant and invite its first administrator").body(wanted);
    routes.post("/tenants", made.answer(201, schema()).refuses(&[Code::Duplicate]), found);
    let why = demanding(&["reason"], &[("reason", text())]);
    let suspended = operation("suspend", "Keep everybody of a tenant out, at once; the reason is shown to them");
    let suspended = suspended.body(why).answer(200, schema()).refuses(&[Code::StepRefused]);
    routes.post("/tenants/{id}/actions/suspend", suspended, suspend);
    let plan = demanding(&["plan"], &[("plan", plans())]);
    let chosen = operation("plan", "What a tenant pays for, which bounds how often its programs may call").body(plan);
    routes.post("/tenants/{id}/actions/plan", chosen.answer(200, schema()), choose_plan);
    let again = operation("reinstate", "Let a suspended tenant in again").answer(200, schema());
    routes.post("/tenants/{id}/actions/reinstate", again.refuses(&[Code::StepRefused]), reinstate);
}

fn plans() -> Json {
    json!({ "enum": PLANS.iter().map(|plan| plan.name).collect::<Vec<_>>() })
}

fn schema() -> Json {
    let text = || json!({ "type": "string" });
    let optional = || json!({ "type": ["string", "null"] });
    object(&[
        ("id", json!({ "type": "integer" })),
        ("name", text()),
        ("slug", text()),
        ("kind", text()),
        ("status", text()),
        ("plan", plans()),
        ("reason", optional()),
        ("created_at", text()),
        ("users", json!({ "type": "integer" })),
        ("last_use", optional()),
        ("records", json!({ "type": ["object", "null"], "additionalProperties": { "type": "integer" } })),
        ("bytes", json!({ "type": ["integer", "null"] })),
    ])
}

fn shown(tenant: &Overview) -> Json {
    let row = &tenant.row;
    let (records, bytes) = tenant.volume.as_ref().map(|(records, bytes)| (records, *bytes)).unzip();
    let records = records.map(|records| records.iter().map(|(name, n)| ((*name).to_owned(), Json::from(*n))).collect());
    json!({
        "id": row.id,
        "name": row.name,
        "slug": row.slug,
        "kind": row.kind,
        "status": row.status,
        "plan": tenants::plan(row),
        "reason": row.reason,
        "created_at": write_instant(row.created_at),
        "users": tenant.users,
        "last_use": tenant.last_use.map(write_instant),
        "records": records.map(Json::Object),
        "bytes": bytes,
    })
}

#[derive(Debug, Deserialize)]
struct After {
    after: Option<i32>,
}

async fn list(caller: Caller, query: web::Query<After>) -> Answer {
    let (items, next) = tenants::list(&caller.engine, &caller.session, query.after).await?;
    let next = next.map(|id| id.to_string());
    Ok(HttpResponse::Ok().json(json!({ "items": items.iter().map(shown).collect::<Vec<_>>(), "next": next })))
}

/// A number that cannot be one belongs to nobody.
fn number(id: &str) -> Result<i32, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

async fn read(caller: Caller, id: web::Path<String>) -> Answer {
    caller.session.require("tenant.read")?;
    Ok(HttpResponse::Ok().json(shown(&tenants::one(&caller.engine, &caller.session, number(&id)?).await?)))
}

async fn found(Settled { caller, body }: Settled<Json>) -> Answer {
    caller.session.require("tenant.create")?;
    let wanted: Founded =
        serde_json::from_value(body).map_err(|e| Problem::new(Code::Malformed).detail(e.to_string()))?;
    let made = tenants::found(&caller.engine, &caller.session, &wanted).await?;
    Ok(HttpResponse::Created().json(shown(&made)))
}

#[derive(Debug, Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn suspend(id: web::Path<String>, Settled { caller, body }: Settled<Why>) -> Answer {
    caller.session.require("tenant.suspend")?;
    let done = tenants::suspend(&caller.engine, &caller.session, number(&id)?, &body.reason).await?;
    Ok(HttpResponse::Ok().json(shown(&done)))
}

async fn reinstate(caller: Caller, id: web::Path<String>) -> Answer {
    caller.session.require("tenant.reinstate")?;
    let done = tenants::reinstate(&caller.engine, &caller.session, number(&id)?).await?;
    Ok(HttpResponse::Ok().json(shown(&done)))
}

#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(default)]
    plan: String,
}

async fn choose_plan(id: web::Path<String>, Settled { caller, body }: Settled<Chosen>) -> Answer {
    caller.session.require("tenant.plan")?;
    let done = tenants::choose_plan(&caller.engine, &caller.session, number(&id)?, &body.plan).await?;
    Ok(HttpResponse::Ok().json(shown(&done)))
}
