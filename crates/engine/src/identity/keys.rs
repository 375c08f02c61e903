//! Access tokens: short-lived JWTs whose signing keys rotate. The database
//! keeps key names only; the key itself is derived from the master secret, for
//! one use each: what is kept of one use signs nothing of another.

use std::time::Duration;

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
/// How long a node takes a signing key for known that it saw, in seconds.
const KNOWN_SECONDS: u64 = 60;

/// What something derived is for. Its name goes before the derived name, so
/// that no two uses ever share a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The secret that signs access tokens.
    Signing,
    Ticket,
    Refresh,
    /// Recovery codes as they are kept.
    Recovery,
    /// Names of nobody as they are counted.
    Stranger,
    /// Repeatable requests as they are compared.
    Request,
}

impl Use {
    /// The words of refresh tokens and recovery codes are as they always were:
    /// those that were handed out stay good.
    const fn name(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Ticket => "ticket",
            Self::Refresh => "refresh",
            Self::Recovery => "recovery",
            Self::Stranger => "stranger",
            Self::Request => "request",
        }
    }
}

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
    /// Names of signing keys this node saw in the database lately.
    known: moka::sync::Cache<Uuid, ()>,
}

impl Keys {
    pub fn new(master: &str) -> Self {
        let life = Duration::from_secs(KNOWN_SECONDS);
        let known = moka::sync::Cache::builder().max_capacity(1_000).time_to_live(life).build();
        Self { master: master.to_owned(), known }
    }

    /// A secret for one use: HMAC of the use and the name under the master secret.
    pub(super) fn derive(&self, what_for: Use, name: &str) -> Result<String, Problem> {
        let master = EncodingKey::from_secret(self.master.as_bytes());
        let message = format!("{}:{name}", what_for.name());
        let derived = jsonwebtoken::crypto::sign(message.as_bytes(), &master, Algorithm::HS256);
        derived.map_err(|_| Problem::new(Code::Internal))
    }

    /// Signs claims with the current key, making a new one when it is due.
    pub async fn sign(&self, db: &Db, claims: &Claims, now: DateTime<Utc>) -> Result<String, Problem> {
        let name = current(db, now).await?;
        let header = Header { kid: Some(name.clone()), ..Header::default() };
        let key = EncodingKey::from_secret(self.derive(Use::Signing, &name)?.as_bytes());
        jsonwebtoken::encode(&header, claims, &key).map_err(|_| Problem::new(Code::Internal))
    }

    /// The claims of a token that we signed and that has not expired at `now`.
    /// Does not ask whether its key is still there; see [`Self::admit`].
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Problem> {
        self.signed(token, now).map(|(_, claims)| claims)
    }

    /// The same with the name of the key that signed.
    fn signed(&self, token: &str, now: DateTime<Utc>) -> Result<(Uuid, Claims), Problem> {
        let refused = || Problem::new(Code::Unauthenticated);
        let name = key_of(token).ok_or_else(refused)?;
        let key = DecodingKey::from_secret(self.derive(Use::Signing, &name.to_string())?.as_bytes());
        let mut validation = Validation::new(Algorithm::HS256);
        // Expiry is compared with the injected clock below.
        validation.validate_exp = false;
        let claims: Claims = jsonwebtoken::decode(token, &key, &validation).map_err(|_| refused())?.claims;
        if claims.exp > now.timestamp() { Ok((name, claims)) } else { Err(refused()) }
    }

    /// The same of a token whose key is one of those in the database: a key
    /// that was taken out of it lets nobody in.
    pub async fn admit(&self, db: &Db, token: &str, now: DateTime<Utc>) -> Result<Claims, Problem> {
        let (name, claims) = self.signed(token, now)?;
        if !self.known.contains_key(&name) {
            let found = signing_key::Entity::find_by_id(name.to_string()).one(db.pool()).await.refused()?;
            found.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            self.known.insert(name, ());
        }
        Ok(claims)
    }
}

/// The key a token says it was signed with: those of ours have a UUID for a
/// name, written in one way.
fn key_of(token: &str) -> Option<Uuid> {
    let name = jsonwebtoken::decode_header(token).ok()?.kid?;
    Uuid::try_parse(&name).ok().filter(|id| id.to_string() == name)
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
    signing_key::Entity::insert(row).exec_without_returning(&*db.alone().await.refused()?).await.refused()?;
    Ok(name)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const MASTER: &str = "a secret that only tests know, long enough to sign with";

    fn token(kid: &str, secret: &str) -> String {
        let claims = Claims { sub: Uuid::nil(), tenant: 1, sid: Uuid::nil(), exp: i64::from(u32::MAX) };
        let header = Header { kid: Some(kid.to_owned()), ..Header::default() };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    fn accepts(keys: &Keys, kid: &str, secret: &str) -> bool {
        keys.verify(&token(kid, secret), DateTime::UNIX_EPOCH).is_ok()
    }

    #[test]
    fn only_the_secret_for_signing_signs() {
        let (keys, name) = (Keys::new(MASTER), Uuid::now_v7().to_string());
        assert!(accepts(&keys, &name, &keys.derive(Use::Signing, &name).unwrap()));
        for other in [Use::Ticket, Use::Refresh, Use::Recovery, Use::Stranger, Use::Request] {
            assert!(!accepts(&keys, &name, &keys.derive(other, &name).unwrap()), "{other:?}");
        }
    }

    #[test]
    fn a_key_has_a_uuid_for_a_name() {
        let keys = Keys::new(MASTER);
        for name in ["stranger:ana", "ticket", "", "recovery:1:x", "{00000000-0000-0000-0000-000000000000}"] {
            assert!(!accepts(&keys, name, &keys.derive(Use::Signing, name).unwrap()), "{name}");
        }
        // What was kept of names of nobody, in clear.
        assert!(!accepts(&keys, "stranger:ana", &keys.derive(Use::Stranger, "ana").unwrap()));
        let upper = Uuid::now_v7().to_string().to_uppercase();
        assert!(!accepts(&keys, &upper, &keys.derive(Use::Signing, &upper.to_lowercase()).unwrap()));
    }
}
