//! Many records at once, new and changed, checked with a few statements for all
//! of them. What is checked without being saved is a dry run.

use async_recursion::async_recursion;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    registry,
};
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::Map;
use uuid::Uuid;

use super::{
    change::differs,
    check::Known,
    create::{own_lines, stamp, taken_or_wrong},
    mentions,
};
use crate::{
    Session, Write, authority, identity,
    journal::{Entry, difference},
    refusal::Refused,
    sequence,
};

/// What a plan led to.
#[derive(Debug, Clone)]
pub(crate) enum Next {
    New(Record),
    Changed { current: Record, next: Record },
}

impl Next {
    /// The record as it will be.
    pub(crate) const fn record(&self) -> &Record {
        match self {
            Self::New(record) | Self::Changed { next: record, .. } => record,
        }
    }
}

/// Planned records that were looked at together.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    known: Known,
    pub results: Vec<Result<Next, Problem>>,
}

/// Stamps the plans and checks them against the database and each other; each
/// succeeds or fails for itself. Nothing is written.
#[async_recursion]
pub(crate) async fn check(
    tx: &Tx,
    session: &Session,
    now: DateTime<Utc>,
    resource: &'static Resource,
    planned: Vec<Result<Next, Problem>>,
) -> Result<Checked, Problem> {
    let stamped: Vec<Result<Next, Problem>> =
        planned.into_iter().map(|plan| plan.map(|next| stamped(resource, next, session, now))).collect();
    let records: Vec<&Record> = stamped.iter().flatten().map(Next::record).collect();
    let mut known = Known::about(tx, resource, &records).await?;
    let mut results = Vec::with_capacity(stamped.len());
    for plan in stamped {
        let plan = match plan {
            Ok(next) => authority::check_many(tx, session, resource, &next).await.map(|()| next),
            refused => refused,
        };
        results.push(plan.and_then(|next| {
            let mut problems = known.problems(resource, next.record());
            if let Next::Changed { current, next } = &next {
                // What was there before may have lost its target since.
                problems.retain(|p| differs(&p.field, current, next));
            }
            if !problems.is_empty() {
                return Err(taken_or_wrong(problems));
            }
            known.claim(resource, next.record());
            Ok(next)
        }));
    }
    Ok(Checked { known, results })
}

fn stamped(resource: &Resource, next: Next, session: &Session, now: DateTime<Utc>) -> Next {
    match next {
        Next::New(record) => Next::New(stamp(resource, record, session, session.moment(resource, now))),
        Next::Changed { current, mut next } => {
            own_lines(resource, &current, &mut next);
            next.set("version", current.version() + 1);
            next.set("updated_at", write_instant(session.moment(resource, now)));
            Next::Changed { current, next }
        }
    }
}

/// Writes what the check let through, with an audit entry for each record. The
/// caller tells the one event for all of them.
#[async_recursion]
pub(crate) async fn save(write: &mut Write, resource: &'static Resource, checked: &mut Checked) -> Result<(), Problem> {
    number(write, resource, &mut checked.results).await?;
    let watch = identity::Watch::begin(&write.tx, &write.session, resource).await?;
    let (mut rows, mut renamed) = (Vec::new(), Vec::new());
    for next in checked.results.iter().flatten() {
        let search = checked.known.search_text(resource, next.record());
        match next {
            Next::New(record) => {
                write.note_one_of_many(entry(resource, "create", None, record));
                rows.push((record.clone(), search));
            }
            Next::Changed { current, next } => {
                table::update(&write.tx, resource, current.version(), current, next, &search).await.refused()?;
                write.note_one_of_many(entry(resource, "update", Some(current), next));
                renamed.extend(id_of(next).filter(|_| current.get(resource.title) != next.get(resource.title)));
            }
        }
    }
    table::insert(&write.tx, resource, &rows).await.refused()?;
    watch.end(&write.tx).await?;
    mentions::follow(write, resource, &renamed).await
}

/// Draws the numbers of all new records, once for each sequence.
async fn number(write: &Write, resource: &Resource, results: &mut [Result<Next, Problem>]) -> Result<(), Problem> {
    for counter in resource.counters {
        let mut wanted: HashMap<String, i64> = HashMap::new();
        for next in results.iter().flatten() {
            if let Next::New(record) = next {
                *wanted.entry((counter.key)(record)).or_default() += 1;
            }
        }
        // In one order everywhere: two imports that draw from the same
        // sequences must not wait for each other.
        let mut names: Vec<(String, i64)> = wanted.into_iter().collect();
        names.sort();
        let mut drawn: HashMap<String, i64> = HashMap::new();
        for (name, count) in names {
            let first = sequence::draw(&write.tx, &name, count).await?;
            drawn.insert(name, first);
        }
        for next in results.iter_mut().flatten() {
            let Next::New(record) = next else { continue };
            if let Some(n) = drawn.get_mut(&(counter.key)(record)) {
                record.set(counter.field, counter.write(resource, record, &write.session.house.company, *n));
                *n += 1;
            }
        }
    }
    Ok(())
}

fn entry(resource: &'static Resource, action: &str, before: Option<&Record>, after: &Record) -> Entry {
    let changes = difference(resource, before, after);
    Entry { resource: resource.name, record_id: id_of(after), action: action.to_owned(), changes }
}

/// Those of the records that live records of other resources refer to.
#[async_recursion]
pub(crate) async fn referenced(tx: &Tx, resource: &Resource, ids: &[Uuid]) -> Result<HashSet<Uuid>, Problem> {
    let mut found = HashSet::new();
    for related in resource.related {
        let Some(target) = registry::by_name(related.resource).filter(|_| !ids.is_empty()) else { continue };
        let mut select = Query::select();
        select
            .distinct()
            .column(related.field)
            .from(target.table)
            .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
            .and_where(Expr::col(related.field).is_in(ids.iter().copied()))
            .and_where(Expr::col("deleted_at").is_null());
        for row in tx.query_all(&select).await.refused()? {
            found.insert(row.try_get_by_index::<Uuid>(0).refused()?);
        }
    }
    Ok(found)
}

/// Removes live records that still have this version, with an audit entry for
/// each. `Stale`, and nothing may be committed, when one of them has another.
#[async_recursion]
pub(crate) async fn remove(
    write: &mut Write,
    resource: &'static Resource,
    ids: &[Uuid],
    version: i64,
) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    authority::check_removals(&write.tx, &write.session, resource, ids).await?;
    let watch = identity::Watch::begin(&write.tx, &write.session, resource).await?;
    let mut update = Query::update();
    update
        .table(resource.table)
        .value("deleted_at", write.now)
        .value("version", version + 1)
        .and_where(Expr::col("tenant_id").eq(write.tx.tenant().0))
        .and_where(Expr::col("id").is_in(ids.iter().copied()))
        .and_where(Expr::col("version").eq(version))
        .and_where(Expr::col("deleted_at").is_null());
    let removed = write.tx.execute(&update).await.refused()?.rows_affected();
    if usize::try_from(removed) != Ok(ids.len()) {
        return Err(Problem::new(Code::Stale));
    }
    watch.end(&write.tx).await?;
    for id in ids {
        let action = "delete".to_owned();
        write.note_one_of_many(Entry { resource: resource.name, record_id: Some(*id), action, changes: Map::new() });
    }
    Ok(())
}

/// The id of a record that was stamped.
pub(crate) fn id_of(record: &Record) -> Option<Uuid> {
    Uuid::parse_str(record.id()).ok()
}
