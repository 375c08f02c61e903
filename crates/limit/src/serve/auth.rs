//! The token check: the same JWT as the product's, and nothing behind it.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{StatusCode, header},
    web,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Failure, State};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    pub sub: Uuid,
    pub tenant: i32,
    pub sid: Uuid,
    pub exp: i64,
}

pub struct Keys {
    key: DecodingKey,
    validation: Validation,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    pub fn new(secret: &str) -> Self {
        Self { key: DecodingKey::from_secret(secret.as_bytes()), validation: Validation::new(Algorithm::HS256) }
    }
}

/// A token for a user that is good for an hour.
pub fn token(secret: &str, tenant: i32, user: Uuid) -> anyhow::Result<String> {
    let exp = chrono::Utc::now().timestamp() + 3600;
    let claims = Claims { sub: user, tenant, sid: Uuid::now_v7(), exp };
    Ok(jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.as_bytes()))?)
}

impl FromRequest for Claims {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<State>>();
        let header = request.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let token = header.and_then(|v| v.strip_prefix("Bearer "));
        let decoded = state.zip(token).and_then(|(state, token)| {
            jsonwebtoken::decode::<Self>(token, &state.keys.key, &state.keys.validation).ok()
        });
        ready(decoded.map(|data| data.claims).ok_or(Failure::Status(StatusCode::UNAUTHORIZED)))
    }
}
