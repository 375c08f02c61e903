//! Sockets: where requests come in, and how long a silent one is kept.

use std::{io, net::TcpListener, time::Duration};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::Server, http::header, web};

use crate::config::Config;

/// How long a reader may take nothing of what waits for it, or leave it
/// unacknowledged, in milliseconds.
const STALLED: u32 = 60_000;

/// Connections that wait to be taken up.
const BACKLOG: i32 = 1024;

/// A bound socket; what it accepts is cut off by the kernel when the other
/// side stops reading, so that stalled downloads do not pile up.
pub fn socket(address: &str) -> io::Result<TcpListener> {
    let listener =
        TcpListener::bind(address).map_err(|e| io::Error::new(e.kind(), format!("cannot listen on {address}: {e}")))?;
    #[cfg(target_os = "linux")]
    rustix::net::sockopt::set_tcp_user_timeout(&listener, STALLED)?;
    // The standard library chooses a short queue.
    rustix::net::listen(&listener, BACKLOG)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// A listener that sends people to the address with TLS, and nobody elsewhere:
/// what a request calls itself plays no part.
pub fn redirect(config: &Config, from: &str) -> io::Result<Server> {
    let to = web::Data::new(config.address());
    let server = HttpServer::new(move || App::new().app_data(to.clone()).default_service(web::to(elsewhere)));
    let server = server
        .workers(1)
        .max_connections(config.clients)
        .client_request_timeout(Duration::from_secs(config.head_seconds));
    Ok(server.disable_signals().listen(socket(from)?)?.run())
}

/// Pages move; programs are told, so that none sends its token twice.
async fn elsewhere(request: HttpRequest, to: web::Data<String>) -> HttpResponse {
    if request.path().starts_with("/api/") || request.method() != actix_web::http::Method::GET {
        return HttpResponse::Forbidden().content_type("text/plain").body(format!("use {}", to.get_ref()));
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, format!("{}{path}", to.get_ref()))).finish()
}
