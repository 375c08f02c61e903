//! Ending one kind of mail from the mail itself: a page for people, and the
//! one click that mail programs make (RFC 8058).

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::{
    kernel::problem::Problem,
    locale::{self, Locale},
};
use conexao_engine::{Engine, notify};

use crate::{ApiError, Operation, Routes, caller};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let operation = |summary: &str| Operation::new("notification", summary).public();
    let path = "/unsubscribe/{token}";
    routes.get(path, operation("A page that asks before it ends one kind of mail").media("text/html"), ask);
    routes.post(path, operation("End one kind of mail, in one click").media("text/html"), end);
}

/// A text with the name of a category, which is one of ours.
fn about(locale: Locale, text: &str, category: &str) -> String {
    let name = match category {
        "digest" => locale::text(locale, "category.digest"),
        _ => locale::find(locale, &format!("category.{category}")).unwrap_or_default().to_owned(),
    };
    text.replace("{category}", &name)
}

fn page(request: &HttpRequest, body: impl Fn(Locale) -> String) -> HttpResponse {
    let locale = caller::locale(request).unwrap_or_default();
    let (language, title) = (locale.tag(), locale::text(locale, "unsubscribe.title"));
    let html = format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title></head><body><main><h1>{title}</h1>{}</main></body></html>",
        body(locale)
    );
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).content_type("text/html; charset=utf-8").body(html)
}

async fn ask(
    engine: web::Data<Engine>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let category = notify::unsubscribes(&engine, &token).ok_or_else(Problem::not_found)?;
    let form = |locale| {
        let ask = about(locale, &locale::text(locale, "unsubscribe.ask"), &category);
        let button = locale::text(locale, "unsubscribe.button");
        format!("<p>{ask}</p><form method=\"post\"><button type=\"submit\">{button}</button></form>")
    };
    Ok(page(&request, form))
}

async fn end(
    engine: web::Data<Engine>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let category = notify::unsubscribe(&engine, &token).await?.ok_or_else(Problem::not_found)?;
    Ok(page(&request, |locale| {
        format!("<p>{}</p>", about(locale, &locale::text(locale, "unsubscribe.done"), &category))
    }))
}
