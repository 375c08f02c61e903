//! Records as readers see them: personal data masked, references named.

use async_recursion::async_recursion;
use std::collections::{BTreeSet, HashMap};

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        problem::Problem,
        record::Record,
        resource::{Resource, SYSTEM_FIELDS},
    },
    registry,
};
use conexao_storage::{
    Tx,
    names::{Names, Title},
    value::among,
};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::refusal::Refused;

pub(super) fn target(field: &Field) -> Option<&'static Resource> {
    match field.kind {
        Kind::Reference(name) => registry::by_name(name),
        Kind::User => registry::by_name("user"),
        _ => None,
    }
}

/// Titles of the named records of one resource, removed ones included, so that
/// old records keep saying whom they were about. Personal subtitles are masked.
#[async_recursion]
pub async fn titles(
    tx: &Tx,
    resource: &'static Resource,
    ids: &BTreeSet<Uuid>,
) -> Result<HashMap<String, Title>, Problem> {
    let names = tx.names().filter(|_| Names::remembers(resource));
    let mut found = HashMap::with_capacity(ids.len());
    let mut wanted = Vec::new();
    for id in ids {
        match names.and_then(|names| names.get(tx.tenant(), *id)) {
            Some(title) => drop(found.insert(id.to_string(), (*title).clone())),
            None => wanted.push(*id),
        }
    }
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut select = Query::select();
    select.and_where(among(tx.get_database_backend(), "id", &wanted));
    for (id, title) in titled(tx, resource, &mut select).await? {
        if let Some(names) = names {
            names.set(tx.tenant(), id, title.clone());
        }
        found.insert(id.to_string(), title);
    }
    Ok(found)
}

/// Completes a select to the ids and titles of the tenant's records.
pub(super) async fn titled(
    tx: &Tx,
    resource: &'static Resource,
    select: &mut SelectStatement,
) -> Result<Vec<(Uuid, Title)>, Problem> {
    let subtitle = resource.subtitle.and_then(|name| resource.field(name)).filter(|f| f.kind.is_column());
    select
        .columns(["id", resource.title])
        .columns(subtitle.map(|f| f.name))
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0));
    let rows = tx.query_all(&*select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, Title), Problem> {
        let (id, title): (Uuid, Option<String>) =
            (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        let second = subtitle.map(|field| read_subtitle(field, row)).transpose()?.flatten();
        Ok((id, (title.unwrap_or_default(), second)))
    };
    rows.iter().map(read).collect()
}

fn read_subtitle(field: &Field, row: &sea_orm::QueryResult) -> Result<Option<String>, Problem> {
    let value = conexao_storage::value::from_column(field, row, 2).refused()?;
    let value = if field.personal { field.kind.masked(&value) } else { value };
    Ok(value.as_str().map(str::to_owned).filter(|_| !matches!(field.kind, Kind::Reference(_))))
}

/// Every reference in the records → its title, one query per target resource.
async fn references(
    tx: &Tx,
    resource: &Resource,
    records: &[Record],
) -> Result<HashMap<String, (&'static str, Title)>, Problem> {
    let mut wanted: HashMap<&'static str, (&'static Resource, BTreeSet<Uuid>)> = HashMap::new();
    let mut want = |field: &Field, record: &Record| {
        let id = record.text(field.name).and_then(|id| Uuid::parse_str(id).ok());
        if let (Some(target), Some(id)) = (target(field), id) {
            wanted.entry(target.name).or_insert_with(|| (target, BTreeSet::new())).1.insert(id);
        }
    };
    for record in records {
        resource.fields.iter().chain(SYSTEM_FIELDS).for_each(|field| want(field, record));
        for (field, lines) in resource.lines() {
            for line in record.lines(field.name) {
                lines.fields.iter().for_each(|field| want(field, &line));
            }
        }
    }
    let mut found = HashMap::new();
    for (name, (target, ids)) in wanted {
        let titles = titles(tx, target, &ids).await?;
        found.extend(titles.into_iter().map(|(id, title)| (id, (name, title))));
    }
    Ok(found)
}

fn refs(
    fields: impl Iterator<Item = &'static Field>,
    record: &Record,
    found: &HashMap<String, (&'static str, Title)>,
) -> Map<String, Json> {
    let named = fields.filter_map(|field| {
        let id = record.text(field.name)?;
        let (resource, (title, subtitle)) = found.get(id)?;
        Some((field.name.to_owned(), json!({ "id": id, "resource": resource, "title": title, "subtitle": subtitle })))
    });
    named.collect()
}

/// Completes records for a reader: `_refs` names what they refer to, and
/// personal values are masks listed in `_masked` unless `reveal`.
#[async_recursion]
pub async fn present(
    tx: &Tx,
    resource: &'static Resource,
    mut records: Vec<Record>,
    reveal: bool,
) -> Result<Vec<Record>, Problem> {
    let found = references(tx, resource, &records).await?;
    for record in &mut records {
        let own = refs(resource.fields.iter().chain(SYSTEM_FIELDS), record, &found);
        for (field, lines) in resource.lines() {
            present_lines(record, field, lines.fields, &found, reveal);
        }
        record.set("_refs", own);
        if !reveal {
            mask(record, resource.fields);
        }
    }
    Ok(records)
}

fn present_lines(
    record: &mut Record,
    field: &Field,
    fields: &'static [Field],
    found: &HashMap<String, (&'static str, Title)>,
    reveal: bool,
) {
    let lines = record.lines(field.name).into_iter().map(|mut line| {
        let own = refs(fields.iter(), &line, found);
        if !own.is_empty() {
            line.set("_refs", own);
        }
        if !reveal {
            mask(&mut line, fields);
        }
        Json::Object(line.0)
    });
    let lines: Vec<Json> = lines.collect();
    if record.0.contains_key(field.name) {
        record.set(field.name, lines);
    }
}

fn mask(record: &mut Record, fields: &[Field]) {
    let mut masked = Vec::new();
    for field in fields.iter().filter(|f| f.personal) {
        if record.get(field.name).is_null() {
            continue;
        }
        let value = field.kind.masked(record.get(field.name));
        record.set(field.name, value);
        masked.push(Json::from(field.name));
    }
    if !masked.is_empty() {
        record.set("_masked", masked);
    }
}
