//! Gives problems the caller's language and the request id, and turns the
//! framework's own errors (unreadable JSON, wrong path types) into problems.

use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};
use conexao_domain::kernel::problem::{Code, Problem};
use tracing_actix_web::RequestId;

use crate::{ApiError, caller, error};

pub async fn speak(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let locale = caller::locale(request.request()).unwrap_or_default();
    let id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let response = next.call(request).await?.map_into_boxed_body();
    let problem = response.response().error().map(|cause| match cause.as_error::<ApiError>() {
        Some(ApiError(problem)) => problem.clone(),
        None => foreign(cause),
    });
    let mut response = match problem {
        Some(problem) => {
            let mut answer = error::answer(&problem, locale, id.as_deref());
            // What was told of the allowance, and of who may read the answer,
            // holds for refusals, too.
            for (name, value) in response.headers().iter().filter(|(name, _)| holds(name.as_str())) {
                answer.headers_mut().insert(name.clone(), value.clone());
            }
            response.into_response(answer)
        }
        None => response,
    };
    if let Some(id) = id.and_then(|id| id.parse().ok()) {
        response.headers_mut().insert(actix_web::http::header::HeaderName::from_static("x-request-id"), id);
    }
    Ok(response)
}

fn holds(header: &str) -> bool {
    header == "vary" || ["ratelimit-", "access-control-"].iter().any(|start| header.starts_with(start))
}

/// The framework's refusals in our terms.
fn foreign(cause: &Error) -> Problem {
    match cause.as_response_error().status_code() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::TooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(Code::UnsupportedMedia),
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::REQUEST_TIMEOUT => Problem::new(Code::RequestTimeout),
        status if status.is_client_error() => Problem::new(Code::Malformed).detail(cause.to_string()),
        _ => {
            tracing::error!(error = %cause, "unexpected");
            Problem::new(Code::Internal)
        }
    }
}
