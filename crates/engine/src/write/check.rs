//! Checks that need the database: references exist, unique values are free.
//! They run over many records at once, so an import costs a few statements per
//! batch; the indexes still have the last word.

use std::collections::{BTreeSet, HashMap, HashSet};

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        problem::{FieldProblem, Problem},
        record::Record,
        resource::Resource,
    },
    registry,
};
use conexao_storage::{Tx, search};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, LockType, Query},
};
use uuid::Uuid;

use crate::refusal::Refused;

/// What the database says about a batch of records.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Live referenced record → its title, by target table.
    titles: HashMap<&'static str, HashMap<String, String>>,
    /// Unique value → the record that holds it, by field.
    holders: HashMap<&'static str, HashMap<String, String>>,
}

/// Records of one resource that are referred to.
struct Wanted {
    target: &'static Resource,
    ids: BTreeSet<Uuid>,
    /// Whether what they are called becomes part of a search text.
    mentioned: bool,
}

impl Wanted {
    const fn of(target: &'static Resource) -> Self {
        Self { target, ids: BTreeSet::new(), mentioned: false }
    }
}

/// Every reference field of the resource and its lines, with its value.
fn references(resource: &Resource, record: &Record) -> Vec<(String, &'static Field, String)> {
    let mut found = Vec::new();
    let mut collect = |path: String, field: &'static Field, record: &Record| {
        if let Some(id) = record.text(field.name).filter(|_| target(field).is_some()) {
            found.push((path, field, id.to_owned()));
        }
    };
    for field in resource.fields {
        collect(field.name.to_owned(), field, record);
    }
    for (field, lines) in resource.lines() {
        for (i, line) in record.lines(field.name).iter().enumerate() {
            for column in lines.fields {
                collect(format!("{}.{i}.{}", field.name, column.name), column, line);
            }
        }
    }
    found
}

fn target(field: &Field) -> Option<&'static Resource> {
    match field.kind {
        Kind::Reference(name) => registry::by_name(name),
        Kind::User => registry::by_name("user"),
        _ => None,
    }
}

impl Known {
    /// Looks up everything the records mention.
    pub(crate) async fn about(tx: &Tx, resource: &'static Resource, records: &[&Record]) -> Result<Self, Problem> {
        let mut known = Self::default();
        let mut wanted: HashMap<&'static str, Wanted> = HashMap::new();
        for (_, field, id) in records.iter().flat_map(|r| references(resource, r)) {
            if let (Some(target), Ok(id)) = (target(field), Uuid::parse_str(&id)) {
                let wanted = wanted.entry(target.table).or_insert_with(|| Wanted::of(target));
                wanted.ids.insert(id);
                wanted.mentioned |= field.search;
            }
        }
        for (table, wanted) in wanted {
            known.titles.insert(table, live_titles(tx, &wanted).await?);
        }
        for field in resource.fields.iter().filter(|f| f.unique) {
            let values: BTreeSet<&str> = records.iter().filter_map(|r| r.text(field.name)).collect();
            known.holders.insert(field.name, holders(tx, resource, field, &values).await?);
        }
        Ok(known)
    }

    /// What is wrong with the record, given the ids it may itself be known by.
    pub(super) fn problems(&self, resource: &Resource, record: &Record) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        for (path, field, id) in references(resource, record) {
            let titles = target(field).and_then(|t| self.titles.get(t.table));
            if !titles.is_some_and(|t| t.contains_key(&id)) {
                problems.push(FieldProblem::new(path, "reference"));
            }
        }
        for field in resource.fields.iter().filter(|f| f.unique) {
            let holder = record.text(field.name).and_then(|value| self.holders.get(field.name)?.get(value));
            if holder.is_some_and(|id| id != record.id()) {
                problems.push(FieldProblem::new(field.name, "taken"));
            }
        }
        problems
    }

    /// Claims the record's unique values for the rest of the batch.
    pub(super) fn claim(&mut self, resource: &Resource, record: &Record) {
        for field in resource.fields.iter().filter(|f| f.unique) {
            if let (Some(value), Some(holders)) = (record.text(field.name), self.holders.get_mut(field.name)) {
                holders.insert(value.to_owned(), record.id().to_owned());
            }
        }
    }

    /// Search text of the record, mentioning what its search references are called.
    pub(crate) fn search_text(&self, resource: &Resource, record: &Record) -> String {
        let searched: HashSet<&str> = resource.fields.iter().filter(|f| f.search).map(|f| f.name).collect();
        let mentions = references(resource, record).into_iter().filter(|(path, ..)| searched.contains(path.as_str()));
        let titles = mentions.filter_map(|(_, field, id)| self.titles.get(target(field)?.table)?.get(&id).cloned());
        search::text(resource, record, &titles.collect::<Vec<_>>())
    }
}

async fn live_titles(tx: &Tx, wanted: &Wanted) -> Result<HashMap<String, String>, Problem> {
    let (resource, ids) = (wanted.target, &wanted.ids);
    let mut select = Query::select();
    select
        .columns(["id", resource.title])
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").is_in(ids.iter().copied()))
        .and_where(Expr::col("deleted_at").is_null())
        // Live until we have committed, as its removal takes the stronger lock;
        // and called the same, where the name is copied.
        .lock(if wanted.mentioned { LockType::Share } else { LockType::KeyShare });
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(String, String), Problem> {
        let (id, title): (Uuid, Option<String>) =
            (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        Ok((id.to_string(), title.unwrap_or_default()))
    };
    rows.iter().map(read).collect()
}

async fn holders(
    tx: &Tx,
    resource: &Resource,
    field: &Field,
    values: &BTreeSet<&str>,
) -> Result<HashMap<String, String>, Problem> {
    if values.is_empty() {
        return Ok(HashMap::new());
    }
    let mut select = Query::select();
    select
        .columns([field.name, "id"])
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col(field.name).is_in(values.iter().copied()))
        .and_where(Expr::col("deleted_at").is_null());
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(String, String), Problem> {
        let (value, id): (String, Uuid) = (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        Ok((value, id.to_string()))
    };
    rows.iter().map(read).collect()
}
