//! Other sites. A cross-site page may neither make a browser use its log-in
//! cookies here, nor read answers, unless its origin is configured; and then
//! it reads with a token of its own, never with cookies.

use actix_cors::Cors;
use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderName, ORIGIN},
    },
    middleware::Next,
};
use conexao_domain::kernel::problem::{Code, Problem};

use crate::ApiError;

/// Where log-ins are, which cookies belong to.
const COOKIES: &str = "/api/v1/auth/";
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// How long browsers remember what they may ask for, in seconds.
const REMEMBERED: usize = 3600;

/// Headers of requests that other origins may send.
const SENT: [&str; 7] =
    ["authorization", "content-type", "accept", "accept-language", "if-match", "idempotency-key", "last-event-id"];
/// Headers of answers that they may read.
const READ: [&str; 8] = [
    "etag",
    "location",
    "x-request-id",
    "retry-after",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "idempotent-replayed",
];

/// Answers to the pages of exactly these origins, without credentials.
pub fn cross_origin(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers(SENT)
        .expose_headers(READ)
        .max_age(REMEMBERED)
        // Our own pages send an origin, too; browsers refuse others by what is missing.
        .block_on_origin_mismatch(false);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// Whether a browser sent this for a page of another site. Programs say
/// neither where they come from nor bring a browser's cookies.
fn is_cross_site(request: &ServiceRequest) -> bool {
    let text = |name: HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(SITE) {
        return !["same-origin", "none"].contains(&site);
    }
    let Some(origin) = text(ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    host != Some(request.connection_info().host())
}

/// Refuses log-in, refresh and log-out on behalf of another site's page.
pub(crate) async fn same_site(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let guarded = request.path().starts_with(COOKIES) && request.method() != Method::GET;
    if guarded && is_cross_site(&request) {
        let problem = Problem::new(Code::Forbidden).detail("cross_site");
        return Ok(request.error_response(ApiError(problem)).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

/// Whether the text is an origin as browsers write it: scheme, host, port only
/// where it is not the scheme's own, nothing behind.
pub fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(host) = host else { return false };
    let default = if text.starts_with("https") { ":443" } else { ":80" };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
    !host.is_empty()
        && host.chars().all(plain)
        && !host.ends_with(default)
        && header::HeaderValue::from_str(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn an_origin_has_no_path_no_wildcard_and_no_needless_port() {
        for good in ["https://portal.empresa.com.br", "http://localhost:3000", "https://[::1]:8443"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "*",
            "null",
            "",
            "https://",
            "https://*.a.com",
            "https://a.com/",
            "https://a.com:443",
            "HTTPS://a.com",
            "a.com",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
