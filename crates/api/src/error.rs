//! Problems → HTTP: one mapping for the whole API (RFC 9457).

use actix_web::{
    HttpRequest, HttpResponse, Responder, ResponseError,
    body::BoxBody,
    http::{StatusCode, header},
};
use conexao_domain::{
    kernel::problem::{Code, Problem},
    locale::{self, Locale},
};
use serde_json::{Map, Value as Json, json};

/// A problem on its way out. The middleware `speak` gives it the caller's
/// language and the request id.
pub struct ApiError(pub Problem);

/// As it is displayed: what a problem carries besides may be a whole record,
/// and this is what request logs show of an error.
impl std::fmt::Debug for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        answer(&self.0, Locale::default(), None)
    }
}

impl Responder for ApiError {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::from_error(self)
    }
}

/// The answer for a problem, in a language.
pub fn answer(problem: &Problem, locale: Locale, request_id: Option<&str>) -> HttpResponse {
    let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.content_type("application/problem+json");
    if let Some(seconds) = problem.extra.get("retry_after").and_then(Json::as_i64) {
        response.insert_header(("Retry-After", seconds.to_string()));
    }
    if let Some(methods) = problem.extra.get("allow").and_then(Json::as_str) {
        response.insert_header((header::ALLOW, methods));
    }
    if problem.code == Code::Unauthenticated {
        response.insert_header(("WWW-Authenticate", "Bearer"));
    }
    response.json(body(problem, locale, request_id))
}

fn body(problem: &Problem, locale: Locale, request_id: Option<&str>) -> Json {
    let code = problem.code.name();
    let mut body = Map::new();
    body.insert("type".into(), format!("/api/docs#problem-{code}").into());
    body.insert("title".into(), locale::text(locale, &format!("problem.{code}")).into());
    body.insert("status".into(), problem.code.status().into());
    body.insert("code".into(), code.into());
    if let Some(detail) = &problem.detail {
        let words = ["reason", "file"].iter().find_map(|kind| locale::find(locale, &format!("{kind}.{detail}")));
        body.insert("detail".into(), words.unwrap_or(detail).into());
        body.insert("reason".into(), detail.as_str().into());
    }
    if let Some(id) = request_id {
        body.insert("request_id".into(), id.into());
    }
    if !problem.fields.is_empty() {
        let errors = problem.fields.iter().map(|f| json!({ "field": f.field, "code": f.code, "message": locale::text(locale, &format!("invalid.{}", f.code)) }));
        body.insert("errors".into(), errors.collect::<Vec<_>>().into());
    }
    body.extend((*problem.extra).clone());
    Json::Object(body)
}
