//! Texts of mail that a company writes itself.

use actix_web::{HttpResponse, web};
use conexao_engine::messages::templates::{self, Own};
use serde::Deserialize;
use serde_json::json;

use crate::{ApiError, Caller, Operation, Routes, Settled, routes::object};

type Answer = Result<HttpResponse, ApiError>;
type Nothing = serde_json::Map<String, serde_json::Value>;
type Which = web::Path<(String, String)>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    use conexao_domain::kernel::problem::Code;
    let text = || json!({ "type": "string" });
    let texts = || [("subject", text()), ("text", text()), ("html", text())];
    let operation = |summary: &str| Operation::new("message", summary).permission("settings.manage");
    let one = object(&[
        ("template", text()),
        ("language", text()),
        ("own", json!({ "type": "boolean" })),
        ("updated_at", json!({ "type": ["string", "null"] })),
    ]);
    let items = object(&[("items", json!({ "type": "array", "items": one }))]);
    let variable = object(&[("name", text()), ("sample", json!({}))]);
    let whole = || {
        let more = [
            ("template", text()),
            ("language", text()),
            ("own", json!({ "type": "boolean" })),
            ("version", json!({ "type": "integer" })),
            ("default", object(&texts())),
            ("variables", json!({ "type": "array", "items": variable.clone() })),
        ];
        object(&texts().into_iter().chain(more).collect::<Vec<_>>())
    };
    routes.get("/message-templates", operation("Texts of mail").answer(200, items), list);
    let path = "/message-templates/{template}/{language}";
    routes.get(path, operation("One text: in use, ours, what it may mention").answer(200, whole()), get);
    let version = ("version", json!({ "type": "integer", "description": "The version it was made from; 0 for ours" }));
    let given = object(&texts().into_iter().chain([version]).collect::<Vec<_>>());
    let put = operation("Write a text of one's own").body(given).answer(200, whole());
    routes.patch(path, put.refuses(&[Code::Stale]), change);
    routes.delete(path, operation("Go back to our text").empty(204), reset);
    let tried = operation("A text filled in with samples").body(object(&texts())).answer(200, object(&texts()));
    routes.post(&format!("{path}/actions/preview"), tried, preview);
    routes.post(&format!("{path}/actions/test"), operation("Send the text to oneself").empty(204), test);
}

async fn list(caller: Caller) -> Answer {
    let items = templates::list(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

async fn get(caller: Caller, which: Which) -> Answer {
    Ok(HttpResponse::Ok().json(templates::get(&caller.engine, &caller.session, &which.0, &which.1).await?))
}

#[derive(Debug, Deserialize)]
struct Given {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    html: String,
}

impl Given {
    fn own(self) -> (i64, Own) {
        (self.version, Own { subject: self.subject, text: self.text, html: self.html })
    }
}

async fn change(which: Which, Settled { caller, body }: Settled<Given>) -> Answer {
    let (version, own) = body.own();
    let kept = templates::put(&caller.engine, &caller.session, &which.0, &which.1, version, &own).await?;
    Ok(HttpResponse::Ok().json(kept))
}

async fn reset(caller: Caller, which: Which) -> Answer {
    templates::reset(&caller.engine, &caller.session, &which.0, &which.1).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn preview(which: Which, Settled { caller, body }: Settled<Given>) -> Answer {
    let (_, own) = body.own();
    let filled = templates::preview(&caller.engine, &caller.session, &which.0, &which.1, &own).await?;
    Ok(HttpResponse::Ok().json(json!({ "subject": filled.subject, "text": filled.text, "html": filled.html })))
}

async fn test(which: Which, Settled { caller, .. }: Settled<Nothing>) -> Answer {
    templates::test(&caller.engine, &caller.session, &which.0, &which.1).await?;
    Ok(HttpResponse::NoContent().finish())
}
