//! Folding one record into another, for the resources that declare how.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::{
    kernel::{problem::Code, resource::Resource},
    registry::RESOURCES,
};
use conexao_engine::merge::{self, Fold};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{
    ApiError, Idempotent, Operation, Routes,
    openapi::schema_name,
    reply,
    routes::{component, object},
};

pub(super) fn routes(routes: &mut Routes<'_>) {
    for resource in RESOURCES.iter().copied().filter(|r| r.merge.is_some()) {
        let summary =
            "Fold another record into this one; a preview keeps nothing. Needs the permission to delete as well";
        let body = object(&[
            ("other_id", json!({ "type": "string", "format": "uuid", "description": "The record that goes" })),
            ("preview", json!({ "type": "boolean", "default": false })),
            ("values", component(&format!("{}Input", schema_name(resource)))),
        ]);
        let counts = json!({ "type": "object", "additionalProperties": { "type": "integer" }, "description": "Records, comments and files that moved" });
        let operation = Operation::new(resource.name, summary)
            .permission(format!("{}.update", resource.name))
            .body(body)
            .refuses(&[Code::Duplicate, Code::Stale, Code::StepRefused])
            .answer(200, object(&[("result", component(&schema_name(resource))), ("moved", counts)]));
        let path = format!("/{}/{{id}}/actions/merge", resource.path);
        routes.post(&path, operation, move |request, id, body| fold(resource, request, id, body));
    }
}

#[derive(Debug, Deserialize)]
struct Wanted {
    other_id: Uuid,
    #[serde(default)]
    preview: bool,
    #[serde(default)]
    values: Map<String, Json>,
}

async fn fold(
    resource: &'static Resource,
    request: HttpRequest,
    id: web::Path<Uuid>,
    Idempotent { caller, body }: Idempotent<Wanted>,
) -> Result<HttpResponse, ApiError> {
    let gate = caller.gate(resource, "update")?;
    // A preview shows what was read; the merge may insist that it is still so.
    let version =
        if request.headers().contains_key(header::IF_MATCH) { Some(reply::if_match(&request)?) } else { None };
    let fold = Fold { other: body.other_id, values: &body.values, preview: body.preview, version };
    reply::once(&caller, async {
        let merged = merge::merge(&caller.engine, &gate, *id, &fold).await?;
        Ok(HttpResponse::Ok().json(merged.answer()))
    })
    .await
}
