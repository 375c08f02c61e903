//! A forgotten password, and how strong a new one is. Open to anybody: what
//! is answered does not depend on who exists.

use actix_web::{HttpRequest, HttpResponse, web};
use conexao_domain::{
    kernel::problem::{Code, Problem},
    locale,
};
use conexao_engine::{Engine, identity};
use serde::Deserialize;
use serde_json::json;

use crate::{ApiError, Operation, Routes, caller, routes::object};

/// Longest text that is looked at: nobody's password is longer.
const MOST: usize = 1_000;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let operation = |summary: &str| Operation::new("auth", summary).public();
    let asked = operation("Send a link to choose a new password, if the address is somebody's");
    routes.post("/auth/recovery", asked.body(object(&[("email", text())])).empty(202), ask);
    let whose = object(&[("email", text()), ("name", text())]);
    let path = "/auth/recovery/{token}";
    routes.get(path, operation("Whose password a link changes, while it is good").answer(200, whose), whose_link);
    let password = object(&[("password", json!({ "type": "string", "minLength": 10 }))]);
    routes.post(path, operation("Choose a new password; every log-in ends").body(password).empty(204), recover);
    let estimate = object(&[
        ("score", json!({ "type": "integer", "minimum": 0, "maximum": 4 })),
        ("accepted", json!({ "type": "boolean" })),
        ("refused", json!({ "type": ["string", "null"] })),
    ]);
    let known = json!({ "type": "array", "items": text(), "maxItems": 5 });
    let estimated = operation("How strong a password is").body(object(&[("password", text()), ("known", known)]));
    routes.post("/auth/password-strength", estimated.answer(200, estimate), strength);
}

#[derive(Debug, Deserialize)]
struct Asked {
    email: String,
}

async fn ask(
    engine: web::Data<Engine>,
    request: HttpRequest,
    body: web::Json<Asked>,
) -> Result<HttpResponse, ApiError> {
    identity::ask(&engine, &body.email, caller::address(&request).as_deref()).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// An address that whoever has the link knows, and nobody else learns.
fn partly(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let shown: String = local.chars().take(2).collect();
    format!("{shown}•••@{domain}")
}

async fn whose_link(engine: web::Data<Engine>, token: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let user = identity::recovery(&engine, &token).await?;
    let email = partly(user.text("email").unwrap_or_default());
    Ok(HttpResponse::Ok().json(json!({ "email": email, "name": user.get("name") })))
}

#[derive(Debug, Deserialize)]
struct Password {
    password: String,
}

async fn recover(
    engine: web::Data<Engine>,
    request: HttpRequest,
    token: web::Path<String>,
    body: web::Json<Password>,
) -> Result<HttpResponse, ApiError> {
    identity::recover(&engine, &token, &body.password, caller::address(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Deserialize)]
struct Estimated {
    password: String,
    #[serde(default)]
    known: Vec<String>,
}

async fn strength(
    engine: web::Data<Engine>,
    request: HttpRequest,
    body: web::Json<Estimated>,
) -> Result<HttpResponse, ApiError> {
    let Estimated { password, known } = body.into_inner();
    if known.len() > 5 || known.iter().chain([&password]).any(|text| text.len() > MOST) {
        return Err(Problem::new(Code::Malformed).detail("password").into());
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let strength = identity::strength(&engine, &password, &known);
    let locale = caller::locale(&request).unwrap_or_default();
    let words = strength.refused.map(|refused| locale::text(locale, &format!("invalid.{}", refused.code)));
    let answer = json!({ "score": strength.score, "accepted": words.is_none(), "refused": words });
    Ok(HttpResponse::Ok().json(answer))
}

#[cfg(test)]
mod tests {
    use super::partly;

    #[test]
    fn an_address_is_shown_in_part() {
        assert_eq!(partly("helena@aurora.test"), "he•••@aurora.test");
        assert_eq!(partly("é@aurora.test"), "é•••@aurora.test");
    }
}
