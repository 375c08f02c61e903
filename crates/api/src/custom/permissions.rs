//! Why somebody may or may not do something.

use actix_web::{HttpResponse, web};
use conexao_domain::identity::role::ROLE;
use conexao_engine::identity;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{ApiError, Caller, Operation, Routes, routes::object};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let roles = || {
        let grants = json!({ "type": "array", "items": text(), "description": "Those that cover the permission" });
        let scope = json!({ "type": "string", "enum": ["all", "own"] });
        let role = object(&[("id", text()), ("name", text()), ("scope", scope), ("grants", grants)]);
        json!({ "type": "array", "items": role })
    };
    let answer = object(&[
        ("user", object(&[("id", text()), ("name", text()), ("status", text())])),
        ("permission", text()),
        ("allowed", json!({ "type": "boolean" })),
        ("scope", json!({ "type": ["string", "null"], "description": "`all`, or `own` records only" })),
        ("missing", json!({ "type": ["string", "null"], "description": "`suspended` or `role`" })),
        ("roles", roles()),
        ("would_grant", roles()),
    ]);
    let operation = Operation::new(ROLE.name, "Why a user may do something, or what is missing")
        .permission("role.read")
        .query(&[("user", "Id of a user; the caller unless told"), ("permission", "E.g. `customer.update`")])
        .answer(200, answer);
    routes.get("/permissions/explain", operation, explain);
}

#[derive(Debug, Deserialize)]
struct Asked {
    user: Option<Uuid>,
    #[serde(default)]
    permission: String,
}

async fn explain(caller: Caller, asked: web::Query<Asked>) -> Result<HttpResponse, ApiError> {
    let told = identity::explain(&caller.engine, &caller.session, asked.user, &asked.permission).await?;
    Ok(HttpResponse::Ok().json(told))
}
