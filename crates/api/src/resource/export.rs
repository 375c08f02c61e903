//! Any list as a file: at once when it is short, else as a job.

use actix_web::{HttpResponse, body::SizedStream, http::header};
use conexao_domain::kernel::{
    problem::{Code, Problem},
    resource::Resource,
};
use conexao_engine::export::{self, Answer as Exported, Format, Ready};
use futures_util::{StreamExt, stream};
use serde_json::json;
use tokio::io::AsyncReadExt;

use super::{LIST_QUERY, operation, read::Pairs};
use crate::{ApiError, Caller, Operation, Routes, custom::disposition, routes::component};

type Answer = Result<HttpResponse, ApiError>;

/// Bytes read from the disk at a time.
const PIECE: usize = 64 << 10;

pub(super) fn routes(routes: &mut Routes<'_>, resource: &'static Resource, path: &str) {
    let exported = operation(resource, "export", "Export a list; 202 with a job when it is long")
        .query(&[("format", "`xlsx`, `csv` or `jsonl`"), ("columns", "Comma-separated fields")])
        .query(LIST_QUERY);
    routes.get(&format!("{path}/export"), answers(exported), move |caller, query| export(resource, caller, query));
}

/// A file in the format that was asked for, or the job that makes it.
pub(crate) fn answers(operation: Operation) -> Operation {
    let file = || json!({ "type": "string", "format": "binary" });
    let operation = operation.media(Format::Xlsx.media_type());
    let operation = operation.or(200, Some((Format::Csv.media_type(), file())));
    let operation = operation.or(200, Some((Format::Jsonl.media_type(), file())));
    operation.or(202, Some(("application/json", component("Job"))))
}

async fn export(resource: &'static Resource, caller: Caller, query: Pairs) -> Answer {
    caller.gate(resource, "export")?;
    match export::export(&caller.engine, &caller.session, resource, &query).await? {
        Exported::Job(job) => Ok(HttpResponse::Accepted().json(job)),
        Exported::File(ready) => Ok(send(ready).await?),
    }
}

/// A finished file from this machine's disk; it is removed when it was sent.
pub(crate) async fn send(ready: Ready) -> Result<HttpResponse, Problem> {
    let lost = |error: std::io::Error| {
        tracing::error!(%error, "export file");
        Problem::new(Code::Internal)
    };
    let file = tokio::fs::File::open(&ready.path).await.map_err(lost)?;
    let size = file.metadata().await.map_err(lost)?.len();
    let (name, media) = (ready.name, ready.format.media_type());
    let content = stream::unfold((file, ready.path), |(mut file, path)| async move {
        let mut piece = Vec::with_capacity(PIECE);
        let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
        match (&mut file).take(limit).read_to_end(&mut piece).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(piece.into()), (file, path))),
            Err(error) => Some((Err(error), (file, path))),
        }
    });
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(disposition(&name, false))
        .body(SizedStream::new(size, content.boxed_local())))
}
