//! The OpenAPI 3.1 document, derived from declarations and mounted operations.

mod docs;
mod events;
mod privacy;
mod schema;
mod shared;

use conexao_domain::registry::RESOURCES;
use serde_json::{Map, Value as Json, json};

use crate::{Operation, operations, routes::component};

pub use docs::page;
pub use events::catalogue;

/// Style sheet of the documentation page.
pub const STYLE: &str = include_str!("docs.css");

pub(crate) use schema::{inputs, record_schemas, schema_name};

/// The whole document.
pub fn document() -> Json {
    let mut paths: Map<String, Json> = Map::new();
    let mut operations = operations();
    operations.sort_by(|a, b| (&a.path, a.method).cmp(&(&b.path, b.method)));
    for operation in &operations {
        let path = format!("/api/v1{}", operation.path);
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(entry) = entry.as_object_mut() {
            entry.insert(operation.method.to_owned(), describe(operation));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Conexão",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MPL-2.0", "identifier": "MPL-2.0" },
            "description": "Customer-operations platform. Money is integer cents (BRL), quantities integer thousandths, rates basis points; dates are days of the tenant's time zone, instants UTC."
        },
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "description": "An API token (`cnx_…`), or the access token of a log-in" } },
            "schemas": schemas(),
        },
    })
}

fn schemas() -> Json {
    let mut all = shared::all();
    for resource in RESOURCES {
        all.insert(schema_name(resource), schema::record(resource));
        all.insert(format!("{}Input", schema_name(resource)), schema::input(resource));
    }
    Json::Object(all)
}

fn describe(operation: &Operation) -> Json {
    let mut parameters: Vec<Json> = operation
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": place(name) }))
        .collect();
    parameters.extend(operation.query.iter().map(
        |(name, text)| json!({ "name": name, "in": "query", "description": text, "schema": { "type": "string" } }),
    ));
    if operation.if_match {
        parameters.push(json!({ "name": "If-Match", "in": "header", "required": true, "description": "The version the change is based on, as given by ETag", "schema": { "type": "string" }, "example": "\"3\"" }));
    }
    if operation.keyed {
        parameters.push(json!({ "name": "Idempotency-Key", "in": "header", "description": "Repeating the request with the same key and body has one effect and the same answer", "schema": { "type": "string", "maxLength": 200 } }));
    }
    let mut described = json!({
        "operationId": operation_id(operation),
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses(operation),
    });
    if let Some(map) = described.as_object_mut() {
        if let Some(body) = &operation.body {
            map.insert(
                "requestBody".into(),
                json!({ "required": true, "content": { operation.body_type: { "schema": body } } }),
            );
        }
        if let Some(permission) = &operation.permission {
            map.insert("x-permission".into(), permission.as_str().into());
        }
        if !operation.four_eyes.is_empty() {
            map.insert("x-four-eyes".into(), operation.four_eyes.into());
        }
        if operation.public {
            map.insert("security".into(), json!([]));
        }
    }
    described
}

/// What stands in a path: an id, a number, or a text.
fn place(name: &str) -> Json {
    match name {
        _ if name.ends_with("id") || name == "user" => json!({ "type": "string", "format": "uuid" }),
        "line" | "seq" => json!({ "type": "integer", "format": "int64" }),
        _ => json!({ "type": "string" }),
    }
}

fn operation_id(operation: &Operation) -> String {
    let path = operation.path.replace(['{', '}'], "").replace(['/', '-', '.'], "_");
    format!("{}{path}", operation.method)
}

/// Every status that may come: one that is not here is a mistake, which the
/// tests look for.
fn responses(operation: &Operation) -> Json {
    let mut responses = Map::new();
    let done = match &operation.answer {
        Some(schema) => json!({ "description": "Done", "content": { operation.answer_type: { "schema": schema } } }),
        None => json!({ "description": "Done" }),
    };
    responses.insert(operation.status.to_string(), done);
    for (status, answer) in &operation.also {
        let response = responses.entry(status.to_string()).or_insert_with(|| json!({ "description": "Done" }));
        let (Some(response), Some((media, schema))) = (response.as_object_mut(), answer) else { continue };
        let content = response.entry("content").or_insert_with(|| json!({}));
        if let Some(content) = content.as_object_mut() {
            content.insert((*media).to_owned(), json!({ "schema": schema }));
        }
    }
    let problem = |text: &str| json!({ "description": text, "content": { "application/problem+json": { "schema": component("Problem") } } });
    for (status, codes) in operation.problems() {
        let names: Vec<String> = codes.iter().map(|code| format!("`{}`", code.name())).collect();
        // The statuses that are also answers keep their description.
        responses.entry(status.to_string()).or_insert_with(|| problem(&names.join(", ")));
    }
    responses.insert("5XX".into(), problem("`internal` or `unavailable`: ours to mend; repeat later"));
    Json::Object(responses)
}
