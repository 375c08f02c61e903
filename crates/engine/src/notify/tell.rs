//! Telling users something.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{canonical::write_instant, problem::Problem};
use conexao_storage::{Tx, entity::notification};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    choice::{self, IN_APP},
    mail,
};
use crate::{
    Engine,
    live::{Event, Kind},
    refusal::Refused,
};

/// Something to tell one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub user: Uuid,
    /// `category.<name>` in the locales.
    pub category: String,
    pub event: String,
    pub title: String,
    pub body: String,
    pub resource: Option<String>,
    pub record_id: Option<Uuid>,
    /// What caused it; a user is told of a source once.
    pub source: String,
}

/// Writes what users did not hear yet, where they want to hear it. Returns the live events to publish once
/// the transaction is committed.
pub async fn tell(engine: &Engine, tx: &Tx, now: DateTime<Utc>, told: Vec<Told>) -> Result<Vec<Event>, Problem> {
    let mut events = Vec::with_capacity(told.len());
    for told in told {
        if heard(tx, &told).await? {
            continue;
        }
        let choices = choice::of(tx, told.user).await?;
        mail::post(engine, tx, now, &choices, &told).await?;
        if !choices.wants(&told.category, IN_APP) {
            continue;
        }
        let row = notification::Model {
            tenant_id: tx.tenant().0,
            id: Uuid::now_v7(),
            user_id: told.user,
            category: told.category,
            event: told.event,
            title: told.title,
            body: told.body,
            resource: told.resource,
            record_id: told.record_id,
            source: told.source,
            created_at: now,
            read_at: None,
            deleted_at: None,
        };
        let shown = shown(&row);
        let user = row.user_id;
        // Between the look and the insert another node may have been faster.
        let once = OnConflict::columns([
            notification::Column::TenantId,
            notification::Column::UserId,
            notification::Column::Source,
        ])
        .do_nothing()
        .to_owned();
        let active = notification::ActiveModel::from(row).reset_all();
        let inserted =
            notification::Entity::insert(active).on_conflict(once).exec_without_returning(&**tx).await.refused()?;
        if inserted > 0 {
            let id = shown.get("id").and_then(Json::as_str).and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default();
            events.push(Event { id, tenant: tx.tenant().0, kind: Kind::Notification, user: Some(user), data: shown });
        }
    }
    Ok(events)
}

async fn heard(tx: &Tx, told: &Told) -> Result<bool, Problem> {
    let found = notification::Entity::find()
        .filter(notification::Column::TenantId.eq(tx.tenant().0))
        .filter(notification::Column::UserId.eq(told.user))
        .filter(notification::Column::Source.eq(&told.source))
        .one(&**tx)
        .await
        .refused()?;
    Ok(found.is_some())
}

/// A notification as its user sees it.
pub(super) fn shown(row: &notification::Model) -> Json {
    json!({
        "id": row.id,
        "category": row.category,
        "event": row.event,
        "title": row.title,
        "body": row.body,
        "resource": row.resource,
        "record_id": row.record_id,
        "read_at": row.read_at.map(write_instant),
        "created_at": write_instant(row.created_at),
    })
}
