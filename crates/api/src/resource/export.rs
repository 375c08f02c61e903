//! Any list as a file: at once when it is short, else as a job.

use actix_web::{HttpResponse, body::SizedStream, http::header};
use conexao_domain::kernel::{
    problem::{Code, Problem},
    resource::Resource,
};
use conexao_engine::export::{self, Answer as Exported, Ready};
use futures_util::{StreamExt, stream};
use tokio::io::AsyncReadExt;

use super::{LIST_QUERY, operation, read::Pairs};
use crate::{ApiError, Caller, Routes, custom::disposition};

type Answer = Result<HttpResponse, ApiError>;

/// Bytes read from the disk at a time.
const PIECE: usize = 64 << 10;

pub(super) fn routes(routes: &mut Routes<'_>, resource: &'static Resource, path: &str) {
    let exported = operation(resource, "export", "Export a list; 202 with a job when it is long")
        .query(&[("format", "`xlsx`, `csv` or `jsonl`"), ("columns", "Comma-separated fields")])
        .query(LIST_QUERY)
        .media("application/octet-stream");
    routes.get(&format!("{path}/export"), exported, move |caller, query| export(resource, caller, query));
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
