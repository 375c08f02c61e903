//! Passkeys: coming in with one, answering the second step, proving again who
//! one is, and one's own list of them.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::kernel::{canonical::write_instant, problem::Code};
use conexao_engine::{
    Engine,
    identity::{
        self, Proof, Signed,
        passkey::{self, Ceremony, PublicKeyCredential, RegisterPublicKeyCredential},
        two_factor,
    },
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::auth;
use crate::{ApiError, Caller, Operation, Routes, routes::object};

type Answer = Result<HttpResponse, ApiError>;

fn text() -> Json {
    json!({ "type": "string" })
}

/// What a browser made: a `PublicKeyCredential` as JSON.
fn credential() -> Json {
    let response = json!({ "type": "object", "description": "What the browser made, binary values in base64url" });
    let mut schema = object(&[("id", text()), ("rawId", text()), ("type", text()), ("response", response)]);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!("`PublicKeyCredential.toJSON()` of the browser"));
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
    schema
}

fn asked() -> Json {
    let options = json!({ "type": "object", "description": "`publicKey` options, binary values in base64url" });
    object(&[("ceremony", text()), ("options", options)])
}

/// The password, or what a passkey signed for `POST /me/passkeys/proof`.
pub(super) fn proof() -> [(&'static str, Json); 2] {
    [("password", text()), ("passkey", object(&[("ceremony", text()), ("credential", credential())]))]
}

pub(super) fn routes(routes: &mut Routes<'_>) {
    coming_in(routes);
    own(routes);
}

fn coming_in(routes: &mut Routes<'_>) {
    let refused = [Code::PasskeyRefused, Code::ChallengeExpired, Code::StepRefused, Code::Validation];
    let public = |summary: &str| Operation::new("auth", summary).public().refuses(&refused);
    let operation = public("What any passkey of ours is asked to sign").answer(200, asked());
    routes.post("/auth/passkey/options", operation, enter_options);
    let body = object(&[("ceremony", text()), ("credential", credential())]);
    routes.post("/auth/passkey", public("Log in with a passkey").body(body).answer(200, auth::granted()), enter);
    let operation = public("What the passkeys of a challenge's user are asked to sign");
    let operation = operation.body(object(&[("challenge", text())])).answer(200, asked());
    routes.post("/auth/two-factor/passkey/options", operation, second_options);
    let body = object(&[
        ("challenge", text()),
        ("ceremony", text()),
        ("credential", credential()),
        ("remember", json!({ "type": "boolean" })),
    ]);
    let operation = public("Second step of a log-in: a passkey for the challenge");
    routes.post("/auth/two-factor/passkey", operation.body(body).answer(200, auth::granted()), second);
}

fn own(routes: &mut Routes<'_>) {
    let refused = [Code::StepRefused, Code::ChallengeExpired, Code::Validation, Code::LastFactor, Code::Duplicate];
    let me = |summary: &str| Operation::new("me", summary).refuses(&refused);
    let instant = || json!({ "type": ["string", "null"], "format": "date-time" });
    let one = object(&[
        ("id", json!({ "type": "string", "format": "uuid" })),
        ("name", text()),
        ("created_at", instant()),
        ("last_used_at", instant()),
        ("blocked", json!({ "type": "boolean" })),
    ]);
    let listed = object(&[
        ("available", json!({ "type": "boolean" })),
        ("items", json!({ "type": "array", "items": one, "maxItems": 20 })),
    ]);
    routes.get("/me/passkeys", me("My passkeys, and whether browsers know passkeys here").answer(200, listed), list);
    let operation = me("What a new passkey of mine is made of; takes the password or a passkey");
    routes.post("/me/passkeys/options", operation.body(object(&proof())).answer(200, asked()), begin);
    let operation = me("What my passkeys are asked to sign, in the place of the password");
    routes.post("/me/passkeys/proof", operation.answer(200, asked()), prove);
    let body = object(&[("ceremony", text()), ("name", text()), ("credential", credential())]);
    let codes = json!({ "type": "array", "items": text() });
    let added = object(&[("id", json!({ "type": "string", "format": "uuid" })), ("recovery_codes", codes)]);
    let operation = me("Add a passkey; the first factor of all comes with recovery codes, shown this once");
    routes.post("/me/passkeys", operation.body(body).answer(201, added), add);
    let operation = me("Give one of my passkeys another name").body(object(&[("name", text())])).empty(204);
    routes.patch("/me/passkeys/{id}", operation, rename);
    let operation = me("Remove one of my passkeys; takes the password or a passkey");
    routes.post("/me/passkeys/{id}/actions/remove", operation.body(object(&proof())).empty(204), remove);
}

/// A question that is good once.
fn once(asked: &Ceremony) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(asked)
}

async fn enter_options(engine: web::Data<Engine>, request: HttpRequest) -> Answer {
    Ok(once(&passkey::enter_options(&engine, &auth::origin(&request)).await?))
}

#[derive(Debug, Deserialize)]
struct Entering {
    ceremony: String,
    credential: PublicKeyCredential,
}

async fn enter(engine: web::Data<Engine>, request: HttpRequest, body: web::Json<Entering>) -> Answer {
    let origin = auth::origin(&request);
    let granted = passkey::enter(&engine, &body.ceremony, &body.credential, origin).await?;
    auth::answer(&engine, &request, granted).await
}

#[derive(Debug, Deserialize)]
struct Challenged {
    challenge: String,
}

async fn second_options(engine: web::Data<Engine>, request: HttpRequest, body: web::Json<Challenged>) -> Answer {
    Ok(once(&two_factor::passkey_options(&engine, &body.challenge, &auth::origin(&request)).await?))
}

#[derive(Debug, Deserialize)]
struct Second {
    challenge: String,
    #[serde(flatten)]
    signed: Signed,
    #[serde(default)]
    remember: bool,
}

async fn second(engine: web::Data<Engine>, request: HttpRequest, body: web::Json<Second>) -> Answer {
    let (Second { challenge, signed, remember }, origin) = (body.into_inner(), auth::origin(&request));
    let granted = identity::second_step_by_passkey(&engine, &challenge, &signed, remember, origin).await?;
    auth::answer(&engine, &request, granted).await
}

async fn list(caller: Caller) -> Answer {
    let keys = passkey::list(&caller.engine, &caller.session).await?;
    let items = keys.items.iter().map(|key| {
        json!({
            "id": key.id,
            "name": key.name,
            "created_at": write_instant(key.created_at),
            "last_used_at": key.last_used_at.map(write_instant),
            "blocked": key.blocked_at.is_some(),
        })
    });
    Ok(HttpResponse::Ok().json(json!({ "available": keys.available, "items": items.collect::<Vec<_>>() })))
}

async fn begin(caller: Caller, body: web::Json<Proof>) -> Answer {
    Ok(once(&passkey::begin(&caller.engine, &caller.session, &body).await?))
}

async fn prove(caller: Caller) -> Answer {
    Ok(once(&passkey::proof_options(&caller.engine, &caller.session).await?))
}

#[derive(Debug, Deserialize)]
struct New {
    ceremony: String,
    name: String,
    credential: RegisterPublicKeyCredential,
}

async fn add(caller: Caller, body: web::Json<New>) -> Answer {
    let New { ceremony, name, credential } = body.into_inner();
    let added = passkey::add(&caller.engine, &caller.session, &ceremony, &name, &credential).await?;
    let mut answer = HttpResponse::Created();
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(answer.json(json!({ "id": added.id, "recovery_codes": added.recovery_codes })))
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

async fn rename(caller: Caller, id: web::Path<Uuid>, body: web::Json<Named>) -> Answer {
    passkey::rename(&caller.engine, &caller.session, *id, &body.name).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn remove(caller: Caller, id: web::Path<Uuid>, body: web::Json<Proof>) -> Answer {
    passkey::remove(&caller.engine, &caller.session, *id, &body).await?;
    Ok(HttpResponse::NoContent().finish())
}
