//! The privacy desk: people found everywhere, handed over, anonymised; what is
//! kept, for how long, and what reached its end.

use actix_web::{HttpResponse, http::header, web};
use conexao_domain::{
    kernel::problem::Code,
    privacy::{ERASE, SEARCH},
};
use conexao_engine::privacy::{self, Chosen, Identity, Proposed};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    ApiError, Caller, Idempotent, Operation, Routes, reply,
    routes::{component, object},
};

type Answer = Result<HttpResponse, ApiError>;

/// Group in the documentation.
const TAG: &str = "privacy";

pub(super) fn routes(routes: &mut Routes<'_>) {
    desk_routes(routes);
    let operation = |summary: &str| Operation::new(TAG, summary);
    let listed = operation("How long the law has what kept, and how long this company keeps it").permission(SEARCH);
    routes.get("/privacy/retention", listed.answer(200, items("RetentionChoice")), choices);
    let chosen = operation("Keep longer than the law asks, for a reason").permission("settings.manage");
    let body = object(&[
        ("basis", text(20)),
        ("years", json!({ "type": "integer", "minimum": 1, "maximum": 20 })),
        ("reason", text(300)),
    ]);
    routes.post("/privacy/retention", chosen.body(body).empty(204), choose);
    let due = operation("What reached its end: people without movement, and what was kept long enough");
    routes.get("/privacy/proposals", due.permission(SEARCH).answer(200, component("PrivacyProposals")), proposals);
    let proposed = operation("Make a request of a proposal; needs the permission to create requests as well");
    let body = object(&[("id", json!({ "type": "string", "format": "uuid" }))]);
    routes.post(
        "/privacy/proposals",
        proposed.permission(SEARCH).refuses(&[Code::NotFound]).body(body).answer(201, component("PrivacyRequest")),
        propose,
    );
    let kept = operation("People who were anonymised, and what the law keeps of them").permission(SEARCH);
    let page = object(&[
        ("items", json!({ "type": "array", "items": component("Erasure") })),
        ("next", json!({ "type": ["string", "null"] })),
    ]);
    routes.get("/privacy/kept", kept.query(&[("after", "`next` of the previous page")]).answer(200, page), list_kept);
    let shown = operation("What is kept of somebody, in full, for a reason; each look is recorded").permission(ERASE);
    routes.post(
        "/privacy/kept/{id}/reveal",
        shown.body(object(&[("reason", text(300))])).answer(200, items("KeptValue")),
        show_kept,
    );
    let gone = operation("Forget what was kept, once its time is over").permission(ERASE);
    routes.post("/privacy/kept/{id}/dispose", gone.empty(204), dispose);
}

/// What is done for one request, and the search without one.
fn desk_routes(routes: &mut Routes<'_>) {
    let operation = |summary: &str, permission: &str| Operation::new(TAG, summary).permission(permission);
    let identity = object(&[("document", text(20)), ("email", text(254)), ("phone", text(30)), ("name", text(160))]);
    let found = operation("Everything about somebody, by what they are known by", SEARCH).body(identity);
    routes.post("/privacy/search", found.answer(200, component("PrivacyFound")), find);
    let found = operation("Everything about the person of a request", SEARCH);
    routes.post("/privacy-requests/{id}/search", found.answer(200, component("PrivacyFound")), find_for);
    let made = operation("Make the file for the person: ZIP with a page to read, JSON and attachments", SEARCH);
    routes.post("/privacy-requests/{id}/export", made.body(chosen_schema(&[])).answer(202, component("Job")), export);
    let shown = operation("What an anonymisation would empty and keep, why and until when", SEARCH);
    routes.post(
        "/privacy-requests/{id}/preview",
        shown.body(chosen_schema(&[])).answer(200, component("PrivacyPreview")),
        preview,
    );
    let fixed = operation("Note on a record that its correction follows from the request; edit it afterwards", SEARCH);
    let one = object(&[("resource", text(60)), ("id", json!({ "type": "string", "format": "uuid" }))]);
    routes.post("/privacy-requests/{id}/correct", fixed.body(one).empty(204), correct);
    let digest =
        ("digest", json!({ "type": "string", "maxLength": 64, "description": "Of the preview that was agreed to" }));
    let erased = operation("Anonymise, as another person than who opened the request", ERASE);
    routes.post(
        "/privacy-requests/{id}/anonymise",
        erased.body(chosen_schema(&[digest])).answer(202, component("Job")),
        anonymise,
    );
}

fn text(most: u32) -> Json {
    json!({ "type": "string", "maxLength": most })
}

fn items(name: &str) -> Json {
    object(&[("items", json!({ "type": "array", "items": component(name) }))])
}

/// The records that are the person, and what else a body has.
fn chosen_schema(more: &[(&str, Json)]) -> Json {
    let one = object(&[("resource", text(60)), ("id", json!({ "type": "string", "format": "uuid" }))]);
    let records = (
        "records",
        json!({ "type": "array", "maxItems": 20, "items": one, "description": "The records that are the person" }),
    );
    object(&[&[records], more].concat())
}

/// Personal data, or the way to it: no cache keeps the answer.
fn private(body: Json) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

async fn find(Idempotent { caller, body }: Idempotent<Identity>) -> Answer {
    Ok(private(privacy::find(&caller.engine, &caller.session, &body).await?))
}

async fn find_for(caller: Caller, id: web::Path<Uuid>) -> Answer {
    Ok(private(privacy::find_for(&caller.engine, &caller.session, *id).await?))
}

#[derive(Debug, Deserialize)]
struct People {
    #[serde(default)]
    records: Vec<Chosen>,
    #[serde(default)]
    digest: String,
}

async fn preview(id: web::Path<Uuid>, Idempotent { caller, body }: Idempotent<People>) -> Answer {
    Ok(private(privacy::preview(&caller.engine, &caller.session, *id, &body.records).await?))
}

async fn export(id: web::Path<Uuid>, Idempotent { caller, body }: Idempotent<People>) -> Answer {
    caller.session.require(SEARCH)?;
    reply::once(&caller, async {
        let job = privacy::export(&caller.engine, &caller.session, *id, body.records.clone()).await?;
        Ok(HttpResponse::Accepted().json(job))
    })
    .await
}

async fn anonymise(id: web::Path<Uuid>, Idempotent { caller, body }: Idempotent<People>) -> Answer {
    caller.session.require(ERASE)?;
    reply::once(&caller, async {
        let records = body.records.clone();
        let job = privacy::anonymise(&caller.engine, &caller.session, *id, records, &body.digest).await?;
        Ok(HttpResponse::Accepted().json(job))
    })
    .await
}

async fn correct(id: web::Path<Uuid>, Idempotent { caller, body }: Idempotent<Chosen>) -> Answer {
    caller.session.require(SEARCH)?;
    reply::once(&caller, async {
        privacy::correct(&caller.engine, &caller.session, *id, &body).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

async fn choices(caller: Caller) -> Answer {
    Ok(HttpResponse::Ok().json(privacy::choices(&caller.engine, &caller.session).await?))
}

#[derive(Debug, Deserialize)]
struct Keeping {
    basis: String,
    years: u32,
    reason: String,
}

async fn choose(Idempotent { caller, body }: Idempotent<Keeping>) -> Answer {
    caller.session.require("settings.manage")?;
    reply::once(&caller, async {
        privacy::choose(&caller.engine, &caller.session, &body.basis, body.years, &body.reason).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

async fn proposals(caller: Caller) -> Answer {
    Ok(HttpResponse::Ok().json(privacy::proposals(&caller.engine, &caller.session).await?))
}

async fn propose(Idempotent { caller, body }: Idempotent<Proposed>) -> Answer {
    caller.session.require(SEARCH)?;
    reply::once(&caller, async {
        let made = privacy::propose(&caller.engine, &caller.session, &body).await?;
        Ok(HttpResponse::Created().json(made))
    })
    .await
}

#[derive(Debug, Deserialize)]
struct After {
    after: Option<Uuid>,
}

async fn list_kept(caller: Caller, query: web::Query<After>) -> Answer {
    Ok(HttpResponse::Ok().json(privacy::kept(&caller.engine, &caller.session, query.after).await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reason {
    reason: String,
}

async fn show_kept(id: web::Path<Uuid>, Idempotent { caller, body }: Idempotent<Reason>) -> Answer {
    Ok(private(privacy::show_kept(&caller.engine, &caller.session, *id, &body.reason).await?))
}

async fn dispose(id: web::Path<Uuid>, Idempotent { caller, .. }: Idempotent<Json>) -> Answer {
    caller.session.require(ERASE)?;
    reply::once(&caller, async {
        privacy::dispose(&caller.engine, &caller.session, *id).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
