//! Questions that a passkey answers: kept here, for one purpose and one owner,
//! gone with the first answer or after minutes.

use chrono::TimeDelta;
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::entity::passkey_ceremony;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Engine, Session, identity::Origin, refusal::Refused};

/// How long an answer may take, in minutes.
const MINUTES: i64 = 5;

/// What an answer is good for, and for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Purpose {
    /// A new key.
    Register,
    /// Coming in without a password.
    Enter,
    /// The second step of a log-in.
    SecondStep,
    /// Showing again who one is.
    Prove,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Enter => "enter",
            Self::SecondStep => "second_step",
            Self::Prove => "prove",
        }
    }
}

/// A question as the browser is told.
#[derive(Debug, Clone, Serialize)]
pub struct Ceremony {
    /// Names the question in the answer.
    pub ceremony: String,
    /// `publicKey` of the browser's `create` or `get`, binary values in base64url.
    pub options: Json,
}

/// Whose question it is: a log-in of a user.
pub(in crate::identity) fn of_session(session: &Session) -> String {
    format!("{}:{}:{}", session.tenant.0, session.user, session.login.unwrap_or_default())
}

/// Whose question it is: somebody at a place.
pub(in crate::identity) fn of_origin(origin: &Origin) -> String {
    use sha2::{Digest, Sha256};
    let place = [origin.ip.as_deref().unwrap_or_default(), origin.device.as_deref().unwrap_or_default()];
    hex::encode(Sha256::digest(place.join("\0")))
}

fn internal<E>(_: E) -> Problem {
    Problem::new(Code::Internal)
}

/// Keeps a question until it is answered.
pub(in crate::identity) async fn ask(
    engine: &Engine,
    purpose: Purpose,
    owner: String,
    options: &impl Serialize,
    state: &impl Serialize,
) -> Result<Ceremony, Problem> {
    let (id, now) = (Uuid::new_v4(), engine.now());
    let row = passkey_ceremony::ActiveModel {
        id: Set(id),
        purpose: Set(purpose.name().to_owned()),
        owner: Set(owner),
        state: Set(serde_json::to_string(state).map_err(internal)?),
        created_at: Set(now),
        expires_at: Set(now + TimeDelta::minutes(MINUTES)),
    };
    passkey_ceremony::Entity::insert(row)
        .exec_without_returning(&*engine.db.alone().await.refused()?)
        .await
        .refused()?;
    let mut options = serde_json::to_value(options).map_err(internal)?;
    let options = options.get_mut("publicKey").map(Json::take).unwrap_or_default();
    Ok(Ceremony { ceremony: id.to_string(), options })
}

/// Takes a question for its answer; there is no second one. Done outside of a
/// transaction: whatever comes of the answer, the question is used up.
pub(in crate::identity) async fn take<T: DeserializeOwned>(
    engine: &Engine,
    id: &str,
    purpose: Purpose,
    owner: &str,
) -> Result<T, Problem> {
    let expired = || Problem::new(Code::ChallengeExpired);
    let id = Uuid::parse_str(id).map_err(|_| expired())?;
    let found = passkey_ceremony::Entity::find_by_id(id).one(engine.db.pool()).await.refused()?;
    let own = found.filter(|row| row.purpose == purpose.name() && row.owner == owner).ok_or_else(expired)?;
    let taken =
        passkey_ceremony::Entity::delete_by_id(id).exec(&*engine.db.alone().await.refused()?).await.refused()?;
    if taken.rows_affected != 1 || own.expires_at <= engine.now() {
        return Err(expired());
    }
    serde_json::from_str(&own.state).map_err(internal)
}
