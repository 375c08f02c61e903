//! Programs that come with an API token: what is left of their minute, told
//! in `RateLimit-*` headers, and the count of their calls.

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::HeaderName,
    middleware::Next,
};
use conexao_domain::kernel::problem::Problem;
use conexao_engine::{
    Engine, Session,
    tokens::{Allowance, Call, Entered},
};

use crate::middleware;

/// What a request remembers of the program that sent it.
#[derive(Debug, Clone)]
struct Program {
    engine: Engine,
    session: Session,
    allowance: Allowance,
}

/// Notes who came in; refuses who came too often.
pub(crate) fn admit(request: &HttpRequest, engine: &Engine, entered: Entered) -> Result<Session, Problem> {
    let Entered { session, allowance, refused } = entered;
    request.extensions_mut().insert(Program { engine: engine.clone(), session: session.clone(), allowance });
    middleware::known(request, &session);
    refused.map_or(Ok(session), Err)
}

/// Tells programs their allowance and counts their call.
pub(crate) async fn account(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let program = response.request().extensions().get::<Program>().cloned();
    let Some(Program { engine, session, allowance }) = program else { return Ok(response) };
    let told = [
        ("ratelimit-limit", allowance.limit),
        ("ratelimit-remaining", allowance.remaining),
        ("ratelimit-reset", allowance.reset),
    ];
    for (name, value) in told {
        response.headers_mut().insert(HeaderName::from_static(name), value.into());
    }
    if let Some(token) = session.token {
        // The pattern, not the path: ids would make a row for each record.
        let pattern = response.request().match_pattern().unwrap_or_default();
        let route = format!("{} {}", response.request().method(), pattern.trim_start_matches("/api/v1"));
        let call = Call { tenant: session.tenant, token: token.id, route, status: response.status().as_u16() };
        engine.tokens.count(call, engine.now());
    }
    Ok(response)
}
