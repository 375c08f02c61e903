//! The caller's notifications.

use actix_web::{HttpResponse, web};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_engine::notify::{self, Sending, To, Wanted, Which};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    ApiError, Caller, Idempotent, Operation, Routes, Settled, reply,
    routes::{component, object},
};

type Answer = Result<HttpResponse, ApiError>;

/// Most notifications named in one request.
const MOST: usize = 500;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let number = || json!({ "type": "integer" });
    let operation = |summary: &str| Operation::new("notification", summary);
    let some = || {
        let ids = json!({ "type": "array", "items": { "type": "string", "format": "uuid" }, "maxItems": MOST });
        object(&[("ids", ids), ("all", json!({ "type": "boolean" }))])
    };
    let listed = object(&[
        ("items", json!({ "type": "array", "items": component("Notification") })),
        ("next", json!({ "type": ["string", "null"] })),
        ("unread", number()),
    ]);
    let query = [("unread", "`true` for unread ones only"), ("category", "One category"), ("after", "Cursor")];
    routes.get("/notifications", operation("My notifications").query(&query).answer(200, listed), list);
    let left = || object(&[("unread", number())]);
    let ids = || json!({ "type": "array", "items": { "type": "string", "format": "uuid" } });
    let names = json!({ "type": "array", "items": { "type": "string" } });
    let to = object(&[("users", ids()), ("roles", names), ("teams", ids()), ("slack", json!({ "type": "boolean" }))]);
    let text = |most: usize| json!({ "type": "string", "maxLength": most });
    let sent = object(&[
        ("to", to),
        ("category", text(40)),
        ("title", text(200)),
        ("body", text(2000)),
        ("resource", text(40)),
        ("record_id", json!({ "type": "string", "format": "uuid" })),
        ("source", text(60)),
    ]);
    let told = object(&[("told", number()), ("source", json!({ "type": "string" }))]);
    let sending = operation("Tell users, everybody with a role, or teams; once for each `source`");
    routes.post("/notifications", sending.permission(notify::SEND).body(sent).answer(201, told), send);
    routes.post("/notifications/read", operation("Mark as read").body(some()).answer(200, left()), read);
    routes.post("/notifications/delete", operation("Delete").body(some()).answer(200, left()), delete);
}

#[derive(Debug, Deserialize)]
struct Query {
    #[serde(default)]
    unread: bool,
    category: Option<String>,
    after: Option<Uuid>,
}

async fn list(caller: Caller, query: web::Query<Query>) -> Answer {
    let Query { unread, category, after } = query.into_inner();
    let found = notify::list(&caller.engine, &caller.session, &Wanted { unread, category, after }).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": found.items, "next": found.next, "unread": found.unread })))
}

#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(default)]
    ids: Vec<Uuid>,
    #[serde(default)]
    all: bool,
}

impl Chosen {
    fn which(self) -> Result<Which, Problem> {
        match self {
            Self { all: true, .. } => Ok(Which::All),
            Self { ids, .. } if ids.is_empty() || ids.len() > MOST => Err(Problem::new(Code::Malformed).detail("ids")),
            Self { ids, .. } => Ok(Which::Ids(ids)),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct People {
    #[serde(default)]
    users: Vec<Uuid>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    teams: Vec<Uuid>,
    #[serde(default)]
    slack: bool,
}

#[derive(Debug, Deserialize)]
struct Notice {
    #[serde(default)]
    to: People,
    #[serde(default)]
    category: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
    resource: Option<String>,
    record_id: Option<Uuid>,
    source: Option<String>,
}

impl Notice {
    fn sending(self) -> Sending {
        let People { users, roles, teams, slack } = self.to;
        Sending {
            to: To { users, roles, teams, slack },
            category: self.category,
            title: self.title,
            body: self.body,
            record: self.resource.zip(self.record_id),
            source: self.source,
        }
    }
}

async fn send(Idempotent { caller, body }: Idempotent<Notice>) -> Answer {
    reply::once(&caller, async {
        let answer = notify::send(&caller.engine, &caller.session, &body.sending()).await?;
        Ok(HttpResponse::Created().json(answer))
    })
    .await
}

async fn read(Settled { caller, body }: Settled<Chosen>) -> Answer {
    let unread = notify::read(&caller.engine, &caller.session, &body.which()?).await?;
    Ok(HttpResponse::Ok().json(json!({ "unread": unread })))
}

async fn delete(Settled { caller, body }: Settled<Chosen>) -> Answer {
    let unread = notify::delete(&caller.engine, &caller.session, &body.which()?).await?;
    Ok(HttpResponse::Ok().json(json!({ "unread": unread })))
}
