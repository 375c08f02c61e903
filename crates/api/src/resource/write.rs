//! Handlers that write.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use conexao_domain::kernel::{
    problem::{Code, Problem},
    resource::Resource,
};
use conexao_engine::write;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::{ApiError, Caller, Idempotent, reply};

type Answer = Result<HttpResponse, ApiError>;
type Input = Idempotent<Map<String, Json>>;

pub async fn create(resource: &'static Resource, Idempotent { caller, body }: Input) -> Answer {
    let gate = caller.gate(resource, "create")?;
    reply::once_in(&caller, Some(resource.path), async {
        let record = write::create(&caller.engine, &gate, &body).await?;
        let mut response = reply::record(StatusCode::CREATED, &record);
        let (name, location) = reply::location(resource.path, record.id());
        response.headers_mut().insert(name, location.parse().map_err(|_| Problem::new(Code::Internal))?);
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
    reply::once(&caller, async {
        let record = write::patch(&caller.engine, &gate, *id, version, &body).await?;
        forget(resource, &caller);
        Ok(reply::record(StatusCode::OK, &record))
    })
    .await
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
        forget(resource, &caller);
        Ok(reply::record(StatusCode::OK, &record))
    })
    .await
}

pub async fn undo(
    resource: &'static Resource,
    request: HttpRequest,
    id: web::Path<Uuid>,
    Idempotent { caller, .. }: Input,
) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let version = reply::if_match(&request)?;
    reply::once(&caller, async {
        let record = Box::pin(write::undo(&caller.engine, &gate, *id, version)).await?;
        forget(resource, &caller);
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

/// What changes who may do what is felt at once on this node.
fn forget(resource: &Resource, caller: &Caller) {
    if matches!(resource.name, "user" | "role" | "team" | "absence") {
        caller.engine.identity.forget();
        caller.engine.tokens.forget();
    }
}
