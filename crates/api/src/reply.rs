//! Answers that several handlers share.

use std::future::Future;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header};
use conexao_domain::kernel::{
    problem::{Code, Problem},
    record::Record,
};
use conexao_engine::idempotency;
use futures_util::future::LocalBoxFuture;
use serde_json::Value as Json;

use crate::{ApiError, Caller};

/// A record with its version as `ETag`.
pub fn record(status: StatusCode, record: &Record) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::ETAG, format!("\"{}\"", record.version()))).json(record)
}

/// The version a write is based on, from `If-Match`.
pub fn if_match(request: &HttpRequest) -> Result<i64, Problem> {
    let value = request.headers().get(header::IF_MATCH).ok_or_else(|| Problem::new(Code::PreconditionRequired))?;
    let version = value.to_str().ok().and_then(|v| v.trim_start_matches("W/").trim_matches('"').parse().ok());
    version.ok_or_else(|| Problem::new(Code::Malformed).detail("If-Match"))
}

/// Runs a write once per idempotency key: a repetition gets the first answer.
pub fn once<'a>(
    caller: &'a Caller,
    write: impl Future<Output = Result<HttpResponse, Problem>> + 'a,
) -> LocalBoxFuture<'a, Result<HttpResponse, ApiError>> {
    // Boxed before it is awaited: a whole write is a large future.
    let write = Box::pin(write);
    Box::pin(async move {
        if let Some(first) = stored(caller).await? {
            return Ok(first);
        }
        match write.await {
            // A twin of this request was faster and has committed by now.
            Err(problem) if problem.code == Code::InProgress => stored(caller).await?.ok_or(ApiError(problem)),
            answer => answer.map_err(ApiError),
        }
    })
}

async fn stored(caller: &Caller) -> Result<Option<HttpResponse>, Problem> {
    let found = idempotency::find(&caller.engine, &caller.session).await?;
    Ok(found.map(|(status, body)| {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        response.insert_header(("Idempotent-Replayed", "true"));
        if let Some(version) = body.get("version").and_then(Json::as_i64) {
            response.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        if body.is_null() { response.finish() } else { response.json(body) }
    }))
}
