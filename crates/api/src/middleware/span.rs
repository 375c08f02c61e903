//! What traces keep of a request: the pattern of its route, never its path or
//! query. Links carry what lets somebody in, streams their ticket, and people
//! search for documents and phone numbers.

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::USER_AGENT,
};
use tracing::{Span, field::Empty};
use tracing_actix_web::{DefaultRootSpanBuilder, RequestId, RootSpanBuilder};

/// The pattern of a request's route; one word for pages of the browser
/// application, which has patterns of its own.
pub(super) fn route(request: &HttpRequest) -> String {
    let unmatched = if request.path().starts_with("/api/") { "unmatched" } else { "page" };
    request.match_pattern().unwrap_or_else(|| unmatched.to_owned())
}

/// The root span of a request, for [`tracing_actix_web::TracingLogger`].
#[derive(Debug)]
pub struct RootSpan;

impl RootSpanBuilder for RootSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = route(request.request());
        let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let id = request.extensions().get::<RequestId>().map(ToString::to_string);
        tracing::info_span!(
            "HTTP request",
            http.method = %request.method(),
            http.route = %route,
            http.target = %route,
            http.client_ip = request.peer_addr().map(|peer| peer.ip().to_string()),
            http.user_agent = %agent.chars().take(200).collect::<String>(),
            http.status_code = Empty,
            otel.name = %format!("{} {route}", request.method()),
            otel.kind = "server",
            otel.status_code = Empty,
            request_id = id,
            exception.message = Empty,
            exception.details = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        DefaultRootSpanBuilder::on_request_end(span, outcome);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests {
    use std::{
        fmt::{Debug, Write as _},
        sync::{Arc, Mutex},
    };

    use actix_web::test::TestRequest;
    use tracing::{
        Event, Metadata, Subscriber,
        field::{Field, Visit},
        span::{Attributes, Id, Record},
    };

    use super::*;

    /// Everything that is told, a line each.
    #[derive(Debug, Clone, Default)]
    pub(in crate::middleware) struct Heard(Arc<Mutex<Vec<String>>>);

    impl Heard {
        pub(in crate::middleware) fn lines(&self) -> Vec<String> {
            self.0.lock().unwrap().clone()
        }
    }

    struct Words(String);

    impl Visit for Words {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            let _ = write!(self.0, " {}={value:?}", field.name());
        }

        fn record_str(&mut self, field: &Field, value: &str) {
            let _ = write!(self.0, " {}={value}", field.name());
        }
    }

    impl Subscriber for Heard {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, span: &Attributes<'_>) -> Id {
            let mut words = Words("span".to_owned());
            span.record(&mut words);
            self.0.lock().unwrap().push(words.0);
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            let mut words = Words(format!("{} {}", event.metadata().level(), event.metadata().target()));
            event.record(&mut words);
            self.0.lock().unwrap().push(words.0);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    #[test]
    fn no_token_of_a_link_becomes_part_of_a_trace() {
        let heard = Heard::default();
        let _listening = tracing::subscriber::set_default(heard.clone());
        for path in [
            "/recuperar/segredo",
            "/convite/segredo?next=segredo",
            "/api/v1/auth/recovery/segredo",
            "/api/v1/callbacks/mail/segredo",
            "/api/v1/events?ticket=segredo",
        ] {
            let _span = RootSpan::on_request_start(&TestRequest::get().uri(path).to_srv_request());
        }
        let lines = heard.lines();
        assert!(lines.iter().filter(|line| line.contains("http.target=")).count() >= 5, "{lines:?}");
        assert!(!lines.concat().contains("segredo"), "{lines:?}");
        assert_eq!(route(&TestRequest::get().uri("/clientes/1").to_http_request()), "page");
        assert_eq!(route(&TestRequest::get().uri("/api/v1/nada").to_http_request()), "unmatched");
    }
}
