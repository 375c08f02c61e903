//! Prometheus metrics: requests by operation and status, and their time.

use std::{sync::LazyLock, time::Instant};

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
};
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
}

static METRICS: LazyLock<Option<Metrics>> = LazyLock::new(|| create().ok());

fn create() -> prometheus::Result<Metrics> {
    let registry = Registry::new();
    let labels = &["method", "path", "status"];
    let requests = IntCounterVec::new(Opts::new("conexao_http_requests_total", "Requests answered"), labels)?;
    let seconds = HistogramVec::new(HistogramOpts::new("conexao_http_seconds", "Time to answer"), &["method", "path"])?;
    registry.register(Box::new(requests.clone()))?;
    registry.register(Box::new(seconds.clone()))?;
    Ok(Metrics { registry, requests, seconds })
}

pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let (start, method) = (Instant::now(), label(request.method()));
    let response = next.call(request).await?;
    if let Some(metrics) = METRICS.as_ref() {
        // The pattern, not the path: ids must not become label values.
        let path = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
        metrics.requests.with_label_values(&[method, &path, response.status().as_str()]).inc();
        metrics.seconds.with_label_values(&[method, &path]).observe(start.elapsed().as_secs_f64());
    }
    Ok(response)
}

/// Callers may make methods up; each would be a series of its own for ever.
pub(super) fn label(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// `/metrics` in the text format.
pub async fn metrics() -> HttpResponse {
    let mut text = Vec::new();
    if let Some(metrics) = METRICS.as_ref() {
        let _ = TextEncoder::new().encode(&metrics.registry.gather(), &mut text);
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}
