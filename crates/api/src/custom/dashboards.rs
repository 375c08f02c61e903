//! Dashboards that people arrange for themselves.

use actix_web::{HttpResponse, web};
use conexao_engine::dashboards::{self, Widget};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{
    ApiError, Caller, Operation, Routes, Settled,
    routes::{demanding, object},
};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let named = [("name", "Which one, `home` unless told: at most 32 of `a` to `z` and `-`")];
    let widgets = || json!({ "type": ["array", "null"], "maxItems": 24, "items": widget() });
    let whole = || object(&[("name", json!({ "type": "string" })), ("widgets", widgets())]);
    let operation = |summary: &str| Operation::new("me", summary).query(&named);
    let read = operation("My dashboard; without widgets it was never changed").answer(200, whole());
    routes.get("/me/dashboard", read, get);
    let arranged = operation("Arrange my dashboard; `null` makes it what it is for everybody");
    let body = demanding(&["widgets"], &[("widgets", widgets())]);
    routes.put("/me/dashboard", arranged.body(body).answer(200, whole()), set);
}

fn widget() -> Json {
    let text = |most: u32| json!({ "type": "string", "maxLength": most });
    let whole = |most: u32| json!({ "type": "integer", "minimum": 1, "maximum": most });
    let kinds = json!({ "type": "string", "enum": ["kpi", "bar", "line", "stacked", "donut", "funnel", "heat", "list", "shortcuts"] });
    demanding(
        &["id", "kind"],
        &[
            ("id", json!({ "type": "string", "minLength": 1, "maxLength": 40 })),
            ("kind", kinds),
            ("resource", json!({ "type": "string", "description": "By its singular name; `shortcuts` needs none" })),
            ("title", text(80)),
            ("query", json!({ "type": "string", "description": "Search and filters as in a list's address" })),
            ("group", json!({ "type": "string", "description": "Filterable field" })),
            ("split", json!({ "type": "string", "description": "Filterable field" })),
            ("measure", json!({ "type": "string", "description": "`count`, or `sum:` and a number field" })),
            ("interval", json!({ "type": "string", "enum": ["day", "week", "month"] })),
            ("period", json!({ "type": "string", "pattern": "^[0-9]{1,3}[dwmy]$" })),
            ("w", whole(4)),
            ("h", whole(3)),
        ],
    )
}

fn home() -> String {
    "home".to_owned()
}

#[derive(Debug, Deserialize)]
struct Named {
    #[serde(default = "home")]
    name: String,
}

#[derive(Debug, Deserialize)]
struct Body {
    widgets: Option<Vec<Widget>>,
}

async fn get(caller: Caller, named: web::Query<Named>) -> Answer {
    Ok(HttpResponse::Ok().json(dashboards::get(&caller.engine, &caller.session, &named.name).await?))
}

async fn set(named: web::Query<Named>, Settled { caller, body }: Settled<Body>) -> Answer {
    let set = dashboards::set(&caller.engine, &caller.session, &named.name, body.widgets).await?;
    Ok(HttpResponse::Ok().json(set))
}
