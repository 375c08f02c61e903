//! Everything that happened to a record: audit entries, comments and files,
//! newest first. Personal values in changes are masked.

use async_recursion::async_recursion;
use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::user::USER,
    kernel::{
        canonical::write_instant,
        field::{Field, Kind},
        problem::Problem,
        resource::Resource,
    },
};
use conexao_storage::{
    Tx,
    entity::{attachment, audit, comment},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::load;
use crate::{Engine, Gate, audit::acting, read::titles, refusal::Refused, write::UNDOES};

const LIMIT: u64 = 50;

/// Entries and the place from which older ones follow.
#[derive(Debug)]
pub struct TimelinePage {
    pub items: Vec<Json>,
    pub next: Option<String>,
}

/// Where an entry stands: several may share a moment, so its kind and its id
/// within the kind decide as well.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    at: DateTime<Utc>,
    kind: u8,
    /// Sequence numbers are padded, so that text orders them.
    id: String,
}

const CHANGE: u8 = 0;
const COMMENT: u8 = 1;
const FILE: u8 = 2;

impl Place {
    /// Reads what an earlier page gave as `next`.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '~');
        let at = parts.next()?.parse().ok()?;
        let kind = parts.next()?.parse().ok()?;
        let id = parts.next().filter(|id| id.len() <= 36 && !id.chars().any(char::is_control))?;
        Some(Self { at, kind, id: id.to_owned() })
    }

    fn write(&self) -> String {
        format!("{}~{}~{}", write_instant(self.at), self.kind, self.id)
    }

    /// Entries of `kind` that are older, by the columns of their moment and id.
    fn older<A: ColumnTrait>(&self, kind: u8, at: A, id: A, last: Value) -> Condition {
        let older = Condition::any().add(at.lt(self.at));
        match kind.cmp(&self.kind) {
            Ordering::Less => older.add(at.eq(self.at)),
            Ordering::Equal => older.add(Condition::all().add(at.eq(self.at)).add(id.lt(last))),
            Ordering::Greater => older,
        }
    }

    fn seq(&self) -> Value {
        self.id.parse::<i64>().unwrap_or_default().into()
    }

    fn uuid(&self) -> Value {
        Value::Uuid(Some(Uuid::parse_str(&self.id).unwrap_or_default()))
    }
}

/// The page of entries older than `before`.
#[async_recursion]
pub async fn timeline(engine: &Engine, gate: &Gate, id: Uuid, before: Option<&Place>) -> Result<TimelinePage, Problem> {
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    load(&tx, gate, id).await?;
    let mut items = changes(&tx, gate, id, before).await?;
    items.extend(comments(&tx, gate.resource, id, before).await?);
    items.extend(files(&tx, gate.resource, id, before).await?);
    tx.rollback().await.refused()?;
    items.sort_by(|(a, _), (b, _)| b.cmp(a));
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|(place, _)| place.write());
    Ok(TimelinePage { items: items.into_iter().map(|(_, item)| item).collect(), next })
}

type Entries = Vec<(Place, Json)>;

/// What comments and files tell themselves.
const TOLD_ELSEWHERE: [&str; 2] = ["comment", "attach"];
/// In the entries of a merge, the other record.
const MERGED: [&str; 2] = ["merged_from", "merged_into"];

async fn changes(tx: &Tx, gate: &Gate, id: Uuid, before: Option<&Place>) -> Result<Entries, Problem> {
    let (resource, locale) = (gate.resource, gate.session.locale);
    let mut query = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant().0))
        .filter(audit::Column::Resource.eq(resource.name))
        .filter(audit::Column::RecordId.eq(id))
        .filter(audit::Column::Action.is_not_in(TOLD_ELSEWHERE));
    if let Some(before) = before {
        query = query.filter(before.older(CHANGE, audit::Column::At, audit::Column::Seq, before.seq()));
    }
    let query = query.order_by_desc(audit::Column::At);
    let rows = query.order_by_desc(audit::Column::Seq).limit(LIMIT + 1).all(&**tx).await.refused()?;
    let parsed: Vec<Map<String, Json>> =
        rows.iter().map(|row| serde_json::from_str(&row.changes).unwrap_or_default()).collect();
    let others = titles(tx, resource, &parsed.iter().filter_map(merged).collect()).await?;
    let item = |(row, pairs): (audit::Model, Map<String, Json>)| {
        let said = pairs.iter().filter(|(name, _)| *name != UNDOES);
        let changes: Vec<Json> = said.map(|(field, pair)| change(resource, field, pair)).collect();
        let name = acting(locale, &row.actor_name, row.for_name.as_deref());
        let actor = json!({ "id": row.actor_id, "name": name, "for_id": row.for_id });
        let mut item = json!({ "id": row.seq.to_string(), "at": write_instant(row.at), "kind": "change", "actor": actor, "action": row.action, "changes": changes });
        if let (Some(undone), Some(item)) = (pairs.get(UNDOES).and_then(|pair| pair.get(1)), item.as_object_mut()) {
            item.insert(UNDOES.to_owned(), undone.clone());
        }
        let other = merged(&pairs).and_then(|id| others.get(&id.to_string()));
        if let (Some((title, _)), Some(item)) = (other, item.as_object_mut()) {
            item.insert("text".to_owned(), title.as_str().into());
        }
        (Place { at: row.at, kind: CHANGE, id: format!("{:020}", row.seq) }, item)
    };
    Ok(rows.into_iter().zip(parsed).map(item).collect())
}

/// The other record of a merge.
fn merged(changes: &Map<String, Json>) -> Option<Uuid> {
    let pair = MERGED.iter().find_map(|name| changes.get(*name))?;
    pair.get(1)?.as_str().and_then(|id| Uuid::parse_str(id).ok())
}

fn change(resource: &Resource, name: &str, pair: &Json) -> Json {
    let seen = |index: usize| {
        let value = pair.get(index).cloned().unwrap_or_default();
        let linked = MERGED.contains(&name).then(|| value.clone());
        resource.field(name).map_or(linked.unwrap_or_default(), |field| shown(field, &value))
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

async fn comments(tx: &Tx, resource: &Resource, id: Uuid, before: Option<&Place>) -> Result<Entries, Problem> {
    let mut query = comment::Entity::find()
        .filter(comment::Column::TenantId.eq(tx.tenant().0))
        .filter(comment::Column::Resource.eq(resource.name))
        .filter(comment::Column::RecordId.eq(id))
        .filter(comment::Column::DeletedAt.is_null());
    if let Some(before) = before {
        query = query.filter(before.older(COMMENT, comment::Column::CreatedAt, comment::Column::Id, before.uuid()));
    }
    let query = query.order_by_desc(comment::Column::CreatedAt);
    let rows = query.order_by_desc(comment::Column::Id).limit(LIMIT + 1).all(&**tx).await.refused()?;
    let authors = titles(tx, &USER, &rows.iter().map(|r| r.author_id).collect()).await?;
    let item = |row: comment::Model| {
        let name = authors.get(&row.author_id.to_string()).map(|t| t.0.clone()).unwrap_or_default();
        let actor = json!({ "id": row.author_id, "name": name });
        (
            Place { at: row.created_at, kind: COMMENT, id: row.id.to_string() },
            json!({ "id": row.id, "at": write_instant(row.created_at), "kind": "comment", "actor": actor, "action": "comment", "changes": [], "text": row.text }),
        )
    };
    Ok(rows.into_iter().map(item).collect())
}

async fn files(tx: &Tx, resource: &Resource, id: Uuid, before: Option<&Place>) -> Result<Entries, Problem> {
    let mut query = attachment::Entity::find()
        .filter(attachment::Column::TenantId.eq(tx.tenant().0))
        .filter(attachment::Column::Resource.eq(resource.name))
        .filter(attachment::Column::RecordId.eq(id))
        .filter(attachment::Column::DeletedAt.is_null());
    if let Some(before) = before {
        query = query.filter(before.older(FILE, attachment::Column::CreatedAt, attachment::Column::Id, before.uuid()));
    }
    let query = query.order_by_desc(attachment::Column::CreatedAt);
    let rows = query.order_by_desc(attachment::Column::Id).limit(LIMIT + 1).all(&**tx).await.refused()?;
    let authors = titles(tx, &USER, &rows.iter().filter_map(|r| r.created_by).collect()).await?;
    let item = |row: attachment::Model| {
        let file = json!({ "id": row.id, "name": row.name, "size": row.size, "media_type": row.media_type });
        let actor =
            row.created_by.map(|id| json!({ "id": id, "name": authors.get(&id.to_string()).map(|t| t.0.as_str()) }));
        (
            Place { at: row.created_at, kind: FILE, id: row.id.to_string() },
            json!({ "id": row.id, "at": write_instant(row.created_at), "kind": "file", "actor": actor, "action": "attach", "changes": [], "file": file }),
        )
    };
    Ok(rows.into_iter().map(item).collect())
}
