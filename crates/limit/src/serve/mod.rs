//! The bare limit: the product's JSON from one hand-written statement where
//! the product composes several. No row-level security (its role is not bound
//! by it), no permissions, no rate limit, no logs: what a product may not do.

mod auth;
mod create;
mod customers;
mod import;
mod journal;
mod json;
mod step;

use actix_web::{App, HttpResponse, HttpServer, ResponseError, http::StatusCode, web};
use sqlx::postgres::{PgPool, PgPoolOptions};

pub use auth::token;

/// What every handler needs; each thread has its own.
#[derive(Debug)]
pub struct State {
    pub pool: PgPool,
    pub keys: auth::Keys,
}

/// Why a request failed.
#[derive(Debug)]
pub enum Failure {
    Status(StatusCode),
    Database(sqlx::Error),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(status) => status.fmt(f),
            Self::Database(error) => error.fmt(f),
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Status(status) => *status,
            Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        eprintln!("limit: {error}");
        Self::Database(error)
    }
}

pub type Answer = Result<HttpResponse, Failure>;

/// Largest body in bytes.
const MOST: usize = 1 << 30;

/// Serves until it is ended.
pub async fn run(database_url: String, listen: String, secret: String, connections: u32) -> anyhow::Result<()> {
    let threads = 2;
    let server = HttpServer::new(move || {
        let options = PgPoolOptions::new().max_connections(connections / threads).test_before_acquire(false);
        let pool = options.connect_lazy(&database_url);
        let keys = auth::Keys::new(&secret);
        let state = pool.map(|pool| web::Data::new(State { pool, keys }));
        App::new()
            .configure(|config| {
                if let Ok(state) = state {
                    config.app_data(state);
                }
            })
            .app_data(web::PayloadConfig::new(MOST))
            .route("/import", web::post().to(import::import))
            .route("/export", web::get().to(import::export))
            .route("/readyz", web::get().to(ready))
            .route("/api/v1/customers", web::get().to(customers::list))
            .route("/api/v1/customers", web::post().to(create::create))
            .route("/api/v1/customers/lookup", web::get().to(customers::lookup))
            .route("/api/v1/customers/{id}", web::get().to(customers::get))
            .route("/api/v1/warranties/{id}/actions/request_return", web::post().to(step::request_return))
    });
    server.workers(usize::try_from(threads)?).bind(listen)?.run().await?;
    Ok(())
}

async fn ready(state: web::Data<State>) -> Answer {
    sqlx::query("SELECT 1").execute(&state.pool).await?;
    Ok(HttpResponse::Ok().finish())
}
