//! Somebody's log-ins: where they are in, and putting an end to it.

use conexao_domain::{
    identity::user::USER,
    kernel::problem::{Code, Problem},
};
use conexao_storage::{Tenant, Tx, entity::session};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany, sea_query::Expr};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::notice::{self, News};
use crate::{
    Engine, Session, Write,
    journal::Entry,
    live::{Event, Kind},
    refusal::Refused,
};

/// Most log-ins that are listed; nobody reads more.
const MOST: u64 = 100;

/// A log-in that lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogIn {
    pub row: session::Model,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The acting user's log-ins, the last used first.
pub async fn own(engine: &Engine, session: &Session) -> Result<Vec<LogIn>, Problem> {
    let user = session.in_person()?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let rows = session::Entity::find()
        .filter(session::Column::TenantId.eq(session.tenant.0))
        .filter(session::Column::UserId.eq(user))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(engine.now()))
        .order_by_desc(session::Column::LastUsedAt)
        .order_by_desc(session::Column::Id)
        .limit(MOST)
        .all(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    Ok(rows.into_iter().map(|row| LogIn { current: session.login == Some(row.id), row }).collect())
}

/// Whether the log-in still lasts.
pub(crate) async fn lasts(tx: &Tx, id: Uuid, now: chrono::DateTime<chrono::Utc>) -> Result<bool, Problem> {
    let row = session::Entity::find_by_id((tx.tenant().0, id)).one(&**tx).await.refused()?;
    Ok(row.is_some_and(|row| row.revoked_at.is_none() && row.expires_at > now))
}

fn ending(write: &Write, user: Uuid) -> UpdateMany<session::Entity> {
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::val(write.now))
        .filter(session::Column::TenantId.eq(write.tx.tenant().0))
        .filter(session::Column::UserId.eq(user))
        .filter(session::Column::RevokedAt.is_null())
}

/// Whoever is in as this user is out; the caller announces it after the commit.
pub(super) async fn end_all(write: &Write, user: Uuid) -> Result<(), Problem> {
    ending(write, user).exec(&*write.tx).await.refused().map(|_| ())
}

/// The same but for one log-in, if there is one.
pub(super) async fn end_others(write: &Write, user: Uuid, but: Option<Uuid>) -> Result<(), Problem> {
    let others = ending(write, user).filter(session::Column::Id.ne(but.unwrap_or_default()));
    others.exec(&*write.tx).await.refused().map(|_| ())
}

/// Ends one log-in of a user; `false` when it had ended before.
pub(super) async fn end_one(write: &Write, user: Uuid, id: Uuid) -> Result<bool, Problem> {
    let ended = ending(write, user).filter(session::Column::Id.eq(id)).exec(&*write.tx).await.refused()?;
    Ok(ended.rows_affected > 0)
}

/// Ends one of the acting user's log-ins.
pub async fn revoke(engine: &Engine, session: &Session, id: Uuid) -> Result<(), Problem> {
    let user = session.in_person()?;
    let mut write = Write::begin(engine, session).await?;
    if !end_one(&write, user, id).await? {
        return Err(Problem::not_found());
    }
    write.note(entry(user, "session_revoked"));
    if session.login != Some(id) {
        notice::tell(engine, &mut write, user, News::SessionsEnded, "").await?;
    }
    write.commit(204, &Json::Null).await?;
    announce_end(engine, session.tenant, user).await;
    Ok(())
}

/// Ends all log-ins of the acting user but the one that asks; how many.
pub async fn revoke_others(engine: &Engine, session: &Session) -> Result<u64, Problem> {
    let user = session.in_person()?;
    let current = session.login.ok_or_else(|| Problem::new(Code::Forbidden))?;
    let mut write = Write::begin(engine, session).await?;
    let ended = ending(&write, user)
        .filter(session::Column::Id.ne(current))
        .filter(session::Column::ExpiresAt.gt(write.now))
        .exec(&*write.tx)
        .await
        .refused()?
        .rows_affected;
    if ended > 0 {
        write.note(entry(user, "sessions_revoked"));
        notice::tell(engine, &mut write, user, News::SessionsEnded, "").await?;
    }
    write.commit(200, &Json::Null).await?;
    announce_end(engine, session.tenant, user).await;
    Ok(ended)
}

fn entry(user: Uuid, action: &str) -> Entry {
    Entry { resource: USER.name, record_id: Some(user), action: action.to_owned(), changes: Map::new() }
}

/// Says that log-ins of a user ended: this node forgets what it saw, and
/// streams of that user look on every node whether they may go on.
pub(super) async fn announce_end(engine: &Engine, tenant: Tenant, user: Uuid) {
    engine.identity.forget();
    let event = Event::new(tenant.0, Kind::Ended, Some(user), Json::Null);
    engine.hub.publish(&engine.db, vec![event]).await;
}
