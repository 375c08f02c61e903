//! What API tokens have beyond being records: how often they are used.

use actix_web::{HttpResponse, web};
use conexao_domain::identity::api_token::API_TOKEN;
use conexao_engine::{
    tenants,
    tokens::{self, Plan},
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{ApiError, Caller, Operation, Routes, routes::object};

type Answer = Result<HttpResponse, ApiError>;

/// Days of a report when none is asked for.
const DAYS: i64 = 30;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let number = || json!({ "type": "integer" });
    let counted = object(&[("key", json!({ "type": "string" })), ("calls", number()), ("errors", number())]);
    let counts = || json!({ "type": "array", "items": counted });
    let report = || {
        object(&[
            ("calls", number()),
            ("errors", number()),
            ("days", counts()),
            ("hours", counts()),
            ("routes", counts()),
            ("statuses", counts()),
            ("tokens", counts()),
            ("plan", object(&[("per_token", number()), ("per_tenant", number())])),
        ])
    };
    let operation = |summary: &str| {
        let operation = Operation::new(API_TOKEN.name, summary).permission("api_token.read");
        operation.query(&[("days", "1 to 90; 30 unless told")])
    };
    let all = operation("Calls of all tokens: per day, per hour of the last day, by route, status and token");
    routes.get("/api-tokens/usage", all.answer(200, report()), of_all);
    let one = operation("Calls of one token: per day, per hour of the last day, by route and status");
    routes.get("/api-tokens/{id}/usage", one.answer(200, report()), of_one);
}

#[derive(Debug, Deserialize)]
struct Wanted {
    days: Option<i64>,
}

async fn of_all(caller: Caller, wanted: web::Query<Wanted>) -> Answer {
    report(&caller, None, &wanted).await
}

async fn of_one(caller: Caller, id: web::Path<Uuid>, wanted: web::Query<Wanted>) -> Answer {
    report(&caller, Some(*id), &wanted).await
}

async fn report(caller: &Caller, token: Option<Uuid>, wanted: &Wanted) -> Answer {
    let gate = caller.gate(&API_TOKEN, "read")?;
    let mut report = tokens::report(&caller.engine, &gate, token, wanted.days.unwrap_or(DAYS)).await?;
    let plan = Plan::of(&tenants::get(&caller.engine, caller.session.tenant).await?.settings);
    if let Some(report) = report.as_object_mut() {
        let shown: Json = json!({ "per_token": plan.per_token, "per_tenant": plan.per_tenant });
        report.insert("plan".to_owned(), shown);
    }
    Ok(HttpResponse::Ok().json(report))
}
