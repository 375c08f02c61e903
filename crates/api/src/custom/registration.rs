//! Accounts that people ask for themselves, where the company takes them. What
//! is answered does not depend on who exists.

use actix_web::{HttpRequest, HttpResponse, web};
use conexao_domain::kernel::problem::Code;
use conexao_engine::{
    Engine,
    identity::registration::{self, Applicant},
};
use serde::Deserialize;
use serde_json::json;

use crate::{ApiError, Operation, Routes, caller, routes::object};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": text(), "maxItems": 20 });
    let public = |summary: &str| Operation::new("auth", summary).public().refuses(&[Code::NotFound, Code::Validation]);
    let looked = object(&[("company", text()), ("domains", texts()), ("approval", json!({ "type": "boolean" }))]);
    let operation = public("The company of a short name, if it takes registrations").answer(200, looked);
    routes.get("/auth/registration/{company}", operation, look);
    let body = object(&[("company", text()), ("name", text()), ("email", text())]);
    let operation = public("Ask for an account; a link is sent to the address").body(body).empty(202);
    routes.post("/auth/register", operation, register);
    let made = object(&[("email", text()), ("pending", json!({ "type": "boolean" }))]);
    let body = object(&[("password", json!({ "type": "string", "minLength": 10 }))]);
    let operation = public("Confirm an address by its link and choose a password, which makes the account");
    routes.post("/auth/registration/confirm/{token}", operation.body(body).answer(201, made), confirm);
}

async fn look(engine: web::Data<Engine>, company: web::Path<String>) -> Answer {
    let open = registration::open(&engine, &company).await?;
    let answer = json!({
        "company": open.company.name,
        "domains": open.settings.domains,
        "approval": open.settings.approval,
    });
    Ok(HttpResponse::Ok().json(answer))
}

#[derive(Debug, Deserialize)]
struct Asking {
    company: String,
    name: String,
    email: String,
}

#[derive(Deserialize)]
struct Confirming {
    password: String,
}

async fn register(engine: web::Data<Engine>, request: HttpRequest, body: web::Json<Asking>) -> Answer {
    let Asking { company, name, email } = body.into_inner();
    let locale = caller::locale(&request).unwrap_or_default();
    registration::register(&engine, &company, &Applicant { name, email, locale }).await?;
    Ok(HttpResponse::Accepted().finish())
}

async fn confirm(
    engine: web::Data<Engine>,
    request: HttpRequest,
    token: web::Path<String>,
    body: web::Json<Confirming>,
) -> Answer {
    let made = registration::confirm(&engine, &token, &body.password, caller::address(&request)).await?;
    Ok(HttpResponse::Created().json(json!({ "email": made.email, "pending": made.pending })))
}
