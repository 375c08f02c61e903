//! What is served beside the API: documentation, health, metrics.

use actix_web::{HttpResponse, web};
use conexao_api::openapi;
use conexao_engine::Engine;
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

pub async fn document() -> HttpResponse {
    HttpResponse::Ok().json(openapi::document())
}

pub async fn docs() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(openapi::page(&openapi::document()))
}

pub async fn docs_style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css").body(openapi::STYLE)
}
