//! Handlers that write.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use conexao_domain::kernel::resource::Resource;
use conexao_engine::write;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::{ApiError, Caller, Idempotent, reply};

type Answer = Result<HttpResponse, ApiError>;
type Input = Idempotent<Map<String, Json>>;

pub async fn create(resource: &'static Resource, Idempotent { caller, body }: Input) -> Answer {
    let gate = caller.gate(resource, "create")?;
    reply::once(&caller, async {
        let record = write::create(&caller.engine, &gate, &body).await?;
        let mut response = reply::record(StatusCode::CREATED, &record);
        let location = format!("/api/v1/{}/{}", resource.path, record.id());
        if let Ok(location) = header::HeaderValue::from_str(&location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    })
    .await
}

pub async fn patch(
    resource: &'static Resource,
    request: HttpRequest,
    id: web::Path<Uuid>,
    Idempotent { caller, body }: Input,
) -> Answer {
    let gate = caller.gate(resource, "update")?;
    let version = reply::if_match(&request)?;
    let record = write::patch(&caller.engine, &gate, *id, version, &body).await?;
    forget(resource, &caller);
    Ok(reply::record(StatusCode::OK, &record))
}

pub async fn remove(resource: &'static Resource, request: HttpRequest, caller: Caller, id: web::Path<Uuid>) -> Answer {
    let gate = caller.gate(resource, "delete")?;
    let version = reply::if_match(&request)?;
    write::remove(&caller.engine, &gate, *id, version).await?;
    forget(resource, &caller);
    Ok(HttpResponse::NoContent().finish())
}

pub async fn restore(resource: &'static Resource, id: web::Path<Uuid>, Idempotent { caller, .. }: Input) -> Answer {
    let gate = caller.gate(resource, "delete")?;
    reply::once(&caller, async {
        let record = write::restore(&caller.engine, &gate, *id).await?;
        Ok(reply::record(StatusCode::OK, &record))
    })
    .await
}

pub async fn step(
    resource: &'static Resource,
    name: &'static str,
    request: HttpRequest,
    id: web::Path<Uuid>,
    Idempotent { caller, body }: Input,
) -> Answer {
    let gate = caller.gate(resource, name)?;
    let version = reply::if_match(&request)?;
    reply::once(&caller, async {
        let record = Box::pin(write::step(&caller.engine, &gate, *id, version, name, &body)).await?;
        forget(resource, &caller);
        Ok(reply::record(StatusCode::OK, &record))
    })
    .await
}

/// A changed user or role is felt at once on this node.
fn forget(resource: &Resource, caller: &Caller) {
    if matches!(resource.name, "user" | "role") {
        caller.engine.identity.forget();
    }
}
