//! Answers that several handlers share.

use std::future::Future;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header};
use conexao_domain::kernel::{
    problem::{Code, Problem},
    record::Record,
};
use conexao_engine::idempotency;
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
pub async fn once(
    caller: &Caller,
    write: impl Future<Output = Result<HttpResponse, Problem>>,
) -> Result<HttpResponse, ApiError> {
    once_in(caller, None, write).await
}

/// Like [`once`] for a write that creates something under `path`.
pub async fn once_in(
    caller: &Caller,
    path: Option<&str>,
    write: impl Future<Output = Result<HttpResponse, Problem>>,
) -> Result<HttpResponse, ApiError> {
    if let Some(first) = stored(caller, path).await? {
        return Ok(first);
    }
    // Boxed: a whole write is a large future.
    match Box::pin(write).await {
        Ok(response) => Ok(response),
        // A twin of this request may have been faster: then the refusal (taken,
        // stale, in progress) is of its making, and its answer is ours too.
        Err(problem) => stored(caller, path).await?.ok_or(ApiError(problem)),
    }
}

/// Where a created record is found.
pub fn location(path: &str, id: &str) -> (header::HeaderName, String) {
    (header::LOCATION, format!("/api/v1/{path}/{id}"))
}

async fn stored(caller: &Caller, path: Option<&str>) -> Result<Option<HttpResponse>, Problem> {
    let found = idempotency::find(&caller.engine, &caller.session).await?;
    Ok(found.map(|(status, body)| {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        response.insert_header(("Idempotent-Replayed", "true"));
        if let Some(version) = body.get("version").and_then(Json::as_i64) {
            response.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        if let Some((path, id)) = path.zip(body.get("id").and_then(Json::as_str)) {
            response.insert_header(location(path, id));
        }
        if body.is_null() { response.finish() } else { response.json(body) }
    }))
}
