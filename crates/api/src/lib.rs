//! The HTTP side: every resource mounted and documented by the same call, the
//! named exceptions in `custom/`, problems in the caller's language.

mod caller;
pub mod custom;
mod error;
pub mod middleware;
pub mod openapi;
mod operation;
pub mod permissions;
pub mod privacy;
mod program;
mod reply;
mod resource;
mod routes;
mod upload;

use actix_web::{dev::HttpServiceFactory, middleware::from_fn, web};
use conexao_domain::registry::RESOURCES;
use conexao_engine::{Engine, jobs::Registry};
use operation::MAX_BODY;

pub use caller::{Caller, Idempotent, Settled};
pub use error::ApiError;
pub use operation::Operation;
pub use routes::Routes;

/// Adds every route: custom ones first, because they are the exceptions.
fn routes(routes: &mut Routes<'_>) {
    custom::routes(routes);
    for resource in RESOURCES {
        resource::routes(routes, resource);
    }
}

fn collect(operations: &mut Vec<Operation>) -> Routes<'_> {
    let mut all = Routes::new(operations);
    routes(&mut all);
    all
}

/// The whole of `/api/v1`, ready to be added to an application; pages of other
/// `origins` may call it with tokens.
pub fn service(engine: Engine, registry: Registry, origins: &[String]) -> impl HttpServiceFactory + use<> {
    web::scope("/api/v1")
        .app_data(web::Data::new(engine))
        .app_data(web::Data::new(registry))
        .app_data(web::PayloadConfig::new(MAX_BODY))
        .app_data(web::JsonConfig::default().limit(MAX_BODY))
        .configure(|config| collect(&mut Vec::new()).mount(config))
        .default_service(web::to(routes::nothing_here))
        .wrap(from_fn(program::account))
        .wrap(from_fn(middleware::same_site))
        .wrap(middleware::cross_origin(origins))
}

/// Every operation as it is mounted, for the OpenAPI document.
pub fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    collect(&mut operations);
    operations
}
