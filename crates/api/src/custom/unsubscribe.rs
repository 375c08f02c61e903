//! Ending mail about notices from the mail itself: a page for people, and the
//! one click that mail programs make (RFC 8058).

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use conexao_domain::{kernel::problem::Problem, locale::Locale};
use conexao_engine::{Engine, notify};

use crate::{ApiError, Operation, Routes, caller};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let operation = |summary: &str| Operation::new("notification", summary).public();
    let path = "/unsubscribe/{token}";
    routes.get(path, operation("A page that asks before it ends mail about notices").media("text/html"), ask);
    routes.post(path, operation("End mail about notices, in one click").media("text/html"), end);
}

struct Words {
    language: &'static str,
    title: &'static str,
    ask: &'static str,
    button: &'static str,
    done: &'static str,
}

const PORTUGUESE: Words = Words {
    language: "pt-BR",
    title: "Avisos por e-mail",
    ask: "Você não quer mais receber avisos do Conexão por e-mail?",
    button: "Parar de receber",
    done: "Pronto. Você não receberá mais avisos por e-mail. Isso pode ser mudado no seu perfil.",
};

const ENGLISH: Words = Words {
    language: "en",
    title: "Notices by e-mail",
    ask: "Do you want no more notices from Conexão by e-mail?",
    button: "Stop them",
    done: "Done. You will get no more notices by e-mail. Your profile lets you change that.",
};

fn page(request: &HttpRequest, body: impl Fn(&Words) -> String) -> HttpResponse {
    let words = if caller::locale(request) == Some(Locale::En) { &ENGLISH } else { &PORTUGUESE };
    let Words { language, title, .. } = words;
    let html = format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title></head><body><main><h1>{title}</h1>{}</main></body></html>",
        body(words)
    );
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).content_type("text/html; charset=utf-8").body(html)
}

async fn ask(
    engine: web::Data<Engine>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    if !notify::is_unsubscriber(&engine, &token) {
        return Err(Problem::not_found().into());
    }
    let form = |words: &Words| {
        format!("<p>{}</p><form method=\"post\"><button type=\"submit\">{}</button></form>", words.ask, words.button)
    };
    Ok(page(&request, form))
}

async fn end(
    engine: web::Data<Engine>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    if !notify::unsubscribe(&engine, &token).await? {
        return Err(Problem::not_found().into());
    }
    Ok(page(&request, |words| format!("<p>{}</p>", words.done)))
}
