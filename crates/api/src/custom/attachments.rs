//! Files handed out by their own id, to who may read their record.

use std::ops::Range;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::SizedStream,
    http::{
        StatusCode,
        header::{
            self, Charset, ContentDisposition, DispositionParam, DispositionType, EntityTag, ExtendedValue, Header,
            IfNoneMatch, IfRange, Range as Wanted,
        },
    },
    web,
};
use conexao_engine::notes::attachments;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{ApiError, Caller, Operation, Routes};

type Answer = Result<HttpResponse, ApiError>;

/// What a browser may show in place of saving: nothing that carries scripts.
const SHOWN: &[&str] = &["application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp"];

pub(super) fn routes(routes: &mut Routes<'_>) {
    let handed_out = Operation::new("attachment", "A file's content, or with `Range` a part; needs to read its record")
        .media("*/*")
        .or(206, Some(("*/*", part())))
        .or(304, None)
        .or(416, None);
    routes.get("/attachments/{id}/content", handed_out, content);
    let small = Operation::new("attachment", "A picture's thumbnail, at most 320 pixels wide and high")
        .media("image/*")
        .or(304, None);
    routes.get("/attachments/{id}/thumbnail", small, thumbnail);
}

fn part() -> Json {
    json!({ "type": "string", "format": "binary" })
}

async fn content(request: HttpRequest, caller: Caller, id: web::Path<Uuid>) -> Answer {
    let file = attachments::find(&caller.engine, &caller.session, *id).await?;
    let tag = EntityTag::new_strong(file.sha256.clone());
    if known(&request, &tag) {
        return Ok(HttpResponse::NotModified().insert_header(header::ETag(tag)).finish());
    }
    let size = u64::try_from(file.size).unwrap_or_default();
    let Ok(range) = wanted(&request, &tag, size) else {
        let whole = (header::CONTENT_RANGE, format!("bytes */{size}"));
        return Ok(HttpResponse::build(StatusCode::RANGE_NOT_SATISFIABLE).insert_header(whole).finish());
    };
    let stream = attachments::content(&caller.engine, &file, range.clone()).await?;
    let mut response = HttpResponse::Ok();
    if range.is_some() {
        let last = stream.range.end.saturating_sub(1);
        let part = format!("bytes {}-{last}/{}", stream.range.start, stream.size);
        response.status(StatusCode::PARTIAL_CONTENT).insert_header((header::CONTENT_RANGE, part));
    }
    guarded(&mut response, tag);
    response
        .content_type(file.media_type.as_str())
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header(disposition(&file.name, SHOWN.contains(&file.media_type.as_str())));
    let length = stream.range.end.saturating_sub(stream.range.start);
    Ok(response.body(SizedStream::new(length, stream.content)))
}

async fn thumbnail(request: HttpRequest, caller: Caller, id: web::Path<Uuid>) -> Answer {
    let file = attachments::find(&caller.engine, &caller.session, *id).await?;
    let tag = EntityTag::new_strong(format!("{}-small", file.sha256));
    if known(&request, &tag) {
        return Ok(HttpResponse::NotModified().insert_header(header::ETag(tag)).finish());
    }
    let small = attachments::thumbnail(&caller.engine, &file).await?;
    let mut response = HttpResponse::Ok();
    guarded(&mut response, tag);
    Ok(response
        .content_type(small.media_type)
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        .body(small.content))
}

/// A file is what it was said to be, for this reader, and nothing runs in it.
pub(super) fn guarded(response: &mut actix_web::HttpResponseBuilder, tag: EntityTag) {
    response
        .insert_header(header::ETag(tag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
}

/// Whether the reader already has this content.
pub(super) fn known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

/// The part asked for; several at once, or a part of other content, mean all
/// of it. `Err` when the part lies outside.
fn wanted(request: &HttpRequest, tag: &EntityTag, size: u64) -> Result<Option<Range<u64>>, ()> {
    let same = match request.headers().contains_key(header::IF_RANGE).then(|| IfRange::parse(request)) {
        None => true,
        Some(Ok(IfRange::EntityTag(known))) => known.strong_eq(tag),
        Some(_) => false,
    };
    match request.get_header::<Wanted>().filter(|_| same) {
        Some(Wanted::Bytes(parts)) => match parts.as_slice() {
            [part] => part.to_satisfiable_range(size).map(|(from, to)| Some(from..to + 1)).ok_or(()),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// The name for every browser: in ASCII, and as it is (RFC 5987).
pub(crate) fn disposition(name: &str, shown: bool) -> ContentDisposition {
    let plain = name.chars().map(|c| if c.is_ascii() && !matches!(c, '"' | '\\' | '%') { c } else { '_' }).collect();
    let full = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: if shown { DispositionType::Inline } else { DispositionType::Attachment },
        parameters: vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(full)],
    }
}
