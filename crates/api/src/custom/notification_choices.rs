//! How the caller wants to be told, and how people are told who did not choose.

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use conexao_domain::kernel::{canonical::write_instant, problem::Problem, value::Patch};
use conexao_engine::notify::{self, Choice, Choices, Every};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{ApiError, Caller, Operation, Routes, Settled, routes::object};

/// Most choices named in one request.
const MOST: usize = 500;

fn cells() -> Json {
    let text = || json!({ "type": "string" });
    let choice = object(&[("category", text()), ("channel", text()), ("wanted", json!({ "type": "boolean" }))]);
    json!({ "type": "array", "items": choice, "maxItems": MOST })
}

pub(super) fn routes(routes: &mut Routes<'_>) {
    let time = || json!({ "type": ["string", "null"], "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$" });
    let choices = || {
        object(&[
            ("choices", cells()),
            ("digest", json!({ "type": "boolean" })),
            ("digest_every", json!({ "type": "string", "enum": ["hour", "day"] })),
            ("quiet_from", time()),
            ("quiet_until", time()),
            ("undisturbed_until", json!({ "type": ["string", "null"], "format": "date-time" })),
            ("escalate_minutes", json!({ "type": ["integer", "null"], "minimum": 1, "maximum": 10080 })),
        ])
    };
    let operation = |summary: &str| Operation::new("notification", summary);
    let path = "/notification-choices";
    routes.get(path, operation("How I want to be told, per category and channel").answer(200, choices()), read);
    let change = operation("Change how I want to be told").body(choices());
    routes.patch(path, change.answer(200, choices()), choose);
    let (path, set) = ("/notification-defaults", || object(&[("choices", cells())]));
    let managed = |summary: &str| operation(summary).permission("settings.manage").answer(200, set());
    routes.get(path, managed("How people are told who did not choose"), defaults);
    routes.patch(path, managed("Change how people are told who did not choose").body(set()), set_defaults);
}

fn listed(choices: &[Choice]) -> Vec<Json> {
    let one = |one: &Choice| json!({ "category": one.category, "channel": one.channel, "wanted": one.wanted });
    choices.iter().map(one).collect()
}

fn shown(choices: &Choices) -> Json {
    json!({
        "choices": listed(&choices.choices),
        "digest": choices.digest,
        "digest_every": choices.digest_every.as_str(),
        "quiet_from": choices.quiet_from,
        "quiet_until": choices.quiet_until,
        "undisturbed_until": choices.undisturbed_until.map(write_instant),
        "escalate_minutes": choices.escalate_minutes,
    })
}

async fn read(caller: Caller) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(shown(&notify::choices(&caller.engine, &caller.session).await?)))
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    choices: Vec<One>,
    digest: Option<bool>,
    digest_every: Option<String>,
    /// `null` ends the quiet hours; what is not named stays.
    #[serde(default)]
    quiet_from: Patch<String>,
    #[serde(default)]
    quiet_until: Patch<String>,
    #[serde(default)]
    undisturbed_until: Patch<DateTime<Utc>>,
    #[serde(default)]
    escalate_minutes: Patch<i32>,
}

#[derive(Debug, Deserialize)]
struct One {
    category: String,
    channel: String,
    wanted: bool,
}

fn named(choices: Vec<One>) -> Vec<Choice> {
    let one = |One { category, channel, wanted }| Choice { category, channel, wanted };
    choices.into_iter().take(MOST).map(one).collect()
}

impl Wanted {
    fn over(self, before: Choices) -> Result<Choices, Problem> {
        let every = match self.digest_every.as_deref() {
            None => before.digest_every,
            Some(name) => Every::parse(name).ok_or_else(|| Problem::field("digest_every", "choice"))?,
        };
        Ok(Choices {
            choices: named(self.choices),
            digest: self.digest.unwrap_or(before.digest),
            digest_every: every,
            quiet_from: self.quiet_from.apply(before.quiet_from),
            quiet_until: self.quiet_until.apply(before.quiet_until),
            undisturbed_until: self.undisturbed_until.apply(before.undisturbed_until),
            escalate_minutes: self.escalate_minutes.apply(before.escalate_minutes),
        })
    }
}

async fn choose(Settled { caller, body }: Settled<Wanted>) -> Result<HttpResponse, ApiError> {
    let before = notify::choices(&caller.engine, &caller.session).await?;
    notify::choose(&caller.engine, &caller.session, body.over(before)?).await?;
    Ok(HttpResponse::Ok().json(shown(&notify::choices(&caller.engine, &caller.session).await?)))
}

async fn defaults(caller: Caller) -> Result<HttpResponse, ApiError> {
    let found = notify::defaults(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "choices": listed(&found) })))
}

#[derive(Debug, Deserialize)]
struct Defaults {
    #[serde(default)]
    choices: Vec<One>,
}

async fn set_defaults(Settled { caller, body }: Settled<Defaults>) -> Result<HttpResponse, ApiError> {
    notify::set_defaults(&caller.engine, &caller.session, named(body.choices)).await?;
    let found = notify::defaults(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "choices": listed(&found) })))
}
