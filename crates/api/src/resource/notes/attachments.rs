//! Files of a record: list, upload, removal. They are handed out by their own
//! id, in `custom/attachments.rs`.

use std::cell::Cell;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::kernel::{
    problem::{Code, Problem},
    resource::Resource,
};
use conexao_engine::notes::attachments::{self, MAX_BYTES};
use futures_util::TryStreamExt;
use serde_json::json;
use uuid::Uuid;

use super::{After, Answer, operation};
use crate::{
    Caller, Routes, caller, reply,
    routes::{component, page},
};

/// Parts of a form looked at before the file must have come.
const PARTS: usize = 8;
/// What a form may be longer than its file, in bytes.
const WRAPPING: u64 = 64 << 10;

pub(super) fn routes(routes: &mut Routes<'_>, resource: &'static Resource, one: &str) {
    let all = format!("{one}/attachments");
    let listed = operation(resource, "read", "Files, newest first")
        .query(&[("after", "`next` of the previous page")])
        .answer(200, page(&component("Attachment")));
    routes.get(&all, listed, move |caller, id, query| list(resource, caller, id, query));
    let added = operation(resource, "update", "Attach a file of at most 30 MB; what it is, is told by its content")
        .upload()
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
    sensible(&request)?;
    let part = file_part(&mut parts).await?;
    let received = attachments::receive(&caller.engine, &gate, *id, &name(&part), part).await?;
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

/// Refuses by its announced length what need not even be sent.
fn sensible(request: &HttpRequest) -> Result<(), Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_BYTES + WRAPPING) { Err(attachments::too_large()) } else { Ok(()) }
}

/// The part of the form that is the file.
async fn file_part(parts: &mut Multipart) -> Result<Field, Problem> {
    for _ in 0..PARTS {
        match parts.try_next().await.map_err(|error| unreadable(&error))? {
            Some(part) if part.name() == Some("file") => return Ok(part),
            Some(_) => {}
            None => break,
        }
    }
    Err(Problem::field("file", "required"))
}

fn unreadable(error: &MultipartError) -> Problem {
    match error {
        MultipartError::ContentTypeMissing | MultipartError::ContentTypeIncompatible => {
            Problem::new(Code::UnsupportedMedia).detail("multipart/form-data")
        }
        _ => Problem::new(Code::Malformed).detail(error.to_string()),
    }
}

/// The name as the sender wrote it; browsers write its quotes as `%22`.
fn name(part: &Field) -> String {
    let name = part.content_disposition().and_then(header::ContentDisposition::get_filename);
    name.unwrap_or_default().replace("%22", "\"")
}

async fn remove(resource: &'static Resource, caller: Caller, ids: web::Path<(Uuid, Uuid)>) -> Answer {
    let gate = caller.gate(resource, "update")?;
    let (id, file) = ids.into_inner();
    attachments::remove(&caller.engine, &gate, id, file).await?;
    Ok(HttpResponse::NoContent().finish())
}
