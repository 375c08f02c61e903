//! The HTTP side: every resource mounted and documented by the same call, the
//! named exceptions in `custom/`, problems in the caller's language.

mod caller;
pub mod custom;
mod error;
pub mod middleware;
pub mod openapi;
pub mod permissions;
mod program;
mod reply;
mod resource;
mod routes;

use actix_web::{dev::HttpServiceFactory, middleware::from_fn, web};
use conexao_domain::registry::RESOURCES;
use conexao_engine::{Engine, jobs::Registry};

pub use caller::{Caller, Idempotent};
pub use error::ApiError;
pub use routes::{Operation, Routes};

/// Largest JSON body accepted, in bytes.
const MAX_JSON: usize = 2 * 1024 * 1024;

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

/// The whole of `/api/v1`, ready to be added to an application.
pub fn service(engine: Engine, registry: Registry) -> impl HttpServiceFactory {
    web::scope("/api/v1")
        .app_data(web::Data::new(engine))
        .app_data(web::Data::new(registry))
        .app_data(web::PayloadConfig::new(MAX_JSON))
        .app_data(custom::form_limit())
        .app_data(custom::temp_files())
        .configure(|config| collect(&mut Vec::new()).mount(config))
        .default_service(web::to(routes::nothing_here))
        .wrap(from_fn(program::account))
}

/// Every operation as it is mounted, for the OpenAPI document.
pub fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    collect(&mut operations);
    operations
}
