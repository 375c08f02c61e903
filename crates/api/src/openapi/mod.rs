//! The OpenAPI 3.1 document, derived from declarations and mounted operations.

mod docs;
mod schema;
mod shared;

use conexao_domain::{kernel::problem::Code, registry::RESOURCES};
use serde_json::{Map, Value as Json, json};

use crate::{Operation, operations, routes::component};

pub use docs::page;

/// Style sheet of the documentation page.
pub const STYLE: &str = include_str!("docs.css");

pub(crate) use schema::{inputs, schema_name};

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
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    parameters.extend(operation.query.iter().map(
        |(name, text)| json!({ "name": name, "in": "query", "description": text, "schema": { "type": "string" } }),
    ));
    if operation.if_match {
        parameters.push(json!({ "name": "If-Match", "in": "header", "required": true, "description": "The version the change is based on, as given by ETag", "schema": { "type": "string" }, "example": "\"3\"" }));
    }
    if operation.method == "post" {
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
        if operation.public {
            map.insert("security".into(), json!([]));
        }
    }
    described
}

fn operation_id(operation: &Operation) -> String {
    let path = operation.path.replace(['{', '}'], "").replace(['/', '-', '.'], "_");
    format!("{}{path}", operation.method)
}

fn responses(operation: &Operation) -> Json {
    let mut responses = Map::new();
    let done = match &operation.answer {
        Some(schema) => json!({ "description": "Done", "content": { operation.answer_type: { "schema": schema } } }),
        None => json!({ "description": "Done" }),
    };
    responses.insert(operation.status.to_string(), done);
    let problem = |text: &str| json!({ "description": text, "content": { "application/problem+json": { "schema": component("Problem") } } });
    responses.insert("default".into(), problem("A problem; `code` says which"));
    if !operation.public {
        responses.insert(Code::Unauthenticated.status().to_string(), problem("No or no longer valid access token"));
    }
    Json::Object(responses)
}
