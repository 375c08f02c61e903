//! Log-in, refresh, log-out. The refresh token lives in a cookie that scripts
//! cannot read and other sites cannot send.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header,
    web,
};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_engine::{
    Engine,
    identity::{self, Granted, Origin},
};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::me;
use crate::{
    ApiError, Operation, Routes, caller,
    routes::{component, object},
};

/// A cookie of ours. Under TLS its name demands of browsers that no other
/// host, nor a page without TLS, can have set it.
struct Name {
    plain: &'static str,
    host: &'static str,
}

const REFRESH: Name = Name { plain: "conexao_refresh", host: "__Host-conexao_refresh" };
/// Of a device that may leave out the second step.
const DEVICE: Name = Name { plain: "conexao_device", host: "__Host-conexao_device" };

/// Whether the page is under TLS, here or at a trusted proxy.
fn is_secure(request: &HttpRequest) -> bool {
    request.connection_info().scheme() == "https"
}

impl Name {
    fn read(&self, request: &HttpRequest) -> Option<String> {
        let name = if is_secure(request) { self.host } else { self.plain };
        request.cookie(name).map(|cookie| cookie.value().to_owned())
    }

    /// Readable by no script, sent by no other site's page.
    fn write(&self, request: &HttpRequest, value: String, age: Duration) -> Cookie<'static> {
        let secure = is_secure(request);
        let (name, path) = if secure { (self.host, "/") } else { (self.plain, "/api/v1/auth") };
        let cookie = Cookie::build(name, value).path(path).http_only(true).secure(secure);
        cookie.same_site(SameSite::Strict).max_age(age).finish()
    }
}

/// How long somebody waits to be let in, and how many seconds whoever waited in
/// vain should stay away.
const TURN: std::time::Duration = std::time::Duration::from_secs(10);
const AWAY: u64 = 10;

/// How long a log-in lasts without being used.
const LASTS: Duration = Duration::days(30);

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let name = json!({ "type": "string", "description": "E-mail or user name" });
    let company = json!({ "type": "string", "description": "Short name, to answer `company_choice`" });
    let credentials = object(&[("email", name), ("password", text()), ("company", company)]);
    let refused = [
        Code::CompanyChoice,
        Code::TenantSuspended,
        Code::AwaitingApproval,
        Code::Credentials,
        Code::SecondFactor,
        Code::Unauthenticated,
        Code::Forbidden,
    ];
    let operation = |summary: &str| Operation::new("auth", summary).public().refuses(&refused);
    routes.post("/auth/login", operation("Log in").body(credentials).answer(200, granted()), login);
    routes.post("/auth/refresh", operation("New access token from the refresh cookie").answer(200, granted()), refresh);
    routes.post("/auth/logout", operation("Log out").empty(204), logout);
}

/// What coming in answers.
pub(super) fn granted() -> Json {
    let text = || json!({ "type": "string" });
    object(&[("access_token", text()), ("expires_in", json!({ "type": "integer" })), ("me", component("Me"))])
}

#[derive(Debug, Deserialize)]
struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    company: Option<String>,
}

async fn login(
    engine: web::Data<Engine>,
    request: HttpRequest,
    body: web::Json<Credentials>,
) -> Result<HttpResponse, ApiError> {
    let Credentials { email, password, company } = body.into_inner();
    let origin = origin(&request);
    let entering = identity::login_to(&engine, company.as_deref(), &email, &password, origin);
    // Passwords are compared a few at a time: who would wait long comes again.
    let busy = |_| Problem::new(Code::Unavailable).with("retry_after", AWAY);
    let granted = tokio::time::timeout(TURN, entering).await.map_err(busy)??;
    answer(&engine, &request, granted).await
}

/// Where a log-in comes from.
pub(super) fn origin(request: &HttpRequest) -> Origin {
    let device = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).map(str::to_owned);
    Origin { ip: caller::address(request), device, trusted: DEVICE.read(request) }
}

async fn refresh(engine: web::Data<Engine>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let token = REFRESH.read(&request).ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let granted = identity::refresh(&engine, &token, caller::address(&request)).await?;
    answer(&engine, &request, granted).await
}

async fn logout(engine: web::Data<Engine>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if let Some(token) = REFRESH.read(&request) {
        identity::logout(&engine, &token, caller::address(&request)).await?;
    }
    let gone = REFRESH.write(&request, String::new(), Duration::ZERO);
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

pub(super) async fn answer(engine: &Engine, request: &HttpRequest, granted: Granted) -> Result<HttpResponse, ApiError> {
    let me = me::describe(engine, &granted.session).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    let cookies = [(REFRESH, granted.refresh_token), (DEVICE, granted.device_token)];
    for (name, token) in cookies.into_iter().filter_map(|(name, token)| Some((name, token?))) {
        response.cookie(name.write(request, token, LASTS));
    }
    Ok(response.json(json!({ "access_token": granted.access_token, "expires_in": granted.expires_in, "me": me })))
}
