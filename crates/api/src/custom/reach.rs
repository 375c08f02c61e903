//! Where the caller is reached beyond mail: browsers, a telephone, Slack.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_engine::messages::{
    browsers::{self, Browser},
    reach,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{ApiError, Caller, Operation, Routes, Settled, routes::object};

type Answer = Result<HttpResponse, ApiError>;
type Nothing = serde_json::Map<String, serde_json::Value>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    use conexao_domain::kernel::problem::Code;
    let text = || json!({ "type": "string" });
    let optional = || json!({ "type": ["string", "null"] });
    let operation = |summary: &str| Operation::new("me", summary);
    let items = |item| object(&[("items", json!({ "type": "array", "items": item }))]);
    let browser = object(&[
        ("id", text()),
        ("host", text()),
        ("device", optional()),
        ("endpoint_hash", text()),
        ("created_at", text()),
        ("used_at", optional()),
    ]);
    let given = object(&[("endpoint", text()), ("p256dh", text()), ("auth", text())]);
    routes.get("/me/browsers", operation("Browsers that I am told in").answer(200, items(browser)), listed);
    let key = operation("The key a browser subscribes with").answer(200, object(&[("key", text())]));
    routes.get("/me/browsers/key", key, key_of);
    let add = operation("Be told in this browser").body(given).answer(201, object(&[("id", text())]));
    routes.post("/me/browsers", add, add_browser);
    routes.delete("/me/browsers/{id}", operation("Be told no more in a browser").empty(204), remove_browser);
    let trial = operation("Send a test to my browsers").answer(200, object(&[("sent", json!({ "type": "integer" }))]));
    routes.post("/me/browsers/actions/test", trial, test_browsers);
    let channel = object(&[("channel", text()), ("hint", text()), ("confirmed_at", optional())]);
    routes.get("/me/channels", operation("Where I am reached").answer(200, items(channel)), channels);
    let phone = operation("Have a code sent to my telephone").body(object(&[("phone", text())])).empty(204);
    routes.post("/me/channels/sms/actions/ask", phone.refuses(&[Code::StepRefused]), ask_phone);
    let proof = operation("Prove my telephone with the code").body(object(&[("code", text())])).empty(204);
    routes.post("/me/channels/sms/actions/confirm", proof.refuses(&[Code::NotFound]), confirm_phone);
    let slack = operation("Be told in Slack, by an incoming webhook").body(object(&[("url", text())])).empty(204);
    routes.post("/me/channels/slack/actions/set", slack, set_slack);
    routes.delete("/me/channels/{channel}", operation("Be reached there no more").empty(204), remove_channel);
}

async fn listed(caller: Caller) -> Answer {
    let items = browsers::list(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

async fn key_of(caller: Caller) -> Answer {
    let key = browsers::public_key(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "key": key })))
}

async fn add_browser(request: HttpRequest, Settled { caller, body }: Settled<Browser>) -> Answer {
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let id = browsers::add(&caller.engine, &caller.session, &body, agent.map(str::to_owned)).await?;
    Ok(HttpResponse::Created().json(json!({ "id": id })))
}

async fn remove_browser(caller: Caller, id: web::Path<Uuid>) -> Answer {
    browsers::remove(&caller.engine, &caller.session, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn test_browsers(Settled { caller, .. }: Settled<Nothing>) -> Answer {
    let sent = reach::test_push(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "sent": sent })))
}

async fn channels(caller: Caller) -> Answer {
    let items = reach::list(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

#[derive(Debug, Deserialize)]
struct Phone {
    phone: String,
}

async fn ask_phone(Settled { caller, body }: Settled<Phone>) -> Answer {
    reach::ask_phone(&caller.engine, &caller.session, &body.phone).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Deserialize)]
struct Proof {
    code: String,
}

async fn confirm_phone(Settled { caller, body }: Settled<Proof>) -> Answer {
    reach::confirm_phone(&caller.engine, &caller.session, &body.code).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Deserialize)]
struct Hook {
    url: String,
}

async fn set_slack(Settled { caller, body }: Settled<Hook>) -> Answer {
    reach::set_slack(&caller.engine, &caller.session, &body.url).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn remove_channel(caller: Caller, channel: web::Path<String>) -> Answer {
    reach::remove(&caller.engine, &caller.session, &channel).await?;
    Ok(HttpResponse::NoContent().finish())
}
