//! Why somebody may or may not do something, who can see a record, and what
//! roles are and would be.

use actix_web::{HttpResponse, web};
use conexao_domain::{
    identity::role::{ROLE, SCOPES},
    kernel::problem::{Code, Problem},
};
use conexao_engine::{
    identity,
    rights::{self, Draft},
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{ApiError, Caller, Operation, Routes, Settled, routes::object};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let roles = || {
        let grants = json!({ "type": "array", "items": text(), "description": "Those that cover the permission" });
        let scope = scope();
        let role = object(&[("id", text()), ("name", text()), ("scope", scope), ("grants", grants)]);
        json!({ "type": "array", "items": role })
    };
    let lent = object(&[("id", text()), ("name", text()), ("until", text()), ("scope", scope())]);
    let answer = object(&[
        ("user", object(&[("id", text()), ("name", text()), ("status", text())])),
        ("permission", text()),
        ("allowed", json!({ "type": "boolean" })),
        ("scope", json!({ "type": ["string", "null"], "description": "`all`, the `team`'s, or `own` records only" })),
        ("missing", json!({ "type": ["string", "null"], "description": "`suspended`, `role` or `second_factor`" })),
        ("roles", roles()),
        ("standing_in", json!({ "type": "array", "items": lent, "description": "Absent people who lend it" })),
        ("would_grant", roles()),
    ]);
    let operation = Operation::new(ROLE.name, "Why a user may do something, or what is missing")
        .permission("role.read")
        .query(&[("user", "Id of a user; the caller unless told"), ("permission", "E.g. `customer.update`")])
        .answer(200, answer);
    routes.get("/permissions/explain", operation, explain);
    seen_by_route(routes);
    role_routes(routes);
}

fn scope() -> Json {
    json!({ "type": "string", "enum": SCOPES })
}

fn seen_by_route(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let named = || json!({ "type": ["object", "null"], "properties": { "id": text(), "name": text() } });
    let why = || {
        let why = object(&[("role", named()), ("scope", scope()), ("for", named())]);
        json!({ "type": "array", "items": why })
    };
    let person = object(&[("id", text()), ("name", text()), ("read", why()), ("edit", why())]);
    let edit = json!({ "type": "boolean" });
    let token = object(&[("id", text()), ("name", text()), ("owner", named()), ("edit", edit)]);
    let answer = object(&[
        ("people", json!({ "type": "array", "items": person })),
        ("tokens", json!({ "type": "array", "items": token })),
        ("more", json!({ "type": "boolean", "description": "There are more people than are told" })),
    ]);
    let operation = Operation::new(ROLE.name, "Who can see and change a record, and by which role or substitution")
        .permission("role.read")
        .query(&[("resource", "E.g. `customer`"), ("id", "Id of the record")])
        .answer(200, answer)
        .refuses(&[Code::NotFound]);
    routes.get("/permissions/seen-by", operation, seen_by);
}

fn role_routes(routes: &mut Routes<'_>) {
    let (text, number) = (|| json!({ "type": "string" }), || json!({ "type": "integer" }));
    let grant = || object(&[("permission", text()), ("scope", scope())]);
    let grants = || json!({ "type": "array", "items": grant() });
    let role = object(&[
        ("id", text()),
        ("version", number()),
        ("key", text()),
        ("name", text()),
        ("scope", scope()),
        ("people", number()),
        ("grants", grants()),
    ]);
    let table = object(&[("items", json!({ "type": "array", "items": role }))]);
    let operation = Operation::new(ROLE.name, "Every role with its grants and how many people have it");
    routes.get("/roles/table", operation.permission("role.read").answer(200, table), table_of_roles);
    let person = object(&[("id", text()), ("name", text())]);
    let held = || json!({ "type": ["string", "null"], "enum": ["all", "team", "own", null] });
    let change = || {
        let people = json!({ "type": "array", "items": person });
        let change = object(&[
            ("permission", text()),
            ("before", held()),
            ("after", held()),
            ("count", number()),
            ("people", people),
        ]);
        json!({ "type": "array", "items": change })
    };
    let action = object(&[("verb", text()), ("scope", scope())]);
    let seen = object(&[
        ("resource", text()),
        ("area", text()),
        ("actions", json!({ "type": "array", "items": action })),
        ("rows", json!({ "type": ["integer", "null"] })),
        ("rows_more", json!({ "type": "boolean" })),
    ]);
    let preview = object(&[
        ("resources", json!({ "type": "array", "items": seen })),
        ("administration", json!({ "type": "array", "items": text() })),
    ]);
    let answer = object(&[
        ("gains", change()),
        ("losses", change()),
        ("people", number()),
        ("more", json!({ "type": "boolean" })),
        ("preview", preview),
    ]);
    let nobody = || json!({ "type": ["string", "null"], "format": "uuid" });
    let draft = object(&[("id", nobody()), ("scope", scope()), ("grants", grants()), ("person", nobody())]);
    let about = "Who would gain and lose what if a role were saved so, and what somebody with it alone would see";
    let operation = Operation::new(ROLE.name, about)
        .permission("role.read")
        .body(draft)
        .answer(200, answer)
        .refuses(&[Code::NotFound]);
    routes.post("/roles/simulate", operation, simulate);
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

#[derive(Debug, Deserialize)]
struct About {
    #[serde(default)]
    resource: String,
    #[serde(default)]
    id: String,
}

async fn seen_by(caller: Caller, about: web::Query<About>) -> Result<HttpResponse, ApiError> {
    let id = Uuid::parse_str(&about.id).map_err(|_| Problem::field("id", "id.format"));
    caller.gate(&ROLE, "read")?;
    Ok(HttpResponse::Ok().json(rights::seen_by(&caller.engine, &caller.session, &about.resource, id?).await?))
}

async fn table_of_roles(caller: Caller) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(rights::role_table(&caller.engine, &caller.session).await?))
}

/// Changes nothing, so that there is nothing to repeat.
async fn simulate(Settled { caller, body }: Settled<Draft>) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(rights::simulate(&caller.engine, &caller.session, &body).await?))
}
