//! Joining with an invitation's link. Invitations themselves are records.

use actix_web::{HttpRequest, HttpResponse, web};
use conexao_engine::{Engine, identity};
use serde::Deserialize;
use serde_json::json;

use crate::{ApiError, Operation, Routes, caller, routes::object};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let operation = |summary: &str| Operation::new("auth", summary).public();
    let path = "/auth/invitations/{token}";
    let invited = object(&[("email", text()), ("name", json!({ "type": ["string", "null"] })), ("company", text())]);
    routes.get(path, operation("What a link invites to, while it is good").answer(200, invited), look);
    let body = object(&[("name", text()), ("password", json!({ "type": "string", "minLength": 10 }))]);
    let joined = object(&[("email", text())]);
    routes.post(path, operation("Join with a name and a password").body(body).answer(201, joined), join);
}

async fn look(engine: web::Data<Engine>, token: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let invited = identity::invited(&engine, &token).await?;
    let answer = json!({ "email": invited.email, "name": invited.name, "company": invited.company });
    Ok(HttpResponse::Ok().json(answer))
}

#[derive(Debug, Deserialize)]
struct Joining {
    name: String,
    password: String,
}

async fn join(
    engine: web::Data<Engine>,
    request: HttpRequest,
    token: web::Path<String>,
    body: web::Json<Joining>,
) -> Result<HttpResponse, ApiError> {
    let address = caller::address(&request);
    let email = identity::join(&engine, &token, &body.name, &body.password, address).await?;
    Ok(HttpResponse::Created().json(json!({ "email": email })))
}
