//! The second step of a log-in, and turning it on and off for oneself.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::{
    identity::user::USER,
    kernel::{canonical::write_instant, problem},
};
use conexao_engine::identity::{self, Proof, Signed, two_factor};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{auth, passkeys::proof};
use crate::{ApiError, Caller, Idempotent, Operation, Routes, reply, routes::object};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let body = object(&[("challenge", text()), ("code", text()), ("remember", json!({ "type": "boolean" }))]);
    let second = Operation::new("auth", "Second step of a log-in: a code for the challenge").public();
    let second =
        second.refuses(&[problem::Code::Credentials, problem::Code::ChallengeExpired, problem::Code::Forbidden]);
    routes.post("/auth/two-factor", second.body(body).answer(200, auth::granted()), second_step);

    let standing = object(&[
        ("since", json!({ "type": ["string", "null"], "format": "date-time" })),
        ("passkeys", json!({ "type": "integer" })),
        ("required", json!({ "type": "boolean" })),
        ("recovery_codes", json!({ "type": "integer" })),
    ]);
    let me = |summary: &str| Operation::new("me", summary);
    routes.get("/me/two-factor", me("How I stand with the second step").answer(200, standing), read);
    let refused = [problem::Code::StepRefused];
    let begun = object(&[("secret", text()), ("uri", text()), ("picture", text())]);
    let operation = me("Begin the second step: a key for an authenticator application");
    routes.post("/me/two-factor", operation.refuses(&refused).body(object(&proof())).answer(200, begun), begin);
    let codes = || object(&[("recovery_codes", json!({ "type": "array", "items": text() }))]);
    let code = || object(&[("code", text())]);
    let [_, passkey] = proof();
    let code_or_passkey = object(&[("code", text()), passkey]);
    let operation = me("Confirm the key by a code; answers the recovery codes");
    let confirmed = operation.refuses(&refused).body(code()).answer(200, codes());
    routes.post("/me/two-factor/confirm", confirmed, confirm);
    let operation = me("Replace my recovery codes");
    let renewed = operation.refuses(&refused).body(code_or_passkey).answer(200, codes());
    routes.post("/me/two-factor/recovery-codes", renewed, renew);
    let [password, passkey] = proof();
    let both = object(&[password, ("code", text()), passkey]);
    routes.post(
        "/me/two-factor/disable",
        me("End the authenticator application")
            .refuses(&[problem::Code::StepRefused, problem::Code::LastFactor])
            .body(both)
            .empty(204),
        disable,
    );
    let operation = Operation::new("user", "End a user's second step, for somebody who lost the device");
    let operation = operation.permission("user.update").empty(204);
    routes.post("/users/{id}/actions/reset-two-factor", operation, reset);
}

#[derive(Debug, Deserialize)]
struct Second {
    challenge: String,
    code: String,
    #[serde(default)]
    remember: bool,
}

async fn second_step(
    engine: web::Data<conexao_engine::Engine>,
    request: HttpRequest,
    body: web::Json<Second>,
) -> Answer {
    let origin = auth::origin(&request);
    let granted = identity::second_step(&engine, &body.challenge, &body.code, body.remember, origin).await?;
    auth::answer(&engine, &request, granted).await
}

/// An answer that nobody keeps.
fn once_shown(body: Json) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

async fn read(caller: Caller) -> Answer {
    let standing = two_factor::standing(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({
        "since": standing.since.map(write_instant),
        "passkeys": standing.passkeys,
        "required": standing.required,
        "recovery_codes": standing.codes,
    })))
}

async fn begin(caller: Caller, body: web::Json<Proof>) -> Answer {
    let begun = two_factor::begin(&caller.engine, &caller.session, &body).await?;
    Ok(once_shown(json!({ "secret": begun.secret, "uri": begun.uri, "picture": begun.picture })))
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

async fn confirm(caller: Caller, body: web::Json<Code>) -> Answer {
    let codes = two_factor::confirm(&caller.engine, &caller.session, &body.code).await?;
    Ok(once_shown(json!({ "recovery_codes": codes })))
}

#[derive(Debug, Deserialize)]
struct CodeOrPasskey {
    code: Option<String>,
    passkey: Option<Signed>,
}

async fn renew(caller: Caller, body: web::Json<CodeOrPasskey>) -> Answer {
    let CodeOrPasskey { code, passkey } = body.into_inner();
    let codes = two_factor::renew_codes(&caller.engine, &caller.session, code.as_deref(), passkey).await?;
    Ok(once_shown(json!({ "recovery_codes": codes })))
}

#[derive(Debug, Deserialize)]
struct Both {
    #[serde(flatten)]
    proof: Proof,
    code: Option<String>,
}

async fn disable(caller: Caller, body: web::Json<Both>) -> Answer {
    two_factor::disable(&caller.engine, &caller.session, &body.proof, body.code.as_deref()).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn reset(id: web::Path<Uuid>, Idempotent { caller, .. }: Idempotent<Json>) -> Answer {
    let gate = caller.gate(&USER, "update")?;
    reply::once(&caller, async {
        two_factor::reset(&caller.engine, &gate, *id).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
