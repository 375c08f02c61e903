//! Who calls: the session behind the request, and the key of a request that
//! may be repeated.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::{Method, header},
    web,
};
use bytes::Bytes;
use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        resource::Resource,
    },
    locale::Locale,
};
use conexao_engine::{Engine, Gate, Session, idempotency::MAX_KEY, identity, tokens};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tracing_actix_web::RequestId;
use uuid::Uuid;

use crate::{ApiError, program};

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// An authenticated caller with the engine at hand.
#[derive(Debug, Clone)]
pub struct Caller {
    pub engine: Engine,
    pub session: Session,
}

impl Caller {
    /// The capability for one verb, or a 403.
    pub fn gate(&self, resource: &'static Resource, verb: &str) -> Result<Gate, Problem> {
        self.session.gate(resource, verb)
    }
}

/// The language the caller asks for.
pub fn locale(request: &HttpRequest) -> Option<Locale> {
    request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(Locale::negotiate)
}

/// The address the request comes from, as the server sees it.
pub fn address(request: &HttpRequest) -> Option<String> {
    request.peer_addr().map(|a| a.ip().to_string())
}

pub fn request_id(request: &HttpRequest) -> Option<String> {
    request.extensions().get::<RequestId>().map(ToString::to_string)
}

fn engine(request: &HttpRequest) -> Result<Engine, Problem> {
    request.app_data::<web::Data<Engine>>().map(|e| e.get_ref().clone()).ok_or_else(|| Problem::new(Code::Internal))
}

/// The token the caller presents, whatever it is worth.
pub fn bearer(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// What [`subject`] found, for those who ask again.
#[derive(Debug, Clone, Copy)]
struct Subject(Option<Uuid>);

/// The log-in or the token a request comes with, where it is one of ours,
/// whether or not it still lasts. Looked at once for each request.
pub fn subject(request: &HttpRequest) -> Option<Uuid> {
    let known = request.extensions().get::<Subject>().copied();
    if let Some(Subject(found)) = known {
        return found;
    }
    let found = bearer(request).and_then(|token| {
        let engine = request.app_data::<web::Data<Engine>>()?;
        engine.identity.subject(token, engine.now()).or_else(|| engine.tokens.subject(token))
    });
    request.extensions_mut().insert(Subject(found));
    found
}

/// What is open to somebody who has to get a second factor first.
fn leads_to_enrolment(request: &HttpRequest) -> bool {
    let path = request.path().trim_start_matches("/api/v1");
    let below = |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let enrolment = below("/me/two-factor") || below("/me/passkeys");
    enrolment || (path == "/me" && request.method() == Method::GET)
}

async fn authenticated(request: HttpRequest) -> Result<Caller, ApiError> {
    let engine = engine(&request)?;
    let token = bearer(&request).ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let address = address(&request);
    let mut session = match tokens::authenticate(&engine, token, address.as_deref()).await {
        Some(entered) => program::admit(&request, &engine, entered?)?,
        None => identity::authenticate(&engine, token).await?,
    };
    // A token cannot enrol: it waits for its owner.
    let enrols = session.token.is_none() && leads_to_enrolment(&request);
    if session.must_enrol && !enrols {
        return Err(Problem::new(Code::TwoFactorRequired).into());
    }
    session.locale = locale(&request).unwrap_or(session.locale);
    session.ip = address;
    session.request_id = request_id(&request);
    crate::middleware::known(&request, &session);
    Ok(Caller { engine, session })
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(authenticated(request.clone()))
    }
}

/// A caller with a JSON body; when the request has an `Idempotency-Key`, the
/// session carries it together with a hash of the request.
#[derive(Debug)]
pub struct Idempotent<T> {
    pub caller: Caller,
    pub body: T,
}

/// A caller with a JSON body of which a repetition changes nothing, so that a
/// key is not asked for.
#[derive(Debug)]
pub struct Settled<T> {
    pub caller: Caller,
    pub body: T,
}

/// What a body that was not received means; slow ones are told apart by the
/// route's own guard.
fn unread(error: &actix_web::Error) -> Problem {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Problem::new(Code::TooLarge),
        _ => Problem::new(Code::Malformed).detail("body"),
    }
}

fn parsed<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    let body = if bytes.is_empty() { b"{}".as_slice() } else { bytes };
    serde_json::from_slice(body).map_err(|e| Problem::new(Code::Malformed).detail(e.to_string()))
}

/// Refuses by its name what is no JSON.
fn is_json(request: &HttpRequest) -> Result<(), Problem> {
    let named = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = named.and_then(|text| text.split(';').next()).map(str::trim);
    let fits = essence.is_none_or(|t| t.eq_ignore_ascii_case("application/json") || t.ends_with("+json"));
    if fits { Ok(()) } else { Err(Problem::new(Code::UnsupportedMedia).detail("application/json")) }
}

impl<T: DeserializeOwned + 'static> FromRequest for Settled<T> {
    type Error = ApiError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| unread(&error))?;
            let caller = authenticated(request.clone()).await?;
            is_json(&request)?;
            Ok(Self { caller, body: parsed(&bytes)? })
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Idempotent<T> {
    type Error = ApiError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| unread(&error))?;
            let mut caller = authenticated(request.clone()).await?;
            is_json(&request)?;
            caller.session.idempotency = key(&request, &bytes)?;
            Ok(Self { caller, body: parsed(&bytes)? })
        })
    }
}

/// Key and hash of a request that may be repeated, if it has one. The hash is
/// kept: it is keyed, because bodies hold passwords that a bare one would give away.
pub(crate) fn key(request: &HttpRequest, body: &[u8]) -> Result<Option<(String, String)>, Problem> {
    let Some(key) = request.headers().get("Idempotency-Key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|k| !k.is_empty() && k.len() <= MAX_KEY);
    let key = key.ok_or_else(|| Problem::new(Code::Malformed).detail("Idempotency-Key"))?;
    let mut hasher = Sha256::new();
    hasher.update(request.method().as_str());
    hasher.update(request.uri().to_string());
    hasher.update(body);
    let hash = engine(request)?.identity.fingerprint(&hex::encode(hasher.finalize()))?;
    Ok(Some((key.to_owned(), hash)))
}
