//! What every record carries besides its fields: comments and files.

mod attachments;

use actix_web::{HttpResponse, web};
use conexao_domain::kernel::resource::Resource;
use conexao_engine::notes::comments::{self, MAX_TEXT};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::operation;
use crate::{
    ApiError, Caller, Idempotent, Routes, reply,
    routes::{component, object, page},
};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>, resource: &'static Resource, one: &str) {
    attachments::routes(routes, resource, one);
    let all = format!("{one}/comments");
    let listed = operation(resource, "read", "Comments, newest first")
        .query(&[("after", "`next` of the previous page")])
        .answer(200, page(&component("Comment")));
    routes.get(&all, listed, move |caller, id, query| list_comments(resource, caller, id, query));
    let ids = json!({ "type": "array", "maxItems": 20, "items": { "type": "string", "format": "uuid" } });
    let text = json!({ "type": "string", "maxLength": MAX_TEXT });
    let added =
        operation(resource, "read", "Comment; users in `mentions` are told, and must be able to read the record")
            .body(object(&[("text", text), ("mentions", ids)]))
            .answer(201, component("Comment"));
    routes.post(&all, added, move |id, body| add_comment(resource, id, body));
    let removed = operation(
        resource,
        "read",
        "Remove a comment: one's own, or anybody's with the permission to delete the record",
    )
    .empty(204);
    routes.delete(&format!("{all}/{{comment_id}}"), removed, move |caller, ids| remove_comment(resource, caller, ids));
}

#[derive(Debug, Deserialize)]
struct After {
    after: Option<Uuid>,
}

async fn list_comments(
    resource: &'static Resource,
    caller: Caller,
    id: web::Path<Uuid>,
    query: web::Query<After>,
) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let page = comments::list(&caller.engine, &gate, *id, query.after).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": page.items, "next": page.next })))
}

#[derive(Debug, Deserialize)]
struct NewComment {
    text: String,
    #[serde(default)]
    mentions: Vec<Uuid>,
}

async fn add_comment(
    resource: &'static Resource,
    id: web::Path<Uuid>,
    Idempotent { caller, body }: Idempotent<NewComment>,
) -> Answer {
    let gate = caller.gate(resource, "read")?;
    reply::once(&caller, async {
        let comment = comments::add(&caller.engine, &gate, *id, &body.text, &body.mentions).await?;
        Ok(HttpResponse::Created().json(comment))
    })
    .await
}

async fn remove_comment(resource: &'static Resource, caller: Caller, ids: web::Path<(Uuid, Uuid)>) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let (id, comment) = ids.into_inner();
    comments::remove(&caller.engine, &gate, id, comment).await?;
    Ok(HttpResponse::NoContent().finish())
}
