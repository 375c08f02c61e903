//! How many records share a value, or fall into a stretch of time.

use async_recursion::async_recursion;
use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::{
    canonical::write_instant,
    field::{Field, Kind},
    plan::Facts,
    query::{Interval, ListQuery, shifts},
    resource::Resource,
};
use sea_orm::{
    Condition, ConnectionTrait, DbBackend, Order, QueryResult,
    sea_query::{CaseStatement, Expr, ExprTrait, Func, SelectStatement, SimpleExpr},
};
use serde_json::Value as Json;

use super::page::matching;
use crate::{
    StorageError, Tx,
    value::{from_column, to_column},
};

/// Most groups of values, and of stretches of time.
const VALUES: u64 = 500;
const STRETCHES: usize = 400;
/// How far ahead of now the clock of a zone is looked up.
const AHEAD: TimeDelta = TimeDelta::days(3 * 366);

/// What makes the groups.
#[derive(Debug, Clone, Copy)]
pub struct Grouping {
    pub by: &'static Field,
    /// For dates and moments: the stretches they fall into.
    pub interval: Option<Interval>,
    /// What parts each group.
    pub split: Option<&'static Field>,
    /// What is summed.
    pub sum: Option<&'static Field>,
}

/// Records that share a value, or a stretch of time by its first day.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub key: Json,
    /// What they share besides; null without a split.
    pub split: Json,
    pub count: i64,
    pub sum: Option<i128>,
}

/// Matching rows in groups: the largest values first, or the newest stretches of
/// time in their order. What does not fit is left out; of time whole stretches.
#[async_recursion]
pub async fn group(
    tx: &Tx,
    resource: &Resource,
    query: &ListQuery,
    extra: &Condition,
    facts: &Facts,
    grouping: Grouping,
) -> Result<Vec<Group>, StorageError> {
    let mut select = matching(tx, resource, query, extra, facts).await?;
    let Grouping { by, interval, split, sum } = grouping;
    match interval {
        Some(interval) => {
            select.expr(first_day(tx.get_database_backend(), by, interval, facts));
            select.and_where(Expr::col(by.name).is_not_null());
        }
        None => drop(select.column(by.name)),
    }
    select.expr(Expr::cust("COUNT(*)")).add_group_by([Expr::cust("1")]);
    if let Some(sum) = sum {
        // In halves, of which no table has enough rows to overflow either.
        for half in [">> 32", "& 4294967295"] {
            select.expr(Expr::cust(format!("CAST(SUM(\"{}\" {half}) AS BIGINT)", sum.name)));
        }
    }
    if let Some(split) = split {
        select.column(split.name).add_group_by([Expr::col(split.name)]);
    }
    order(&mut select, grouping);
    let rows = tx.query_all(&select).await?;
    let groups: Vec<Group> = rows.iter().map(|row| read(row, grouping)).collect::<Result<_, _>>()?;
    Ok(if interval.is_some() { newest(groups) } else { groups })
}

/// An order that does not change between calls.
fn order(select: &mut SelectStatement, grouping: Grouping) {
    if grouping.interval.is_some() {
        select.order_by_expr(Expr::cust("1"), Order::Desc).limit(u64::try_from(STRETCHES + 1).unwrap_or(VALUES));
    } else {
        select.order_by_expr(Expr::cust("COUNT(*)"), Order::Desc).order_by(grouping.by.name, Order::Asc).limit(VALUES);
    }
    if let Some(split) = grouping.split {
        select.order_by(split.name, Order::Desc);
    }
}

fn read(row: &QueryResult, grouping: Grouping) -> Result<Group, StorageError> {
    let key = match grouping.interval {
        Some(_) => row.try_get_by_index::<Option<String>>(0)?.into(),
        None => from_column(grouping.by, row, 0)?,
    };
    let half = |at: usize| row.try_get_by_index::<Option<i64>>(at).map(|half| half.map(i128::from));
    let halves = if grouping.sum.is_some() { half(2)?.zip(half(3)?) } else { None };
    let sum = halves.map(|(high, low)| (high << 32) + low);
    let after = if grouping.sum.is_some() { 4 } else { 2 };
    let split = grouping.split.map(|field| from_column(field, row, after)).transpose()?;
    Ok(Group { key, split: split.unwrap_or_default(), count: row.try_get_by_index(1)?, sum })
}

/// Oldest first, without the stretch that only in part was read.
fn newest(mut groups: Vec<Group>) -> Vec<Group> {
    if groups.len() > STRETCHES
        && let Some(cut) = groups.last().map(|last| last.key.clone())
    {
        groups.retain(|group| group.key != cut);
    }
    groups.reverse();
    groups
}

/// The first day of the stretch a value falls into, as text, in the days of the
/// tenant's zone.
fn first_day(backend: DbBackend, field: &Field, interval: Interval, facts: &Facts) -> SimpleExpr {
    if backend == DbBackend::Postgres {
        let local = match field.kind {
            // Names of zones are letters, digits and a few signs between them.
            Kind::Instant => format!("(\"{}\" AT TIME ZONE '{}')", field.name, facts.zone.name()),
            _ => format!("\"{}\"::timestamp", field.name),
        };
        let first = match interval {
            Interval::Day => local,
            // The database's own weeks begin a day later.
            Interval::Week => format!("date_trunc('week', {local} + interval '1 day') - interval '1 day'"),
            Interval::Month => format!("date_trunc('month', {local})"),
        };
        return Expr::cust(format!("to_char({first}, 'YYYY-MM-DD')"));
    }
    let first: &[&str] = match interval {
        Interval::Day => &[],
        Interval::Week => &["-6 days", "weekday 0"],
        Interval::Month => &["start of month"],
    };
    let moved = (field.kind == Kind::Instant).then(|| moved(field, facts));
    let modifiers = moved.into_iter().chain(first.iter().map(|modifier| Expr::val(*modifier)));
    Func::cust("date").args(std::iter::once(Expr::col(field.name)).chain(modifiers)).into()
}

/// From UTC to the zone's clock, as a modifier of SQLite's dates.
fn moved(field: &Field, facts: &Facts) -> SimpleExpr {
    let shifts = shifts(facts.zone, DateTime::UNIX_EPOCH, facts.now + AHEAD);
    let modifier = |seconds: i32| Expr::val(format!("{seconds} seconds"));
    let Some(((_, first), later)) = shifts.split_first() else { return modifier(0) };
    if later.is_empty() {
        return modifier(*first);
    }
    let since = |at: DateTime<Utc>| to_column(&field.kind, &write_instant(at).into());
    // The newest first, because most records are new.
    let cases = later.iter().rev().fold(CaseStatement::new(), |cases, (at, seconds)| {
        cases.case(Expr::col(field.name).gte(since(*at)), modifier(*seconds))
    });
    cases.finally(modifier(*first)).into()
}
