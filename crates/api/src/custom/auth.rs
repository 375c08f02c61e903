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

const COOKIE: &str = "conexao_refresh";
/// Of a device that may leave out the second step.
const DEVICE: &str = "conexao_device";
const PATH: &str = "/api/v1/auth";

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let credentials = object(&[("email", text()), ("password", text())]);
    let operation = |summary: &str| Operation::new("auth", summary).public();
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
}

async fn login(
    engine: web::Data<Engine>,
    request: HttpRequest,
    body: web::Json<Credentials>,
) -> Result<HttpResponse, ApiError> {
    let granted = identity::login(&engine, &body.email, &body.password, origin(&request)).await?;
    answer(&engine, &request, granted).await
}

/// Where a log-in comes from.
pub(super) fn origin(request: &HttpRequest) -> Origin {
    let device = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let trusted = request.cookie(DEVICE).map(|cookie| cookie.value().to_owned());
    Origin { ip: caller::address(request), device, trusted }
}

async fn refresh(engine: web::Data<Engine>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let token = request.cookie(COOKIE).ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let granted = identity::refresh(&engine, token.value()).await?;
    answer(&engine, &request, granted).await
}

async fn logout(engine: web::Data<Engine>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if let Some(token) = request.cookie(COOKIE) {
        identity::logout(&engine, token.value()).await?;
    }
    let gone = Cookie::build(COOKIE, "")
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::ZERO)
        .finish();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

pub(super) async fn answer(engine: &Engine, request: &HttpRequest, granted: Granted) -> Result<HttpResponse, ApiError> {
    let me = me::describe(engine, &granted.session).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    // Behind a TLS proxy the connection here is plain, but the page is not.
    let secure = request.connection_info().scheme() == "https";
    let cookies = [(COOKIE, granted.refresh_token), (DEVICE, granted.device_token)];
    for (name, token) in cookies.into_iter().filter_map(|(name, token)| Some((name, token?))) {
        let cookie = Cookie::build(name, token)
            .path(PATH)
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Strict)
            .max_age(Duration::days(30));
        response.cookie(cookie.finish());
    }
    Ok(response.json(json!({ "access_token": granted.access_token, "expires_in": granted.expires_in, "me": me })))
}
