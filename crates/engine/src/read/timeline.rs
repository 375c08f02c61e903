//! Everything that happened to a record: audit entries, comments and files,
//! newest first. Personal values in changes are masked.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{
    canonical::write_instant,
    field::{Field, Kind},
    problem::Problem,
    resource::Resource,
};
use conexao_storage::{Tx, entity::{attachment, audit, comment}};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::load;
use crate::{Engine, Gate, read::titles, refusal::Refused};

const LIMIT: u64 = 50;

/// Entries and the moment from which older ones follow.
#[derive(Debug)]
pub struct TimelinePage {
    pub items: Vec<Json>,
    pub next: Option<String>,
}

/// The page of entries older than `before`.
pub async fn timeline(engine: &Engine, gate: &Gate, id: Uuid, before: Option<DateTime<Utc>>) -> Result<TimelinePage, Problem> {
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    load(&tx, gate, id).await?;
    let mut items = changes(&tx, gate.resource, id, before).await?;
    items.extend(comments(&tx, gate.resource, id, before).await?);
    items.extend(files(&tx, gate.resource, id, before).await?);
    tx.rollback().await.refused()?;
    items.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|(at, _)| write_instant(*at));
    Ok(TimelinePage { items: items.into_iter().map(|(_, item)| item).collect(), next })
}

type Entries = Vec<(DateTime<Utc>, Json)>;

async fn changes(tx: &Tx, resource: &Resource, id: Uuid, before: Option<DateTime<Utc>>) -> Result<Entries, Problem> {
    let mut query = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant().0))
        .filter(audit::Column::Resource.eq(resource.name))
        .filter(audit::Column::RecordId.eq(id));
    if let Some(before) = before {
        query = query.filter(audit::Column::At.lt(before));
    }
    let rows = query.order_by_desc(audit::Column::Seq).limit(LIMIT + 1).all(&**tx).await.refused()?;
    let item = |row: audit::Model| {
        let changes: Map<String, Json> = serde_json::from_str(&row.changes).unwrap_or_default();
        let changes: Vec<Json> = changes.iter().map(|(field, pair)| change(resource, field, pair)).collect();
        let actor = json!({ "id": row.actor_id, "name": row.actor_name });
        (row.at, json!({ "id": row.seq.to_string(), "at": write_instant(row.at), "kind": "change", "actor": actor, "action": row.action, "changes": changes }))
    };
    Ok(rows.into_iter().map(item).collect())
}

fn change(resource: &Resource, name: &str, pair: &Json) -> Json {
    let seen = |index: usize| {
        let value = pair.get(index).cloned().unwrap_or_default();
        resource.field(name).map_or(Json::Null, |field| shown(field, &value))
    };
    json!({ "field": name, "old": seen(0), "new": seen(1) })
}

/// Personal values as masks; of lines only how many there are.
fn shown(field: &Field, value: &Json) -> Json {
    match field.kind {
        Kind::Lines(_) => json!(value.as_array().map_or(0, Vec::len)),
        _ if field.personal && !value.is_null() => field.kind.masked(value),
        _ => value.clone(),
    }
}

async fn comments(tx: &Tx, resource: &Resource, id: Uuid, before: Option<DateTime<Utc>>) -> Result<Entries, Problem> {
    let mut query = comment::Entity::find()
        .filter(comment::Column::TenantId.eq(tx.tenant().0))
        .filter(comment::Column::Resource.eq(resource.name))
        .filter(comment::Column::RecordId.eq(id))
        .filter(comment::Column::DeletedAt.is_null());
    if let Some(before) = before {
        query = query.filter(comment::Column::CreatedAt.lt(before));
    }
    let rows = query.order_by_desc(comment::Column::Id).limit(LIMIT + 1).all(&**tx).await.refused()?;
    let authors = match conexao_domain::registry::by_name("user") {
        Some(user) => titles(tx, user, &rows.iter().map(|r| r.author_id).collect()).await?,
        None => std::collections::HashMap::new(),
    };
    let item = |row: comment::Model| {
        let name = authors.get(&row.author_id.to_string()).map(|t| t.0.clone()).unwrap_or_default();
        let actor = json!({ "id": row.author_id, "name": name });
        (row.created_at, json!({ "id": row.id, "at": write_instant(row.created_at), "kind": "comment", "actor": actor, "action": "comment", "changes": [], "text": row.text }))
    };
    Ok(rows.into_iter().map(item).collect())
}

async fn files(tx: &Tx, resource: &Resource, id: Uuid, before: Option<DateTime<Utc>>) -> Result<Entries, Problem> {
    let mut query = attachment::Entity::find()
        .filter(attachment::Column::TenantId.eq(tx.tenant().0))
        .filter(attachment::Column::Resource.eq(resource.name))
        .filter(attachment::Column::RecordId.eq(id))
        .filter(attachment::Column::DeletedAt.is_null());
    if let Some(before) = before {
        query = query.filter(attachment::Column::CreatedAt.lt(before));
    }
    let rows = query.order_by_desc(attachment::Column::Id).limit(LIMIT + 1).all(&**tx).await.refused()?;
    let item = |row: attachment::Model| {
        let file = json!({ "id": row.id, "name": row.name, "size": row.size, "media_type": row.media_type });
        (row.created_at, json!({ "id": row.id, "at": write_instant(row.created_at), "kind": "file", "actor": Json::Null, "action": "attach", "changes": [], "file": file }))
    };
    Ok(rows.into_iter().map(item).collect())
}
