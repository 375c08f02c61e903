//! The company's settings, its logo, its environments for trying things out.

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, EntityTag, Header, IfNoneMatch},
    },
    web,
};
use conexao_domain::{
    kernel::{canonical::write_instant, problem::Code},
    settings::COMPANY,
};
use conexao_engine::tenants::{self, MAX_LOGO, Variant};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::{
    ApiError, Caller, Idempotent, Operation, Routes, Settled,
    openapi::record_schemas,
    reply,
    routes::{demanding, object},
    upload,
};

type Answer = Result<HttpResponse, ApiError>;

const MANAGE: &str = "settings.manage";

pub(super) fn routes(routes: &mut Routes<'_>) {
    let operation = |summary: &str| Operation::new("settings", summary).permission(MANAGE);
    let (input, whole) = record_schemas(&COMPANY);
    routes.get("/settings/company", operation("The company's settings").answer(200, whole.clone()), read);
    let changed = operation("Change settings; felt at once").body(input).answer(200, whole).if_match();
    routes.patch("/settings/company", changed, patch);
    let put = operation("Set the logo for a theme, `light` or `dark`; at most 2 MB").upload(MAX_LOGO, &[]).empty(204);
    routes.post("/settings/logos/{theme}", Operation { keyed: false, ..put }, put_logo);
    routes.delete("/settings/logos/{theme}", operation("Take a logo away").empty(204), remove_logo);
    let shown = Operation::new("settings", "The company's logo for a theme").media("image/*");
    routes.get("/company/logos/{theme}", shown.or(304, None), logo);
    sandbox_routes(routes, &operation);
}

fn sandbox_routes(routes: &mut Routes<'_>, operation: &dyn Fn(&str) -> Operation) {
    let text = || json!({ "type": "string" });
    let one = object(&[
        ("id", json!({ "type": "integer" })),
        ("name", text()),
        ("slug", text()),
        ("status", text()),
        ("created_at", text()),
    ]);
    let items = object(&[("items", json!({ "type": "array", "items": one }))]);
    routes.get("/sandboxes", operation("Environments for trying things out").answer(200, items), sandboxes);
    let email = json!({ "type": "string", "format": "email" });
    let wanted = demanding(&["name", "email"], &[("name", text()), ("email", email)]);
    let made = operation("Make an environment with this company's roles and settings, and invite its administrator");
    let made = made.body(wanted).answer(201, one).refuses(&[Code::StepRefused, Code::Duplicate]);
    routes.post("/sandboxes", made, set_up);
    let emptied = operation("Empty the environment one is in: business records, numbers, clock").empty(204);
    routes.post("/sandboxes/actions/reset", emptied.refuses(&[Code::NotInProduction]), reset);
}

async fn read(caller: Caller) -> Answer {
    let record = tenants::settings(&caller.engine, &caller.session).await?;
    Ok(reply::record(StatusCode::OK, &record))
}

async fn patch(request: HttpRequest, Idempotent { caller, body }: Idempotent<Map<String, Json>>) -> Answer {
    caller.session.require(MANAGE)?;
    let version = reply::if_match(&request)?;
    reply::once(&caller, async {
        let record = tenants::patch_settings(&caller.engine, &caller.session, version, &body).await?;
        Ok(reply::record(StatusCode::OK, &record))
    })
    .await
}

async fn put_logo(caller: Caller, theme: web::Path<Variant>, mut parts: Multipart) -> Answer {
    caller.session.require(MANAGE)?;
    let part = upload::file_part(&mut parts, &mut Vec::new()).await?;
    // Not every stream bears to be asked again after its end.
    tenants::put_logo(&caller.engine, &caller.session, *theme, part.fuse()).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn remove_logo(caller: Caller, theme: web::Path<Variant>) -> Answer {
    tenants::remove_logo(&caller.engine, &caller.session, *theme).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn logo(request: HttpRequest, caller: Caller, theme: web::Path<Variant>) -> Answer {
    let (picture, sum) = tenants::logo(&caller.engine, &caller.session, *theme).await?;
    let tag = EntityTag::new_strong(sum);
    let known =
        matches!(IfNoneMatch::parse(&request), Ok(IfNoneMatch::Items(tags)) if tags.iter().any(|t| t.weak_eq(&tag)));
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header(header::ETag(tag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    Ok(if known { response.finish() } else { response.content_type(picture.media_type).body(picture.content) })
}

fn shown(row: &tenants::Row) -> Json {
    let created = write_instant(row.created_at);
    json!({ "id": row.id, "name": row.name, "slug": row.slug, "status": row.status, "created_at": created })
}

async fn sandboxes(caller: Caller) -> Answer {
    let rows = tenants::sandboxes(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": rows.iter().map(shown).collect::<Vec<_>>() })))
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

async fn set_up(Settled { caller, body }: Settled<Wanted>) -> Answer {
    let row = tenants::set_up_sandbox(&caller.engine, &caller.session, &body.name, &body.email).await?;
    Ok(HttpResponse::Created().json(shown(&row)))
}

async fn reset(caller: Caller) -> Answer {
    tenants::reset_sandbox(&caller.engine, &caller.session).await?;
    Ok(HttpResponse::NoContent().finish())
}
