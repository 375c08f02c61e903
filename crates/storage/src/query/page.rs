//! One page of a list by keyset, the exact count, and groups.
//!
//! Rows without a value for the first sort key come last in both directions.
//! They are a second statement, run only when the rows with a value are used
//! up, so that each statement walks one index range from where the last page
//! ended.

use async_recursion::async_recursion;
use conexao_domain::kernel::{
    field::{Field, Kind},
    plan::Facts,
    query::{Cursor, ListQuery, Sort},
    record::Record,
    resource::{Resource, SYSTEM_FIELDS},
    value::fold,
};
use sea_orm::{
    Condition, ConnectionTrait, Order, Value,
    sea_query::{Asterisk, Expr, ExprTrait, NullOrdering, Query, SelectStatement, SimpleExpr},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{condition, filter::implied};
use crate::{
    StorageError, Tx,
    search::{self, Found},
    table,
    value::to_column,
};

/// Rows in order, and where the next page begins.
#[derive(Debug)]
pub struct Page {
    pub records: Vec<Record>,
    pub next: Option<Cursor>,
}

/// Text is sorted by its folded copy, everything else as it is.
fn folded(field: &Field) -> bool {
    matches!(field.kind, Kind::Text { .. })
}

fn sort_column(field: &Field) -> String {
    if folded(field) { format!("{}_sort", field.name) } else { field.name.to_owned() }
}

fn sort_value(field: &Field, value: &Json) -> Value {
    if folded(field) { Value::String(value.as_str().map(fold)) } else { to_column(&field.kind, value) }
}

fn nullable(field: &Field) -> bool {
    let stamped = SYSTEM_FIELDS.iter().any(|f| f.name == field.name);
    !(field.required || stamped || field.kind == Kind::State)
}

/// Live rows of the tenant.
fn live(tx: &Tx, resource: &Resource) -> SelectStatement {
    let mut select = Query::select();
    select
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_null());
    select
}

/// What was asked for but the words of the search.
fn filtered(tx: &Tx, resource: &Resource, query: &ListQuery, extra: &Condition, facts: &Facts) -> Condition {
    condition(tx.get_database_backend(), resource, tx.tenant(), &query.filter, facts).add(extra.clone())
}

async fn found(tx: &Tx, resource: &Resource, query: &ListQuery) -> Result<Found, StorageError> {
    let words: Vec<&str> = query.q.as_deref().into_iter().chain(implied(&query.filter)).collect();
    if words.is_empty() { Ok(Found::Few(Condition::all())) } else { search::find(tx, resource, &words.join(" ")).await }
}

/// Live rows that match, all of them wanted.
pub(super) async fn matching(
    tx: &Tx,
    resource: &Resource,
    query: &ListQuery,
    extra: &Condition,
    facts: &Facts,
) -> Result<SelectStatement, StorageError> {
    let mut select = live(tx, resource);
    select.cond_where(filtered(tx, resource, query, extra, facts));
    select.cond_where(found(tx, resource, query).await?.all());
    Ok(select)
}

/// The page of `query`, restricted by `extra` (the gate's row scope).
#[async_recursion]
pub async fn page(
    tx: &Tx,
    resource: &'static Resource,
    query: &ListQuery,
    extra: &Condition,
    facts: &Facts,
) -> Result<Page, StorageError> {
    let plan = Plan::of(tx, resource, query, filtered(tx, resource, query, extra, facts)).await?;
    let wanted = query.limit + 1;
    let near = plan.near.map(|select| vec![select]);
    let mut records = run(tx, resource, near.unwrap_or_default(), wanted).await?;
    if u64::try_from(records.len()).unwrap_or(u64::MAX) < wanted {
        records = run(tx, resource, plan.whole, wanted).await?;
    }
    let full = records.len() > usize::try_from(query.limit).unwrap_or(usize::MAX);
    records.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
    let next = records.last().filter(|_| full).map(|last| Cursor {
        sort: query.sort_text(),
        values: query.sort.iter().map(|s| last.get(s.field.name).clone()).collect(),
        id: last.id().to_owned(),
    });
    Ok(Page { records, next })
}

/// Runs the statements one after the other until there are enough rows.
async fn run(
    tx: &Tx,
    resource: &'static Resource,
    statements: Vec<SelectStatement>,
    wanted: u64,
) -> Result<Vec<Record>, StorageError> {
    let mut records = Vec::new();
    for mut select in statements {
        let missing = wanted.saturating_sub(records.len().try_into().unwrap_or(u64::MAX));
        if missing > 0 {
            records.extend(table::select(tx, resource, select.limit(missing)).await?);
        }
    }
    Ok(records)
}

/// Rows that are looked at in the order of the list before the records of a
/// search are gathered instead.
const NEAR: u64 = 5000;

/// The ways to a page.
struct Plan {
    /// For words that many rows have: the page from the rows that come next, if
    /// they fill it. Alone it could be a walk through the whole table, for the
    /// order of names has much to do with the names that have the word.
    near: Option<SelectStatement>,
    /// Statements whose rows make the page, one after the other.
    whole: Vec<SelectStatement>,
}

impl Plan {
    async fn of(tx: &Tx, resource: &Resource, query: &ListQuery, filter: Condition) -> Result<Self, StorageError> {
        let parts = Part::of(query);
        let (near, words) = match found(tx, resource, query).await? {
            Found::Few(words) => (None, words),
            Found::Many(many) => {
                let near = parts.first().map(|part| {
                    let mut next = live(tx, resource);
                    part.place(next.column(Asterisk), query);
                    let mut select = Query::select();
                    select.from_subquery(next.limit(NEAR).to_owned(), resource.table);
                    select.cond_where(filter.clone()).cond_where(many.tried);
                    part.order(&mut select, query);
                    select
                });
                (near, many.gathered)
            }
        };
        let whole = parts.iter().map(|part| {
            let mut select = live(tx, resource);
            part.place(select.cond_where(filter.clone()).cond_where(words.clone()), query);
            select
        });
        Ok(Self { near, whole: whole.collect() })
    }
}

/// How the database would find the page: its plan for each statement, as text.
pub async fn explain(
    tx: &Tx,
    resource: &'static Resource,
    query: &ListQuery,
    extra: &Condition,
    facts: &Facts,
) -> Result<Vec<String>, StorageError> {
    let plan = Plan::of(tx, resource, query, filtered(tx, resource, query, extra, facts)).await?;
    let mut plans = Vec::new();
    for mut select in plan.near.into_iter().chain(plan.whole) {
        select.columns(resource.columns().map(|f| f.name)).limit(query.limit + 1);
        plans.push(tx.explain(&select).await?);
    }
    Ok(plans)
}

/// The rows of a list in two parts, by whether they have the first sort value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Having,
    Lacking { resumed: bool },
}

impl Part {
    /// The parts that are still to come.
    fn of(query: &ListQuery) -> Vec<Self> {
        let resumed = query.after.as_ref().is_some_and(|c| c.values.first().is_some_and(Json::is_null));
        let may_lack = query.sort.first().is_some_and(|s| nullable(s.field));
        let having = (!resumed).then_some(Self::Having);
        having.into_iter().chain(may_lack.then_some(Self::Lacking { resumed })).collect()
    }

    /// Restricts a statement to the part from the cursor on, in order.
    fn place(self, select: &mut SelectStatement, query: &ListQuery) {
        match self {
            Self::Having => with_value(select, query),
            Self::Lacking { resumed } => without_value(select, query, resumed),
        }
        self.order(select, query);
    }

    fn order(self, select: &mut SelectStatement, query: &ListQuery) {
        let descending = query.sort.first().is_some_and(|s| s.descending);
        match self {
            Self::Having => order(select, &query.sort, 1, descending),
            Self::Lacking { .. } => order(select, query.sort.get(1..).unwrap_or_default(), 0, descending),
        }
    }
}

/// Rows that have the first sort value, from the cursor on.
fn with_value(select: &mut SelectStatement, query: &ListQuery) {
    if let Some(first) = query.sort.first().filter(|s| nullable(s.field)) {
        select.and_where(Expr::col(sort_column(first.field)).is_not_null());
    }
    let Some(cursor) = &query.after else { return };
    let id = Value::Uuid(Uuid::parse_str(&cursor.id).ok());
    match query.sort.as_slice() {
        [] => {
            select.and_where(Expr::col("id").gt(id));
        }
        [only] => {
            let value = cursor.values.first().map_or(Value::String(None), |v| sort_value(only.field, v));
            let row = Expr::tuple([Expr::col(sort_column(only.field)), Expr::col("id")]);
            let bound = Expr::tuple([Expr::val(value), Expr::val(id)]);
            select.and_where(if only.descending { row.lt(bound) } else { row.gt(bound) });
        }
        [first, ..] => {
            // The bound on the first key starts the index range; the rest filters ties.
            let value = cursor.values.first().map_or(Value::String(None), |v| sort_value(first.field, v));
            let column = Expr::col(sort_column(first.field));
            select.and_where(if first.descending { column.lte(value) } else { column.gte(value) });
            select.and_where(after(&query.sort, &cursor.values, &id, first.descending));
        }
    }
}

/// Rows that lack the first sort value; they follow all others.
fn without_value(select: &mut SelectStatement, query: &ListQuery, resumed: bool) {
    let Some((first, rest)) = query.sort.split_first() else { return };
    select.and_where(Expr::col(sort_column(first.field)).is_null());
    if let Some(cursor) = query.after.as_ref().filter(|_| resumed) {
        let id = Value::Uuid(Uuid::parse_str(&cursor.id).ok());
        let values = cursor.values.get(1..).unwrap_or_default();
        select.and_where(after(rest, values, &id, first.descending));
    }
}

/// Orders by `keys` and the id; the first `full` keys have no nulls here.
fn order(select: &mut SelectStatement, keys: &[Sort], full: usize, id_descending: bool) {
    for (i, key) in keys.iter().enumerate() {
        let direction = if key.descending { Order::Desc } else { Order::Asc };
        let column = sort_column(key.field);
        // Saying where nulls go would hide the index of a key that has none.
        if i >= full && nullable(key.field) {
            select.order_by_with_nulls(column, direction, NullOrdering::Last);
        } else {
            select.order_by(column, direction);
        }
    }
    select.order_by("id", if id_descending { Order::Desc } else { Order::Asc });
}

/// Rows strictly after the cursor: later in the first differing key.
fn after(keys: &[Sort], values: &[Json], id: &Value, id_descending: bool) -> SimpleExpr {
    let Some(((key, value), (keys, values))) =
        keys.split_first().zip(values.split_first()).map(|((k, ks), (v, vs))| ((k, v), (ks, vs)))
    else {
        return if id_descending { Expr::col("id").lt(id.clone()) } else { Expr::col("id").gt(id.clone()) };
    };
    let column = || Expr::col(sort_column(key.field));
    let tie = |same: SimpleExpr| same.and(after(keys, values, id, id_descending));
    if value.is_null() {
        return tie(column().is_null());
    }
    let bound = sort_value(key.field, value);
    let later = if key.descending { column().lt(bound.clone()) } else { column().gt(bound.clone()) };
    let later = if nullable(key.field) { later.or(column().is_null()) } else { later };
    later.or(tie(column().eq(bound)))
}

/// How many rows match.
#[async_recursion]
pub async fn count(
    tx: &Tx,
    resource: &Resource,
    query: &ListQuery,
    extra: &Condition,
    facts: &Facts,
) -> Result<i64, StorageError> {
    let mut select = matching(tx, resource, query, extra, facts).await?;
    let row = tx.query_one(select.expr(Expr::cust("COUNT(*)"))).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// Ids that match, in id order after `after`: the fuel of bulk work.
#[async_recursion]
pub async fn ids(
    tx: &Tx,
    resource: &Resource,
    query: &ListQuery,
    extra: &Condition,
    facts: &Facts,
    after: Option<Uuid>,
) -> Result<Vec<Uuid>, StorageError> {
    let mut select = live(tx, resource);
    select.cond_where(filtered(tx, resource, query, extra, facts));
    select.cond_where(found(tx, resource, query).await?.tried());
    if let Some(id) = after {
        select.and_where(Expr::col("id").gt(id));
    }
    let rows = tx.query_all(select.column("id").order_by("id", Order::Asc).limit(query.limit)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
