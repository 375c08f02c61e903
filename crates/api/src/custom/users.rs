//! What users have beyond being records: a password.

use actix_web::{HttpResponse, web};
use conexao_domain::identity::user::USER;
use conexao_engine::identity;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{ApiError, Idempotent, Operation, Routes, reply, routes::object};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let body = object(&[("password", json!({ "type": "string", "minLength": 10 }))]);
    let operation = Operation::new("user", "Set a user's password").permission("user.update").body(body).empty(204);
    routes.post("/users/{id}/actions/set-password", operation, set_password);
}

#[derive(Debug, Deserialize)]
struct Password {
    password: String,
}

async fn set_password(
    id: web::Path<Uuid>,
    Idempotent { caller, body }: Idempotent<Password>,
) -> Result<HttpResponse, ApiError> {
    let gate = caller.gate(&USER, "update")?;
    reply::once(&caller, async {
        identity::set_password(&caller.engine, &gate, *id, &body.password).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
