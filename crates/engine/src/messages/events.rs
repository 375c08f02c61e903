//! What became of a message, one row after the other: attempts, and what
//! providers said of it later. News that come again are known by their key.

use chrono::{DateTime, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{canonical::write_instant, problem::Problem},
};
use conexao_storage::{Tx, entity::message_event, table};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Session, refusal::Refused};

/// Most rows shown of a message.
const MOST: u64 = 200;

/// Something that became of a message.
#[derive(Debug, Clone, Default)]
pub(super) struct News {
    /// `attempt`, `receipt` or `report`.
    pub kind: &'static str,
    /// What it says: a status of ours or the provider's word.
    pub status: String,
    pub code: Option<String>,
    pub detail: Option<String>,
    /// The same news have the same key.
    pub key: String,
}

/// Notes news; `false` when they were known.
pub(super) async fn note(tx: &Tx, message: Uuid, now: DateTime<Utc>, news: News) -> Result<bool, Problem> {
    use message_event::Column::{Key, MessageId, TenantId};
    let row = message_event::Model {
        tenant_id: tx.tenant().0,
        id: Uuid::now_v7(),
        message_id: message,
        at: now,
        kind: news.kind.to_owned(),
        status: news.status,
        code: news.code,
        detail: news.detail,
        key: news.key,
    };
    let once = OnConflict::columns([TenantId, MessageId, Key]).do_nothing().to_owned();
    let row = message_event::ActiveModel::from(row).reset_all();
    let inserted =
        message_event::Entity::insert(row).on_conflict(once).exec_without_returning(&**tx).await.refused()?;
    Ok(inserted > 0)
}

/// What became of a message, the oldest first.
pub async fn list(engine: &Engine, session: &Session, id: Uuid) -> Result<Vec<Json>, Problem> {
    let gate = session.gate(&MESSAGE, "read")?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut found = table::by_ids(&tx, &MESSAGE, &[id], false).await.refused()?;
    found.retain(|record| gate.reaches(record));
    if found.is_empty() {
        return Err(Problem::not_found());
    }
    let rows = message_event::Entity::find()
        .filter(message_event::Column::TenantId.eq(session.tenant.0))
        .filter(message_event::Column::MessageId.eq(id))
        .order_by_asc(message_event::Column::Id)
        .limit(MOST)
        .all(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    let shown = |row: &message_event::Model| {
        json!({
            "at": write_instant(row.at), "kind": row.kind, "status": row.status,
            "code": row.code, "detail": row.detail,
        })
    };
    Ok(rows.iter().map(shown).collect())
}
