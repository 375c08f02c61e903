//! First answers: a request with an idempotency key has one effect, and its
//! repetition gets the same answer. The answer is stored in the transaction of
//! the effect, so there is no moment at which one exists without the other.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::{Tx, entity::idempotency};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::Value as Json;

use crate::{Engine, Session, refusal::Refused};

/// Longest key accepted.
pub const MAX_KEY: usize = 200;

/// The stored answer (status, body) to this session's key, if there is one.
/// Another request under the same key is refused.
pub async fn find(engine: &Engine, session: &Session) -> Result<Option<(u16, Json)>, Problem> {
    let Some((key, hash)) = &session.idempotency else { return Ok(None) };
    let tx = engine.db.read(session.tenant).await.refused()?;
    let id = (session.tenant.0, session.repeater().to_string(), key.clone());
    let row = idempotency::Entity::find_by_id(id).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let Some(row) = row else { return Ok(None) };
    if row.request_hash != *hash {
        return Err(Problem::new(Code::IdempotencyMismatch));
    }
    let status = row.status.and_then(|s| u16::try_from(s).ok()).unwrap_or(200);
    let body = row.body.and_then(|b| serde_json::from_str(&b).ok()).unwrap_or_default();
    Ok(Some((status, body)))
}

/// Stores the answer. A twin that was faster makes this fail and with it the
/// second effect; the caller then finds the twin's answer.
pub(crate) async fn store(
    tx: &Tx,
    session: &Session,
    (key, hash): (&str, &str),
    (status, body): (u16, &Json),
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let row = idempotency::ActiveModel {
        tenant_id: Set(session.tenant.0),
        actor: Set(session.repeater().to_string()),
        key: Set(key.to_owned()),
        request_hash: Set(hash.to_owned()),
        status: Set(Some(status.into())),
        headers: Set(None),
        body: Set(Some(body.to_string())),
        created_at: Set(now),
    };
    let stored = idempotency::Entity::insert(row).exec_without_returning(&**tx).await.refused();
    stored
        .map(|_| ())
        .map_err(|problem| if problem.code == Code::Duplicate { Problem::new(Code::InProgress) } else { problem })
}
