//! How the caller wants to be told.

use actix_web::HttpResponse;
use conexao_domain::kernel::value::Patch;
use conexao_engine::notify::{self, Choice, Choices};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{ApiError, Caller, Idempotent, Operation, Routes, routes::object};

/// Most choices named in one request.
const MOST: usize = 200;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let time = || json!({ "type": ["string", "null"], "pattern": "^[0-2][0-9]:[0-5][0-9]$" });
    let choice = || object(&[("category", text()), ("channel", text()), ("wanted", json!({ "type": "boolean" }))]);
    let choices = || {
        object(&[
            ("choices", json!({ "type": "array", "items": choice(), "maxItems": MOST })),
            ("digest", json!({ "type": "boolean" })),
            ("quiet_from", time()),
            ("quiet_until", time()),
        ])
    };
    let operation = |summary: &str| Operation::new("notification", summary);
    let path = "/notification-choices";
    routes.get(path, operation("How I want to be told, per category and channel").answer(200, choices()), read);
    let change = operation("Change how I want to be told").body(choices());
    routes.patch(path, change.answer(200, choices()), choose);
}

fn shown(choices: &Choices) -> Json {
    let one = |one: &Choice| json!({ "category": one.category, "channel": one.channel, "wanted": one.wanted });
    let all: Vec<Json> = choices.choices.iter().map(one).collect();
    let Choices { digest, quiet_from, quiet_until, .. } = choices;
    json!({ "choices": all, "digest": digest, "quiet_from": quiet_from, "quiet_until": quiet_until })
}

async fn read(caller: Caller) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(shown(&notify::choices(&caller.engine, &caller.session).await?)))
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    choices: Vec<One>,
    digest: Option<bool>,
    /// `null` ends the quiet hours; what is not named stays.
    #[serde(default)]
    quiet_from: Patch<String>,
    #[serde(default)]
    quiet_until: Patch<String>,
}

#[derive(Debug, Deserialize)]
struct One {
    category: String,
    channel: String,
    wanted: bool,
}

async fn choose(Idempotent { caller, body }: Idempotent<Wanted>) -> Result<HttpResponse, ApiError> {
    let before = notify::choices(&caller.engine, &caller.session).await?;
    let choices = body.choices.into_iter().take(MOST);
    let wanted = Choices {
        choices: choices.map(|One { category, channel, wanted }| Choice { category, channel, wanted }).collect(),
        digest: body.digest.unwrap_or(before.digest),
        quiet_from: body.quiet_from.apply(before.quiet_from),
        quiet_until: body.quiet_until.apply(before.quiet_until),
    };
    notify::choose(&caller.engine, &caller.session, wanted).await?;
    Ok(HttpResponse::Ok().json(shown(&notify::choices(&caller.engine, &caller.session).await?)))
}
