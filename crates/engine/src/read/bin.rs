//! The recycle bin: what was removed of all resources, newest first, for whoever
//! may bring it back.

use std::collections::{BTreeSet, HashMap};

use async_recursion::async_recursion;
use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{canonical::write_instant, problem::Problem, query, resource::Resource},
    registry,
};
use conexao_storage::{
    Tx,
    entity::audit,
    query::{Removed, removed},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::titles;
use crate::{Engine, Gate, Session, refusal::Refused};

/// What somebody looks for in the bin.
#[derive(Debug, Clone, Default)]
pub struct Discarded<'a> {
    /// Of this resource only.
    pub resource: Option<&'static Resource>,
    /// Words that the records have.
    pub words: &'a str,
    /// From where a page goes on.
    pub after: Option<Before>,
    pub limit: u64,
}

/// Where a page ended: moment and id of its last record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before(DateTime<Utc>, Uuid);

impl Before {
    /// Reads what an earlier page gave as `next`.
    pub fn read(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('~')?;
        Some(Self(at.parse().ok()?, Uuid::parse_str(id).ok()?))
    }

    fn write(self) -> String {
        format!("{}~{}", write_instant(self.0), self.1)
    }
}

/// Removed records and the place from which older ones follow.
#[derive(Debug)]
pub struct BinPage {
    pub items: Vec<Json>,
    pub next: Option<String>,
}

type Found = (&'static Resource, Removed);

/// A page of what the session may bring back. Refused where it asks for a
/// resource whose records it may not remove.
#[async_recursion]
pub async fn bin(engine: &Engine, session: &Session, wanted: &Discarded<'_>) -> Result<BinPage, Problem> {
    let gates: Vec<Gate> = match wanted.resource {
        Some(resource) => vec![session.gate(resource, "delete")?],
        None => registry::RESOURCES.iter().filter_map(|resource| session.gate(resource, "delete").ok()).collect(),
    };
    let words = query::typed(wanted.words);
    let before = wanted.after.map(|Before(at, id)| (at, id));
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut found: Vec<Found> = Vec::new();
    for gate in &gates {
        let rows = removed(&tx, gate.resource, &words, &gate.rows(), before, wanted.limit + 1).await.refused()?;
        found.extend(rows.into_iter().map(|row| (gate.resource, row)));
    }
    found.sort_by_key(|(_, row)| std::cmp::Reverse((row.at, row.id)));
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(_, row)| Before(row.at, row.id).write());
    let items = shown(&tx, &found).await?;
    tx.rollback().await.refused()?;
    Ok(BinPage { items, next })
}

async fn shown(tx: &Tx, found: &[Found]) -> Result<Vec<Json>, Problem> {
    let mut names = HashMap::new();
    let resources: BTreeSet<&str> = found.iter().map(|(resource, _)| resource.name).collect();
    for resource in resources.into_iter().filter_map(registry::by_name) {
        let ids = found.iter().filter(|(of, _)| of.name == resource.name).map(|(_, row)| row.id).collect();
        names.extend(titles(tx, resource, &ids).await?);
    }
    let people = removers(tx, found).await?;
    let item = |(resource, row): &Found| {
        let (title, subtitle) = names.get(&row.id.to_string()).cloned().unwrap_or_default();
        json!({
            "resource": resource.name,
            "id": row.id,
            "title": title,
            "subtitle": subtitle,
            "deleted_at": write_instant(row.at),
            "deleted_by": people.get(&row.id).map(|(id, name)| json!({ "id": id, "name": name })),
            "version": row.version,
        })
    };
    Ok(found.iter().map(item).collect())
}

/// Who removed which record; nothing of what the system removed by itself.
async fn removers(tx: &Tx, found: &[Found]) -> Result<HashMap<Uuid, (Uuid, String)>, Problem> {
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let about = found.iter().fold(Condition::any(), |any, (resource, row)| {
        let all = Condition::all().add(audit::Column::Resource.eq(resource.name));
        any.add(all.add(audit::Column::RecordId.eq(row.id)))
    });
    let rows = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant().0))
        .filter(about)
        .filter(audit::Column::Action.eq("delete"))
        // The last one counts.
        .order_by_asc(audit::Column::Seq)
        .all(&**tx)
        .await
        .refused()?;
    let person = |row: audit::Model| Some((row.record_id?, (row.actor_id?, row.actor_name)));
    Ok(rows.into_iter().filter_map(person).collect())
}
