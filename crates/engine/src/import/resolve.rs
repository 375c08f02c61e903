//! What rows refer to by name, looked up for a whole batch at once: existing
//! records by key, and references by key or title.

use std::collections::{BTreeSet, HashMap, HashSet};

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        problem::Problem,
        record::Record,
        resource::Resource,
        value::{Invalid, fold},
    },
    registry,
};
use conexao_storage::{Tx, table, value::to_column};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    model::CellProblem,
    rows::{MappedRow, Pending},
    target::Target,
};
use crate::{Gate, refusal::Refused};

/// What a key found.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    One(Box<Record>),
    /// The key is not one record's alone.
    Several,
}

/// Live records with their lines, by the key's value. Those outside the gate's
/// rows are not found.
pub(crate) async fn existing(
    tx: &Tx,
    gate: &Gate,
    key: &Target,
    rows: &[MappedRow],
) -> Result<HashMap<String, Found>, Problem> {
    let values: BTreeSet<&str> = rows.iter().filter_map(|row| row.key.as_deref()).collect();
    if values.is_empty() {
        return Ok(HashMap::new());
    }
    let pairs = pairs(tx, key_select(tx, gate.resource, key, &values)).await?;
    let ids: Vec<Uuid> = pairs.iter().map(|(_, id)| *id).collect::<BTreeSet<_>>().into_iter().collect();
    let mut records = table::by_ids(tx, gate.resource, &ids, false).await.refused()?;
    records.retain(|record| gate.reaches(record));
    table::fill(tx, gate.resource, &mut records).await.refused()?;
    let records: HashMap<String, Record> = records.into_iter().map(|record| (record.id().to_owned(), record)).collect();
    let mut found: HashMap<String, Found> = HashMap::new();
    for (value, id) in pairs {
        let Some(record) = records.get(&id.to_string()) else { continue };
        let several = matches!(found.get(&value), Some(Found::One(other)) if other.id() != record.id());
        let entry = if several { Found::Several } else { Found::One(Box::new(record.clone())) };
        found.insert(value, entry);
    }
    Ok(found)
}

fn key_select(tx: &Tx, resource: &Resource, key: &Target, values: &BTreeSet<&str>) -> SelectStatement {
    let mut select = Query::select();
    match key {
        Target::Value { lines, keyed, word, .. } => {
            select
                .columns([keyed.value.name, lines.parent])
                .from(lines.table)
                .and_where(Expr::col(keyed.key.name).eq(word.as_str()))
                .and_where(Expr::col(keyed.value.name).is_in(values.iter().copied()));
        }
        Target::Field(field) | Target::Line { field, .. } => {
            let column = values.iter().map(|value| to_column(&field.kind, &Json::from(*value)));
            select
                .columns([field.name, "id"])
                .from(resource.table)
                .and_where(Expr::col(field.name).is_in(column))
                .and_where(Expr::col("deleted_at").is_null());
        }
    }
    select.and_where(Expr::col("tenant_id").eq(tx.tenant().0));
    select
}

async fn pairs(tx: &Tx, select: SelectStatement) -> Result<Vec<(String, Uuid)>, Problem> {
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?))).collect()
}

/// Puts ids in place of names in the rows; a name that is nobody's, or several
/// records', becomes a problem of its cell.
pub(crate) async fn references(tx: &Tx, rows: &mut [MappedRow]) -> Result<(), Problem> {
    let mut wanted: HashMap<&'static str, (&'static Resource, HashSet<String>)> = HashMap::new();
    for pending in rows.iter().flat_map(|row| &row.pending) {
        if let Some(target) = target(pending.field) {
            wanted.entry(target.name).or_insert_with(|| (target, HashSet::new())).1.insert(pending.text.clone());
        }
    }
    let mut found: HashMap<&'static str, HashMap<String, BTreeSet<Uuid>>> = HashMap::new();
    for (name, (resource, texts)) in wanted {
        found.insert(name, named(tx, resource, &texts).await?);
    }
    for row in rows {
        for pending in std::mem::take(&mut row.pending) {
            let ids = target(pending.field).and_then(|t| found.get(t.name)?.get(&fold(&pending.text)));
            let (first, several) = ids.map_or((None, false), |ids| (ids.first().copied(), ids.len() > 1));
            match first {
                Some(id) if !several => place(row, &pending, id),
                _ => {
                    let invalid = if several { Invalid("reference_ambiguous") } else { Invalid("reference") };
                    row.problems.push(CellProblem::new(
                        Some(pending.column),
                        Some(&pending.name),
                        Some(&pending.text),
                        invalid,
                    ));
                }
            }
        }
    }
    Ok(())
}

fn target(field: &Field) -> Option<&'static Resource> {
    match field.kind {
        Kind::Reference(name) => registry::by_name(name),
        Kind::User => registry::by_name("user"),
        _ => None,
    }
}

fn place(row: &mut MappedRow, pending: &Pending, id: Uuid) {
    let value = Json::from(id.to_string());
    let Some((owner, at)) = pending.place else {
        row.input.insert(pending.field.name.to_owned(), value);
        return;
    };
    let line = row.input.get_mut(owner).and_then(|lines| lines.get_mut(at)).and_then(Json::as_object_mut);
    if let Some(line) = line {
        line.insert(pending.field.name.to_owned(), value);
    }
}

/// Folded text → ids of live records whose id, key or title it is. A key counts
/// before a title.
async fn named(
    tx: &Tx,
    resource: &'static Resource,
    texts: &HashSet<String>,
) -> Result<HashMap<String, BTreeSet<Uuid>>, Problem> {
    let mut found: HashMap<String, BTreeSet<Uuid>> = HashMap::new();
    let ids: Vec<Uuid> = texts.iter().filter_map(|text| Uuid::parse_str(text).ok()).collect();
    if !ids.is_empty() {
        for record in table::by_ids(tx, resource, &ids, false).await.refused()? {
            if let Ok(id) = Uuid::parse_str(record.id()) {
                found.entry(record.id().to_owned()).or_default().insert(id);
            }
        }
    }
    for field in resource.fields.iter().filter(|f| f.key && f.kind.is_column()) {
        let canonical =
            |text: &String| field.kind.canonical(&Json::from(text.as_str())).ok()?.as_str().map(str::to_owned);
        let by_value: HashMap<String, String> =
            texts.iter().filter_map(|text| Some((canonical(text)?, fold(text)))).collect();
        let values: BTreeSet<&str> = by_value.keys().map(String::as_str).collect();
        if values.is_empty() {
            continue;
        }
        for (value, id) in pairs(tx, key_select(tx, resource, &Target::Field(field), &values)).await? {
            if let Some(text) = by_value.get(&value) {
                found.entry(text.clone()).or_default().insert(id);
            }
        }
    }
    let open: BTreeSet<String> = texts.iter().map(|text| fold(text)).filter(|text| !found.contains_key(text)).collect();
    for (title, id) in titled(tx, resource, &open).await? {
        found.entry(title).or_default().insert(id);
    }
    Ok(found)
}

async fn titled(tx: &Tx, resource: &Resource, folded: &BTreeSet<String>) -> Result<Vec<(String, Uuid)>, Problem> {
    // Only titles that lists sort by have a folded copy to compare with.
    let Some(title) = resource.sortable(resource.title).filter(|f| matches!(f.kind, Kind::Text { .. })) else {
        return Ok(Vec::new());
    };
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    let column = format!("{}_sort", title.name);
    let mut select = Query::select();
    select
        .columns([column.clone(), "id".to_owned()])
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col(column).is_in(folded.iter().map(String::as_str)))
        .and_where(Expr::col("deleted_at").is_null());
    pairs(tx, select).await
}

/// Values of a field that live records already have.
pub(crate) async fn holders(
    tx: &Tx,
    resource: &Resource,
    field: &Field,
    values: &BTreeSet<&str>,
) -> Result<HashSet<String>, Problem> {
    if values.is_empty() {
        return Ok(HashSet::new());
    }
    let mut select = Query::select();
    select
        .column(field.name)
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col(field.name).is_in(values.iter().copied()))
        .and_where(Expr::col("deleted_at").is_null());
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| row.try_get_by_index(0).refused()).collect()
}
