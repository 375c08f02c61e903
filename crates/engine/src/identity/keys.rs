//! Access tokens: short-lived JWTs whose signing keys rotate. The database
//! keeps key names only; the key itself is derived from the master secret.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::{Db, entity::signing_key};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::refusal::Refused;

/// How long an access token is good for.
pub const ACCESS_MINUTES: i64 = 10;
/// A new key signs after this long; old ones verify what they signed.
const ROTATE_DAYS: i64 = 30;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// User id.
    pub sub: Uuid,
    pub tenant: i32,
    /// Session id, so that a log-out reaches issued tokens.
    pub sid: Uuid,
    pub exp: i64,
}

#[derive(Debug)]
pub struct Keys {
    master: String,
}

impl Keys {
    pub fn new(master: &str) -> Self {
        Self { master: master.to_owned() }
    }

    /// The key's secret: HMAC of its name under the master secret.
    pub(super) fn derive(&self, name: &str) -> Result<String, Problem> {
        let master = EncodingKey::from_secret(self.master.as_bytes());
        let derived = jsonwebtoken::crypto::sign(name.as_bytes(), &master, Algorithm::HS256);
        derived.map_err(|_| Problem::new(Code::Internal))
    }

    /// Signs claims with the current key, making a new one when it is due.
    pub async fn sign(&self, db: &Db, claims: &Claims, now: DateTime<Utc>) -> Result<String, Problem> {
        let name = current(db, now).await?;
        let header = Header { kid: Some(name.clone()), ..Header::default() };
        let key = EncodingKey::from_secret(self.derive(&name)?.as_bytes());
        jsonwebtoken::encode(&header, claims, &key).map_err(|_| Problem::new(Code::Internal))
    }

    /// The claims of a token that we signed and that has not expired at `now`.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Problem> {
        let refused = || Problem::new(Code::Unauthenticated);
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        let name = header.kid.filter(|name| name.len() < 64).ok_or_else(refused)?;
        let key = DecodingKey::from_secret(self.derive(&name)?.as_bytes());
        let mut validation = Validation::new(Algorithm::HS256);
        // Expiry is compared with the injected clock below.
        validation.validate_exp = false;
        let claims: Claims = jsonwebtoken::decode(token, &key, &validation).map_err(|_| refused())?.claims;
        if claims.exp > now.timestamp() { Ok(claims) } else { Err(refused()) }
    }
}

async fn current(db: &Db, now: DateTime<Utc>) -> Result<String, Problem> {
    let newest = signing_key::Entity::find()
        .order_by_desc(signing_key::Column::CreatedAt)
        .limit(1)
        .one(db.pool())
        .await
        .refused()?;
    if let Some(key) = newest.filter(|key| now - key.created_at < TimeDelta::days(ROTATE_DAYS)) {
        return Ok(key.id);
    }
    let name = Uuid::now_v7().to_string();
    let row = signing_key::ActiveModel { id: Set(name.clone()), created_at: Set(now) };
    signing_key::Entity::insert(row).exec_without_returning(db.pool()).await.refused()?;
    Ok(name)
}
