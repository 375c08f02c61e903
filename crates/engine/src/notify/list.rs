//! A user's notifications.

use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tx, entity::notification};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    UpdateMany,
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::tell::shown;
use crate::{Engine, Session, refusal::Refused};

const LIMIT: u64 = 50;
/// Most notifications a returning reader catches up on.
const CATCH_UP: u64 = 100;

/// Which notifications to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub unread: bool,
    pub category: Option<String>,
    /// Only older ones than this.
    pub after: Option<Uuid>,
}

/// A page, newest first; the id after which older ones follow; unread in all.
#[derive(Debug)]
pub struct Listed {
    pub items: Vec<Json>,
    pub next: Option<Uuid>,
    pub unread: u64,
}

/// Which notifications an act is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    Ids(Vec<Uuid>),
    All,
}

fn own(session: &Session) -> Select<notification::Entity> {
    notification::Entity::find()
        .filter(notification::Column::TenantId.eq(session.tenant.0))
        .filter(notification::Column::UserId.eq(session.user))
        .filter(notification::Column::DeletedAt.is_null())
        .filter(notification::Column::InApp.eq(true))
}

async fn count(tx: &Tx, session: &Session) -> Result<u64, Problem> {
    own(session).filter(notification::Column::ReadAt.is_null()).count(&**tx).await.refused()
}

/// A page of the session's notifications.
pub async fn list(engine: &Engine, session: &Session, wanted: &Wanted) -> Result<Listed, Problem> {
    let mut query = own(session);
    if wanted.unread {
        query = query.filter(notification::Column::ReadAt.is_null());
    }
    if let Some(category) = &wanted.category {
        query = query.filter(notification::Column::Category.eq(category));
    }
    if let Some(after) = wanted.after {
        query = query.filter(notification::Column::Id.lt(after));
    }
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut rows = query.order_by_desc(notification::Column::Id).limit(LIMIT + 1).all(&*tx).await.refused()?;
    let unread = count(&tx, session).await?;
    tx.rollback().await.refused()?;
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    Ok(Listed { items: rows.iter().map(shown).collect(), next, unread })
}

/// How many are unread.
pub async fn unread(engine: &Engine, session: &Session) -> Result<u64, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let unread = count(&tx, session).await?;
    tx.rollback().await.refused()?;
    Ok(unread)
}

/// Marks as read; returns how many are left unread.
pub async fn read(engine: &Engine, session: &Session, which: &Which) -> Result<u64, Problem> {
    let columns = notification::ActiveModel { read_at: Set(Some(engine.now())), ..Default::default() };
    let unread = notification::Entity::update_many().set(columns).filter(notification::Column::ReadAt.is_null());
    act(engine, session, which, unread).await
}

/// Deletes; returns how many are left unread.
pub async fn delete(engine: &Engine, session: &Session, which: &Which) -> Result<u64, Problem> {
    let columns = notification::ActiveModel { deleted_at: Set(Some(engine.now())), ..Default::default() };
    act(engine, session, which, notification::Entity::update_many().set(columns)).await
}

async fn act(
    engine: &Engine,
    session: &Session,
    which: &Which,
    update: UpdateMany<notification::Entity>,
) -> Result<u64, Problem> {
    let mut update = update
        .filter(notification::Column::TenantId.eq(session.tenant.0))
        .filter(notification::Column::UserId.eq(session.user))
        .filter(notification::Column::DeletedAt.is_null());
    if let Which::Ids(ids) = which {
        update = update.filter(notification::Column::Id.is_in(ids.iter().copied()));
    }
    let tx = engine.db.write(session.tenant).await.refused()?;
    update.exec(&*tx).await.refused()?;
    let unread = count(&tx, session).await?;
    tx.commit().await.refused()?;
    Ok(unread)
}

/// Notifications newer than an event the reader saw, oldest first.
pub(crate) async fn since(engine: &Engine, session: &Session, after: Uuid) -> Result<Vec<(Uuid, Json)>, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let newer =
        own(session).filter(notification::Column::Id.gt(after)).order_by_desc(notification::Column::Id).limit(CATCH_UP);
    let rows = newer.all(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(rows.iter().rev().map(|row| (row.id, shown(row))).collect())
}
