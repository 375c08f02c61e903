//! Access data for administrators.

use actix_web::{HttpResponse, web};
use conexao_engine::identity::access::{self, List};
use serde::Deserialize;
use serde_json::json;

use crate::{
    ApiError, Caller, Operation, Routes,
    routes::{object, page},
};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let number = || json!({ "type": "integer" });
    let text = || json!({ "type": ["string", "null"] });
    let counts = object(&[
        ("days", number()),
        ("log_ins", number()),
        ("failures", number()),
        ("sessions", number()),
        ("without_two_factor", number()),
    ]);
    let operation = |summary: &str| Operation::new("access", summary).permission(access::READ);
    let about = "Log-ins and failures of the last days, sessions that last, users without a second step";
    routes.get("/access", operation(about).answer(200, counts), summary);
    let row = |more: &[&'static str]| {
        let mut fields = vec![("user_id", text()), ("user", text()), ("at", text()), ("ip", text())];
        fields.extend(more.iter().map(|name| (*name, text())));
        page(&object(&fields))
    };
    let list =
        |summary: &str| operation(summary).query(&[("after", "Where the page starts: `next` of the one before")]);
    routes.get("/access/log-ins", list("Log-ins, the newest first").answer(200, row(&[])), log_ins);
    routes.get("/access/failures", list("Refused log-ins, the newest first").answer(200, row(&[])), failures);
    let session = row(&["created_at", "browser", "system"]);
    routes.get("/access/sessions", list("Sessions that last, the last used first").answer(200, session), sessions);
    let users = list("Active users without a second step").answer(200, row(&[]));
    routes.get("/access/without-two-factor", users, unprotected);
}

async fn summary(caller: Caller) -> Answer {
    Ok(HttpResponse::Ok().json(access::summary(&caller.engine, &caller.session).await?))
}

#[derive(Debug, Deserialize)]
struct Wanted {
    after: Option<String>,
}

async fn answer(caller: &Caller, list: List, wanted: &Wanted) -> Answer {
    let page = access::list(&caller.engine, &caller.session, list, wanted.after.as_deref()).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": page.items, "next": page.next })))
}

async fn log_ins(caller: Caller, wanted: web::Query<Wanted>) -> Answer {
    answer(&caller, List::LogIns, &wanted).await
}

async fn failures(caller: Caller, wanted: web::Query<Wanted>) -> Answer {
    answer(&caller, List::Failures, &wanted).await
}

async fn sessions(caller: Caller, wanted: web::Query<Wanted>) -> Answer {
    answer(&caller, List::Sessions, &wanted).await
}

async fn unprotected(caller: Caller, wanted: web::Query<Wanted>) -> Answer {
    answer(&caller, List::Unprotected, &wanted).await
}
