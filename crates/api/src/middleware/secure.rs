//! Security headers on everything.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, STRICT_TRANSPORT_SECURITY},
    middleware::Next,
};

/// The application: scripts and styles only from here and nothing inline; the
/// wasm module is the one exception to "no eval". Trusted Types cannot be
/// demanded: Leptos hands its static templates to `innerHTML`, and a policy
/// that lets everything pass would only look like protection.
const APPLICATION: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The documentation: a style sheet and text.
const DOCUMENTATION: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Answers of the API are data. Should a browser show one, nothing in it runs;
/// the page that ends mail has a form.
const DATA: &str = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    sandbox allow-forms allow-same-origin";

const HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), serial=(), bluetooth=(), browsing-topics=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("x-permitted-cross-domain-policies", "none"),
];

/// Two years, as browsers' own lists ask for.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

fn policy(path: &str) -> &'static str {
    match path {
        _ if path.starts_with("/api/v1/") || path == "/metrics" => DATA,
        _ if path.starts_with("/api/") => DOCUMENTATION,
        _ => APPLICATION,
    }
}

pub async fn secure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let tls = request.connection_info().scheme() == "https";
    let (policy, data) = (policy(request.path()), request.path().starts_with("/api/v1/"));
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // People's data stays out of caches, unless a handler knows better.
    if data && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    Ok(response)
}
