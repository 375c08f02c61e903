//! Who is at a record.

use actix_web::{HttpResponse, web};
use conexao_domain::kernel::{problem::Problem, resource::Resource};
use conexao_engine::live::{self, Doing};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::operation;
use crate::{
    ApiError, Routes, Settled,
    routes::{demanding, object},
};

pub(super) fn routes(routes: &mut Routes<'_>, resource: &'static Resource, one: &str) {
    let text = || json!({ "type": "string" });
    let doing = json!({ "type": "string", "enum": ["viewing", "editing", "gone"] });
    let page = json!({ "type": "string", "maxLength": 40, "description": "Tells pages of one person apart" });
    let moment = json!({ "type": "string", "format": "date-time" });
    let person = object(&[("id", text()), ("name", text()), ("doing", text()), ("since", moment)]);
    let people = object(&[("people", json!({ "type": "array", "items": person }))]);
    let summary = "Say that I am here, every 20 seconds; answers who else is, and is forgotten after 45";
    let said = operation(resource, "read", summary).body(demanding(&["doing"], &[("doing", doing), ("page", page)]));
    routes.post(&format!("{one}/presence"), said.answer(200, people), move |id, body| say(resource, id, body));
}

#[derive(Debug, Deserialize)]
struct Said {
    #[serde(default)]
    doing: Json,
    #[serde(default)]
    page: String,
}

async fn say(
    resource: &'static Resource,
    id: web::Path<Uuid>,
    Settled { caller, body }: Settled<Said>,
) -> Result<HttpResponse, ApiError> {
    let gate = caller.gate(resource, "read")?;
    let doing: Doing = serde_json::from_value(body.doing).map_err(|_| Problem::field("doing", "choice"))?;
    let people = live::say(&caller.engine, &gate, *id, doing, &body.page).await?;
    Ok(HttpResponse::Ok().json(json!({ "people": people })))
}
