//! The job centre: long work, followed, cancelled and tried again.

use actix_web::{HttpResponse, body::SizedStream, http::header, web};
use conexao_domain::kernel::problem::Code;
use conexao_engine::{
    export,
    jobs::{self, Registry},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{
    ApiError, Caller, Idempotent, Operation, Routes, reply,
    routes::{component, page},
};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let operation = |summary: &str| Operation::new("job", summary);
    let after = ("after", "Cursor of the previous page");
    let listed = operation("My jobs; with `job.manage` everybody's").query(&[after]);
    routes.get("/jobs", listed.answer(200, page(&component("Job"))), list);
    routes.get("/jobs/{id}", operation("One job").answer(200, component("Job")), read);
    let rows_read = operation("What became of each row").query(&[("failed", "`true` for failed rows only"), after]);
    routes.get("/jobs/{id}/rows", rows_read.answer(200, page(&component("JobRow"))), rows);
    routes.post("/jobs/{id}/cancel", operation("Cancel").answer(200, component("Job")), cancel);
    let again =
        operation("Do the rest, or the failed rows, again").refuses(&[Code::StepRefused]).answer(200, component("Job"));
    routes.post("/jobs/{id}/retry", again, retry);
    let undone = operation("Take back my bulk job, within ten minutes of its end; answers the job that does it");
    let undone = undone.refuses(&[Code::NotUndoable]).answer(202, component("Job"));
    routes.post("/jobs/{id}/actions/undo", undone, undo);
    routes.get("/jobs/{id}/file", operation("The file it made").media("application/octet-stream"), file);
}

#[derive(Debug, Deserialize)]
struct After {
    after: Option<Uuid>,
}

async fn list(caller: Caller, query: web::Query<After>) -> Answer {
    let found = jobs::list(&caller.engine, &caller.session, query.after).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": found.items, "next": found.next })))
}

async fn read(caller: Caller, id: web::Path<Uuid>) -> Answer {
    Ok(HttpResponse::Ok().json(jobs::get(&caller.engine, &caller.session, *id).await?))
}

#[derive(Debug, Deserialize)]
struct Rows {
    #[serde(default)]
    failed: bool,
    after: Option<i64>,
}

async fn rows(caller: Caller, id: web::Path<Uuid>, query: web::Query<Rows>) -> Answer {
    let found = jobs::rows(&caller.engine, &caller.session, *id, query.failed, query.after).await?;
    let next = found.next.map(|line| line.to_string());
    Ok(HttpResponse::Ok().json(json!({ "items": found.items, "next": next })))
}

async fn cancel(id: web::Path<Uuid>, Idempotent { caller, .. }: Idempotent<Map<String, Json>>) -> Answer {
    let cancelling = async {
        let job = jobs::cancel(&caller.engine, &caller.session, *id).await?;
        Ok(HttpResponse::Ok().json(job))
    };
    reply::once(&caller, cancelling).await
}

async fn retry(
    registry: web::Data<Registry>,
    id: web::Path<Uuid>,
    Idempotent { caller, .. }: Idempotent<Map<String, Json>>,
) -> Answer {
    let retrying = async {
        let job = jobs::retry(&caller.engine, &registry, &caller.session, *id).await?;
        Ok(HttpResponse::Ok().json(job))
    };
    reply::once(&caller, retrying).await
}

async fn undo(id: web::Path<Uuid>, Idempotent { caller, .. }: Idempotent<Map<String, Json>>) -> Answer {
    let undoing = async {
        let job = jobs::undo(&caller.engine, &caller.session, *id).await?;
        Ok(HttpResponse::Accepted().json(job))
    };
    reply::once(&caller, undoing).await
}

async fn file(caller: Caller, id: web::Path<Uuid>) -> Answer {
    let made = export::hand_out(&caller.engine, &caller.session, *id).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(super::attachments::disposition(&made.name, false))
        .body(SizedStream::new(made.content.size, made.content.content)))
}
