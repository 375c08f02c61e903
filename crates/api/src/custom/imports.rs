//! Imports: upload, mapping, trying, running, correcting, taking back.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::{
    kernel::problem::{Code, Problem},
    registry::{self, RESOURCES},
};
use conexao_engine::import::{self, Change, FailedFormat, MAX_BYTES};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::disposition;
use crate::{
    ApiError, Caller, Idempotent, Operation, Routes, Settled, caller, reply,
    routes::{component, object, page},
    upload,
};

type Answer = Result<HttpResponse, ApiError>;
type Started = Idempotent<Map<String, Json>>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let operation = |summary: &str| Operation::new("import", summary);
    let one = || component("Import");
    let resource = json!({ "type": "string", "enum": RESOURCES.iter().map(|r| r.name).collect::<Vec<_>>() });
    let received = operation("Upload a spreadsheet of at most 1 GB; `resource` names what it becomes")
        .upload(MAX_BYTES, &[("resource", resource)])
        .refuses(&[Code::File])
        .answer(201, one());
    routes.post("/imports", received, receive);
    let query = [("resource", "One resource"), ("after", "Cursor of the previous page")];
    routes.get("/imports", operation("Imports").query(&query).answer(200, page(&one())), list);
    routes.get("/imports/{id}", operation("One import").answer(200, one()), read);
    let changes = object(&[
        ("options", json!({ "type": "object", "description": "How the file is read" })),
        ("mapping", json!({ "type": "array", "items": { "type": "object" } })),
        ("mode", json!({ "type": "string", "enum": ["create", "update", "upsert"] })),
        ("key", json!({ "type": "string" })),
    ]);
    routes.patch(
        "/imports/{id}",
        operation("Change reading, mapping or mode").body(changes).refuses(&[Code::StepRefused]).answer(200, one()),
        change,
    );
    let rows_shown = || object(&[("rows", json!({ "type": "array", "items": { "type": "object" } }))]);
    routes.get("/imports/{id}/preview", operation("First rows as they would be").answer(200, rows_shown()), preview);
    let started = |summary: &str| operation(summary).answer(202, component("Job"));
    routes.post("/imports/{id}/simulate", started("Try every row, write nothing"), simulate);
    routes.post("/imports/{id}/run", started("Write the rows; afterwards the corrected ones"), run);
    routes.post("/imports/{id}/revert", started("Take everything back"), revert);
    let query = [("state", "`failed`, `ready` or `warning`"), ("after", "Cursor of the previous page")];
    let row = || json!({ "type": "object" });
    routes.get("/imports/{id}/rows", operation("Rows to look at").query(&query).answer(200, page(&row())), rows);
    let cells = object(&[("cells", json!({ "type": "object", "description": "Column index → text" }))]);
    let corrected = operation("Correct a row").body(cells).refuses(&[Code::StepRefused]).answer(200, row());
    routes.patch("/imports/{id}/rows/{line}", corrected, correct);
    let failed = |format: &str| operation(&format!("The failed rows with reasons, as {format}"));
    routes.get("/imports/{id}/failed.csv", failed("CSV").media("application/octet-stream"), failed_csv);
    routes.get("/imports/{id}/failed.xlsx", failed("XLSX").media("application/octet-stream"), failed_xlsx);
}

async fn receive(request: HttpRequest, mut caller: Caller, mut parts: Multipart) -> Answer {
    let upload = upload::receive(&mut parts, MAX_BYTES).await?;
    let resource = upload.text("resource").and_then(registry::by_name);
    let resource = resource.ok_or_else(|| Problem::field("resource", "choice"))?;
    let (path, name) = (upload.file.path(), upload.name.as_str());
    // What makes two uploads the same is what they hold, not how a form wraps it.
    let content = format!("{} {name} {}", resource.name, import::sum(path).await?);
    caller.session.idempotency = caller::key(&request, content.as_bytes())?;
    let receiving = import::receive(&caller.engine, &caller.session, resource, name, path);
    reply::once(&caller, async { Ok(HttpResponse::Created().json(receiving.await?)) }).await
}

#[derive(Debug, Deserialize)]
struct Query {
    resource: Option<String>,
    after: Option<Uuid>,
}

async fn list(caller: Caller, query: web::Query<Query>) -> Answer {
    let (items, next) = import::list(&caller.engine, &caller.session, query.resource.as_deref(), query.after).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": next })))
}

async fn read(caller: Caller, id: web::Path<Uuid>) -> Answer {
    Ok(HttpResponse::Ok().json(import::get(&caller.engine, &caller.session, *id).await?))
}

async fn change(id: web::Path<Uuid>, Settled { caller, body }: Settled<Change>) -> Answer {
    Ok(HttpResponse::Ok().json(import::change(&caller.engine, &caller.session, *id, body).await?))
}

async fn preview(caller: Caller, id: web::Path<Uuid>) -> Answer {
    Ok(HttpResponse::Ok().json(import::preview(&caller.engine, &caller.session, *id).await?))
}

async fn simulate(id: web::Path<Uuid>, Idempotent { caller, .. }: Started) -> Answer {
    let starting =
        async { Ok(HttpResponse::Accepted().json(import::simulate(&caller.engine, &caller.session, *id).await?)) };
    reply::once(&caller, starting).await
}

async fn run(id: web::Path<Uuid>, Idempotent { caller, .. }: Started) -> Answer {
    let starting =
        async { Ok(HttpResponse::Accepted().json(import::run(&caller.engine, &caller.session, *id).await?)) };
    reply::once(&caller, starting).await
}

async fn revert(id: web::Path<Uuid>, Idempotent { caller, .. }: Started) -> Answer {
    let starting =
        async { Ok(HttpResponse::Accepted().json(import::revert(&caller.engine, &caller.session, *id).await?)) };
    reply::once(&caller, starting).await
}

#[derive(Debug, Deserialize)]
struct Rows {
    #[serde(default)]
    state: String,
    after: Option<i64>,
}

async fn rows(caller: Caller, id: web::Path<Uuid>, query: web::Query<Rows>) -> Answer {
    let found = import::rows(&caller.engine, &caller.session, *id, &query.state, query.after).await?;
    let next = found.next.map(|line| line.to_string());
    Ok(HttpResponse::Ok().json(json!({ "items": found.items, "next": next })))
}

#[derive(Debug, Deserialize)]
struct Cells {
    cells: Map<String, Json>,
}

async fn correct(at: web::Path<(Uuid, i64)>, Settled { caller, body }: Settled<Cells>) -> Answer {
    let (id, line) = at.into_inner();
    let row = import::correct(&caller.engine, &caller.session, id, line, &body.cells).await?;
    Ok(HttpResponse::Ok().json(row))
}

async fn failed_csv(caller: Caller, id: web::Path<Uuid>) -> Answer {
    failed(&caller, *id, FailedFormat::Csv).await
}

async fn failed_xlsx(caller: Caller, id: web::Path<Uuid>) -> Answer {
    failed(&caller, *id, FailedFormat::Xlsx).await
}

/// The failed rows are bounded, so their file is too.
async fn failed(caller: &Caller, id: Uuid, format: FailedFormat) -> Answer {
    let (name, path) = import::failed_file(&caller.engine, &caller.session, id, format).await?;
    let content = tokio::fs::read(&path).await.map_err(|error| {
        tracing::error!(%error, "file of failed rows");
        Problem::new(Code::Internal)
    })?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(disposition(&name, false))
        .body(content))
}
