//! What is served beside the API: documentation, health, metrics.

use actix_web::{HttpRequest, HttpResponse, web};
use conexao_api::{middleware, openapi};
use conexao_engine::Engine;
use ipnet::IpNet;
use serde_json::json;

/// Alive: the process answers.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// Ready: what it needs answers too; says what does not.
pub async fn readyz(engine: web::Data<Engine>) -> HttpResponse {
    match engine.db.ping().await {
        Ok(()) => HttpResponse::Ok().json(json!({ "status": "ok", "database": "ok" })),
        Err(error) => {
            tracing::error!(%error, "not ready");
            HttpResponse::ServiceUnavailable().json(json!({ "status": "unavailable", "database": "does not answer" }))
        }
    }
}

pub async fn docs_style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css").body(openapi::STYLE)
}

/// Networks that may read metrics.
#[derive(Debug, Clone)]
pub struct MetricsFrom(pub Vec<IpNet>);

/// Metrics say what is used and how much; not everybody's business.
pub async fn metrics(request: HttpRequest, from: web::Data<MetricsFrom>) -> HttpResponse {
    let address = request.peer_addr().map(|peer| peer.ip().to_canonical());
    if address.is_some_and(|address| from.0.iter().any(|network| network.contains(&address))) {
        return middleware::metrics().await;
    }
    HttpResponse::NotFound().finish()
}
