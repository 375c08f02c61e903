//! Changes of the caller's own account that take more than being logged in:
//! password, address, photo; and everybody's photos.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::kernel::problem::Code;
use conexao_engine::{
    Engine,
    identity::{self, Proof, email, photo},
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{attachments, passkeys::proof};
use crate::{ApiError, Caller, Operation, Routes, caller, routes::object, upload};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let with = |name: &'static str, schema: Json| object(&[proof().as_slice(), &[(name, schema)]].concat());
    let refused = [Code::Validation, Code::ChallengeExpired, Code::NotFound, Code::Duplicate];
    let me = |summary: &str| Operation::new("me", summary).refuses(&refused);
    let body = with("new_password", json!({ "type": "string", "minLength": 10 }));
    let operation = me("Change my password; takes the present one or a passkey, and ends my other log-ins");
    routes.post("/me/password", operation.body(body).empty(204), password);
    let operation = me("Ask for another address: a link is sent there; takes the password or a passkey");
    routes.post("/me/email", operation.body(with("email", text())).empty(202), ask);
    let operation = Operation::new("auth", "Make an address count by the link that was sent there").public();
    let operation = operation.refuses(&refused).answer(200, object(&[("email", text())]));
    routes.post("/auth/email/{token}", operation, confirm);

    let operation = me("Make a picture of at most 30 MB my photo; it is shown small");
    let operation = operation.upload(conexao_engine::notes::attachments::MAX_BYTES, &[]);
    let operation = operation.refuses(&[Code::UnsupportedMedia]);
    let kept = object(&[("version", json!({ "type": "string", "format": "uuid" }))]);
    routes.post("/me/photo", Operation { keyed: false, ..operation.answer(201, kept) }, keep);
    routes.delete("/me/photo", me("Remove my photo").empty(204), remove);
    let id = || json!({ "type": "string", "format": "uuid" });
    let one = object(&[("user_id", id()), ("version", id())]);
    let items = object(&[("items", json!({ "type": "array", "items": one }))]);
    let operation = |summary: &str| Operation::new("user", summary);
    routes.get("/photos", operation("Who of the company has a photo, and which").answer(200, items), all);
    let small = operation("Somebody's photo, at most 320 pixels wide and high").media("image/*");
    routes.get("/photos/{user}", small.refuses(&[Code::NotFound]).or(304, None), one_photo);
}

#[derive(Debug, Deserialize)]
struct NewPassword {
    #[serde(flatten)]
    proof: Proof,
    new_password: String,
}

async fn password(caller: Caller, body: web::Json<NewPassword>) -> Answer {
    identity::change_password(&caller.engine, &caller.session, &body.proof, &body.new_password).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Deserialize)]
struct NewEmail {
    #[serde(flatten)]
    proof: Proof,
    email: String,
}

async fn ask(caller: Caller, body: web::Json<NewEmail>) -> Answer {
    email::ask(&caller.engine, &caller.session, &body.proof, &body.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

async fn confirm(engine: web::Data<Engine>, request: HttpRequest, token: web::Path<String>) -> Answer {
    let email = email::confirm(&engine, &token, caller::address(&request)).await?;
    Ok(HttpResponse::Ok().json(json!({ "email": email })))
}

async fn keep(caller: Caller, mut parts: Multipart) -> Answer {
    let part = upload::file_part(&mut parts, &mut Vec::new()).await?;
    let version = photo::keep(&caller.engine, &caller.session, &upload::name(&part), part).await?;
    Ok(HttpResponse::Created().json(json!({ "version": version })))
}

async fn remove(caller: Caller) -> Answer {
    photo::remove(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn all(caller: Caller) -> Answer {
    let found = photo::all(&caller.engine, &caller.session).await?;
    let one = |row: &photo::Photo| json!({ "user_id": row.user_id, "version": row.attachment_id });
    Ok(HttpResponse::Ok().json(json!({ "items": found.iter().map(one).collect::<Vec<_>>() })))
}

async fn one_photo(request: HttpRequest, caller: Caller, user: web::Path<Uuid>) -> Answer {
    let (file, small) = photo::of(&caller.engine, &caller.session, *user).await?;
    let tag = header::EntityTag::new_strong(format!("{}-photo", file.sha256));
    if attachments::known(&request, &tag) {
        return Ok(HttpResponse::NotModified().insert_header(header::ETag(tag)).finish());
    }
    let mut response = HttpResponse::Ok();
    attachments::guarded(&mut response, tag);
    response.content_type(small.media_type).insert_header((header::CONTENT_DISPOSITION, "inline"));
    Ok(response.body(small.content))
}
