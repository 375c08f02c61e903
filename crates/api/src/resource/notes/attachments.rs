//! Files of a record: list, upload, removal. They are handed out by their own
//! id, in `custom/attachments.rs`.

use std::cell::Cell;

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use conexao_domain::kernel::resource::Resource;
use conexao_engine::notes::attachments::{self, MAX_BYTES};
use serde_json::json;
use uuid::Uuid;

use super::{After, Answer, operation};
use crate::{
    Caller, Routes, caller, reply,
    routes::{component, page},
    upload,
};

pub(super) fn routes(routes: &mut Routes<'_>, resource: &'static Resource, one: &str) {
    let all = format!("{one}/attachments");
    let listed = operation(resource, "read", "Files, newest first")
        .query(&[("after", "`next` of the previous page")])
        .answer(200, page(&component("Attachment")));
    routes.get(&all, listed, move |caller, id, query| list(resource, caller, id, query));
    let added = operation(resource, "update", "Attach a file of at most 30 MB; what it is, is told by its content")
        .upload(MAX_BYTES, &[])
        .answer(201, component("Attachment"));
    routes.post(&all, added, move |request, caller, id, parts| add(resource, request, caller, id, parts));
    let removed = operation(resource, "update", "Take a file off").empty(204);
    routes.delete(&format!("{all}/{{attachment_id}}"), removed, move |caller, ids| remove(resource, caller, ids));
}

async fn list(resource: &'static Resource, caller: Caller, id: web::Path<Uuid>, query: web::Query<After>) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let page = attachments::list(&caller.engine, &gate, *id, query.after).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": page.items, "next": page.next })))
}

async fn add(
    resource: &'static Resource,
    request: HttpRequest,
    mut caller: Caller,
    id: web::Path<Uuid>,
    mut parts: Multipart,
) -> Answer {
    let gate = caller.gate(resource, "update")?;
    let part = upload::file_part(&mut parts, &mut Vec::new()).await?;
    let received = attachments::receive(&caller.engine, &gate, *id, &upload::name(&part), part).await?;
    let kept = Cell::new(false);
    let answer = async {
        // The content is what makes two requests the same, and is known only now.
        caller.session.idempotency = caller::key(&request, received.sha256().as_bytes())?;
        let gate = caller.gate(resource, "update")?;
        reply::once(&caller, async {
            let file = attachments::keep(&caller.engine, &gate, &received).await?;
            kept.set(true);
            Ok(HttpResponse::Created().json(file))
        })
        .await
    };
    let answer = answer.await;
    if !kept.get() {
        attachments::discard(&caller.engine, &received).await;
    }
    answer
}

async fn remove(resource: &'static Resource, caller: Caller, ids: web::Path<(Uuid, Uuid)>) -> Answer {
    let gate = caller.gate(resource, "update")?;
    let (id, file) = ids.into_inner();
    attachments::remove(&caller.engine, &gate, id, file).await?;
    Ok(HttpResponse::NoContent().finish())
}
