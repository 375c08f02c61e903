//! One line for every request at its end: who asked for what, and what came of
//! it. Refusals are there too, so that whoever watches sees somebody try.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};
use conexao_engine::Session;
use tracing_actix_web::RequestId;
use uuid::Uuid;

use super::{measure, span};
use crate::caller;

/// What probes and collectors ask for every few seconds.
const QUIET: &[&str] = &["/healthz", "/readyz", "/metrics"];

/// Who a request turned out to be from.
#[derive(Debug, Clone, Copy)]
struct Known {
    tenant: i32,
    user: Uuid,
}

/// Notes who a request is from, for its line.
pub(crate) fn known(request: &HttpRequest, session: &Session) {
    request.extensions_mut().insert(Known { tenant: session.tenant.0, user: session.user });
}

/// What a line says.
struct Line {
    method: &'static str,
    route: String,
    client: Option<String>,
    /// The log-in or the token, where it is one of ours.
    login: Option<String>,
    begun: Instant,
}

pub async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let line = Line {
        method: measure::label(request.method()),
        route: span::route(request.request()),
        client: caller::address(request.request()),
        login: caller::subject(request.request()).map(|id| id.to_string()),
        begun: Instant::now(),
    };
    let answered = next.call(request).await;
    if !QUIET.contains(&line.route.as_str()) {
        match &answered {
            Ok(response) => line.write(response.status(), Some(response.request())),
            Err(error) => line.write(error.as_response_error().status_code(), None),
        }
    }
    answered
}

/// How loud a line is. Refused entry is what attacks look like; the rest of the
/// refusals are daily work.
fn level(status: StatusCode) -> tracing::Level {
    match status.as_u16() {
        500.. => tracing::Level::ERROR,
        401 | 403 | 429 => tracing::Level::WARN,
        _ => tracing::Level::INFO,
    }
}

impl Line {
    /// Writes it. Answers that go on for long are told when they begin.
    fn write(&self, status: StatusCode, request: Option<&HttpRequest>) {
        macro_rules! told {
            ($level:expr, $id:expr, $known:expr) => {
                tracing::event!(
                    target: "conexao::request",
                    $level,
                    method = self.method,
                    route = self.route.as_str(),
                    status = status.as_u16(),
                    ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
                    request_id = $id,
                    tenant = $known.map(|known| known.tenant),
                    user = $known.map(|known| known.user.to_string()),
                    login = self.login.as_deref(),
                    client = self.client.as_deref(),
                    "request"
                )
            };
        }
        let id = request.and_then(|request| request.extensions().get::<RequestId>().map(ToString::to_string));
        let known = request.and_then(|request| request.extensions().get::<Known>().copied());
        let level = level(status);
        if level == tracing::Level::ERROR {
            told!(tracing::Level::ERROR, id, known);
        } else if level == tracing::Level::WARN {
            told!(tracing::Level::WARN, id, known);
        } else {
            told!(tracing::Level::INFO, id, known);
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App, HttpResponse,
        middleware::from_fn,
        test::{TestRequest, call_service, init_service},
        web,
    };

    use super::*;
    use crate::middleware::span::tests::Heard;

    #[test]
    fn every_request_leaves_one_line_without_what_is_secret_in_its_path() {
        let heard = Heard::default();
        let _listening = tracing::subscriber::set_default(heard.clone());
        actix_web::rt::System::new().block_on(async {
            let app = App::new()
                .route("/auth/recovery/{token}", web::get().to(HttpResponse::Unauthorized))
                .route("/broken", web::get().to(HttpResponse::InternalServerError))
                .route("/healthz", web::get().to(HttpResponse::Ok))
                .default_service(web::get().to(HttpResponse::Ok))
                .wrap(from_fn(log));
            let app = init_service(app).await;
            for path in ["/auth/recovery/segredo", "/recuperar/segredo?token=segredo", "/broken", "/healthz"] {
                call_service(&app, TestRequest::get().uri(path).to_request()).await;
            }
        });
        let lines: Vec<String> = heard.lines().into_iter().filter(|line| line.contains("conexao::request")).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        let says = |at: usize, parts: &[&str]| {
            let line = lines.get(at).map(String::as_str).unwrap_or_default();
            assert!(parts.iter().all(|part| line.contains(part)), "{parts:?}: {line}");
        };
        says(0, &["WARN", "status=401", "route=/auth/recovery/{token}", "method=GET"]);
        says(1, &["INFO", "status=200", "route=page"]);
        says(2, &["ERROR", "status=500"]);
        assert!(!lines.concat().contains("segredo"), "{lines:?}");
    }

    #[test]
    fn refused_entry_is_louder_than_daily_refusals() {
        for (status, wanted) in [
            (200, tracing::Level::INFO),
            (401, tracing::Level::WARN),
            (403, tracing::Level::WARN),
            (404, tracing::Level::INFO),
            (409, tracing::Level::INFO),
            (422, tracing::Level::INFO),
            (429, tracing::Level::WARN),
            (503, tracing::Level::ERROR),
        ] {
            assert_eq!(StatusCode::from_u16(status).ok().map(level), Some(wanted), "{status}");
        }
    }
}
