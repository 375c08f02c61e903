//! The audit: looked through, looked at, taken out.

use actix_web::{HttpResponse, web};
use conexao_domain::kernel::problem::Problem;
use conexao_engine::{
    audit::{self, PARAMETERS, READ, Wanted},
    export::Answer as Exported,
};
use serde_json::{Value as Json, json};

use crate::{
    ApiError, Caller, Operation, Routes,
    resource::{Pairs, answers, send},
    routes::{component, object},
};

type Answer = Result<HttpResponse, ApiError>;

/// Group in the documentation.
const TAG: &str = "audit";

pub(super) fn routes(routes: &mut Routes<'_>) {
    let operation = |summary: &str| Operation::new(TAG, summary).permission(READ);
    let entries = object(&[
        ("items", json!({ "type": "array", "items": component("AuditEntry") })),
        ("next", json!({ "type": ["string", "null"] })),
        (
            "searched_to",
            json!({ "type": ["string", "null"], "description": "How far back the page looked when it gave up before it was full; `next` goes on from there" }),
        ),
    ]);
    let listed = operation("What happened, newest first").query(PARAMETERS).answer(200, entries);
    routes.get("/audit", listed, list);
    let state = operation("The chain: entries, last verification, first entry that does not fit");
    routes.get("/audit/chain", state.answer(200, chain_schema()), chain);
    let narrowed: Vec<(&str, &str)> =
        PARAMETERS.iter().copied().filter(|(name, _)| !["after", "limit"].contains(name)).collect();
    let exported = operation("Export what was looked for; 202 with a job when it is long")
        .query(&[("format", "`xlsx`, `csv` or `jsonl`")])
        .query(&narrowed);
    routes.get("/audit/export", answers(exported), export);
    let one = operation("One entry with what changed, personal data masked, and its link in the chain");
    routes.get("/audit/{seq}", one.answer(200, component("AuditEntry")), get);
}

fn chain_schema() -> Json {
    let number = || json!({ "type": ["integer", "null"] });
    object(&[
        ("entries", json!({ "type": "integer" })),
        ("verified_at", json!({ "type": ["string", "null"], "format": "date-time" })),
        ("verified_entries", number()),
        ("broken_at", number()),
    ])
}

async fn list(caller: Caller, query: Pairs) -> Answer {
    caller.session.require(READ)?;
    let wanted = Wanted::read(&caller.session, &query)?;
    let listed = audit::list(&caller.engine, &caller.session, &wanted).await?;
    Ok(HttpResponse::Ok().json(listed.answer()))
}

async fn get(caller: Caller, seq: web::Path<String>) -> Answer {
    caller.session.require(READ)?;
    let seq = seq.parse().map_err(|_| Problem::not_found())?;
    Ok(HttpResponse::Ok().json(audit::get(&caller.engine, &caller.session, seq).await?))
}

async fn chain(caller: Caller) -> Answer {
    Ok(HttpResponse::Ok().json(audit::chain(&caller.engine, &caller.session).await?))
}

async fn export(caller: Caller, query: Pairs) -> Answer {
    caller.session.require(READ)?;
    match audit::export(&caller.engine, &caller.session, &query).await? {
        Exported::Job(job) => Ok(HttpResponse::Accepted().json(job)),
        Exported::File(ready) => Ok(send(ready).await?),
    }
}
