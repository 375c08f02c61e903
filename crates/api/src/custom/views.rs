//! Lists that people keep under a name.

use actix_web::{HttpResponse, web};
use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        resource::Resource,
        value::Patch,
    },
    registry,
};
use conexao_engine::views::{self, Draft};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    ApiError, Caller, Operation, Routes, Settled,
    routes::{demanding, object},
};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let flag = || json!({ "type": "boolean" });
    let id = || json!({ "type": "string", "format": "uuid" });
    let role = || json!({ "type": ["string", "null"], "format": "uuid" });
    let names = || json!({ "type": "array", "items": { "type": "string" }, "maxItems": 200 });
    let view = || {
        object(&[
            ("id", id()),
            ("resource", text()),
            ("name", text()),
            ("query", text()),
            ("columns", names()),
            ("shared", flag()),
            ("role_id", role()),
            ("mine", flag()),
            ("start", flag()),
        ])
    };
    let parts =
        || vec![("name", text()), ("query", text()), ("columns", names()), ("shared", flag()), ("role_id", role())];
    let whole = demanding(&["resource", "name", "query"], &[vec![("resource", text())], parts()].concat());
    let operation = |summary: &str| Operation::new("view", summary);
    let list = operation("Kept lists of a resource: mine, shared ones, those my roles begin with")
        .query(&[("resource", "Resource by its singular name")]);
    let items = object(&[("items", json!({ "type": "array", "items": view() }))]);
    routes.get("/views", list.answer(200, items), all);
    routes.post("/views", operation("Keep a list").body(whole).answer(201, view()), create);
    let change = operation("Change a kept list").body(object(&parts()));
    routes.patch("/views/{id}", change.answer(200, view()), patch);
    routes.delete("/views/{id}", operation("Forget a kept list").empty(204), remove);
}

#[derive(Debug, Deserialize)]
struct Wanted {
    resource: String,
}

#[derive(Debug, Deserialize)]
struct Body {
    resource: Option<String>,
    name: Option<String>,
    query: Option<String>,
    columns: Option<Vec<String>>,
    shared: Option<bool>,
    #[serde(default)]
    role_id: Patch<Uuid>,
}

impl Body {
    fn draft(self) -> Draft {
        let role_id = match self.role_id {
            Patch::Keep => None,
            Patch::Clear => Some(None),
            Patch::Set(id) => Some(Some(id)),
        };
        Draft { name: self.name, query: self.query, columns: self.columns, shared: self.shared, role_id }
    }
}

fn resource(name: &str) -> Result<&'static Resource, Problem> {
    registry::by_name(name).ok_or_else(|| Problem::new(Code::UnknownParameter).detail("resource"))
}

async fn all(caller: Caller, wanted: web::Query<Wanted>) -> Answer {
    let gate = caller.gate(resource(&wanted.resource)?, "read")?;
    Ok(HttpResponse::Ok().json(json!({ "items": views::list(&caller.engine, &gate).await? })))
}

async fn create(Settled { caller, body }: Settled<Body>) -> Answer {
    let name = body.resource.as_deref().ok_or_else(|| Problem::field("resource", "required"))?;
    let gate = caller.gate(resource(name)?, "read")?;
    Ok(HttpResponse::Created().json(views::create(&caller.engine, &gate, &body.draft()).await?))
}

async fn patch(id: web::Path<Uuid>, Settled { caller, body }: Settled<Body>) -> Answer {
    Ok(HttpResponse::Ok().json(views::change(&caller.engine, &caller.session, *id, &body.draft()).await?))
}

async fn remove(caller: Caller, id: web::Path<Uuid>) -> Answer {
    views::remove(&caller.engine, &caller.session, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
