//! One action on many records, as a job.

use actix_web::HttpResponse;
use conexao_domain::kernel::resource::Resource;
use conexao_engine::jobs::{self, BulkRequest};
use serde_json::json;

use super::operation;
use crate::{
    ApiError, Idempotent, Routes, reply,
    routes::{component, object},
};

pub(super) fn routes(routes: &mut Routes<'_>, resource: &'static Resource, path: &str) {
    let body = object(&[
        ("action", json!({ "type": "string", "description": "`patch`, `tag`, `delete` or a flow step" })),
        (
            "values",
            json!({ "type": "object", "description": "Fields of the patch, inputs of the step; of `tag`: tags to `add` and to `remove`" }),
        ),
        ("ids", json!({ "type": "array", "items": { "type": "string", "format": "uuid" } })),
        ("query", json!({ "type": "string", "description": "List parameters as in a URL" })),
    ]);
    let started = operation(resource, "read", "Act on many; the action's own permission is needed too").body(body);
    routes.post(&format!("{path}/bulk"), started.answer(202, component("Job")), move |body| bulk(resource, body));
}

async fn bulk(
    resource: &'static Resource,
    Idempotent { caller, body }: Idempotent<BulkRequest>,
) -> Result<HttpResponse, ApiError> {
    caller.gate(resource, "read")?;
    reply::once(&caller, async {
        let id = jobs::bulk(&caller.engine, &caller.session, resource, body).await?;
        let job = jobs::get(&caller.engine, &caller.session, id).await?;
        Ok(HttpResponse::Accepted().json(job))
    })
    .await
}
