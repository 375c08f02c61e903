//! Filter tree → condition.

use chrono::NaiveDate;
use chrono_tz::Tz;
use conexao_domain::kernel::{
    field::{Field, Kind},
    plan::Facts,
    query::{Filter, Op, midnight, resolve},
    resource::Resource,
    value::alnum,
};
use sea_orm::{
    Condition, DbBackend,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};
use serde_json::Value as Json;

use super::pattern;
use crate::{Tenant, value::to_column};

/// The condition for a filter, relative values resolved by `facts`.
pub fn condition(backend: DbBackend, resource: &Resource, tenant: Tenant, filter: &Filter, facts: &Facts) -> Condition {
    let nested = |row: &Filter| condition(backend, resource, tenant, row, facts);
    match filter {
        Filter::And(rows) => rows.iter().fold(Condition::all(), |all, row| all.add(nested(row))),
        Filter::Or(rows) if rows.is_empty() => Condition::all(),
        Filter::Or(rows) => rows.iter().fold(Condition::any(), |any, row| any.add(nested(row))),
        Filter::Is { field, op: Op::Contains, values } => {
            let text = values.first().and_then(Json::as_str).unwrap_or_default();
            Condition::all().add(contains(backend, field, text))
        }
        Filter::Is { field, op, values } => {
            let values: Vec<Json> = values.iter().map(|v| resolve(&field.kind, v, facts)).collect();
            let expr = match field.kind {
                Kind::Tags => tags(resource, tenant, *op, &values),
                Kind::Instant => values
                    .iter()
                    .map(|value| instant(field, *op, value, facts.zone))
                    .reduce(SimpleExpr::or)
                    .unwrap_or_else(never),
                _ => compare(field, *op, &values),
            };
            Condition::all().add(expr)
        }
    }
}

/// What the searchable text of every fitting row has in it, by the filter's own
/// demands: the search index then finds the rows that a walk would long look for.
pub(super) fn implied(filter: &Filter) -> Vec<&str> {
    match filter {
        Filter::And(rows) => rows.iter().flat_map(implied).collect(),
        Filter::Is { field, op: Op::Contains, values } if field.search && is_words(&field.kind) => {
            values.iter().take(1).filter_map(Json::as_str).collect()
        }
        Filter::Or(_) | Filter::Is { .. } => Vec::new(),
    }
}

/// Kinds whose own words are in the searchable text.
fn is_words(kind: &Kind) -> bool {
    !matches!(kind, Kind::Reference(_) | Kind::User | Kind::CpfCnpj | Kind::Phone | Kind::Cep)
}

fn never() -> SimpleExpr {
    Expr::val(1).eq(0)
}

fn compare(field: &Field, op: Op, values: &[Json]) -> SimpleExpr {
    let column = || Expr::col(field.name);
    let Some(first) = values.first() else { return never() };
    let value = to_column(&field.kind, first);
    match op {
        Op::Eq => column().eq(value),
        // An absent value is different from every value.
        Op::Ne => column().ne(value).or(column().is_null()),
        Op::In => column().is_in(values.iter().map(|v| to_column(&field.kind, v))),
        Op::Gte => column().gte(value),
        Op::Lte => column().lte(value),
        Op::Gt => column().gt(value),
        Op::Lt => column().lt(value),
        Op::Empty if first.as_bool() == Some(true) => column().is_null(),
        Op::Empty => column().is_not_null(),
        Op::Contains => never(),
    }
}

/// Codes are stored without punctuation, and so looked for.
fn contains(backend: DbBackend, field: &Field, text: &str) -> SimpleExpr {
    let code = matches!(field.kind, Kind::CpfCnpj | Kind::Phone | Kind::Cep);
    let text = if code { alnum(text) } else { text.to_owned() };
    if text.is_empty() { never() } else { pattern::contains(backend, field.name, &text) }
}

/// A bare day compared with an instant stands for the whole day.
fn instant(field: &Field, op: Op, value: &Json, zone: Tz) -> SimpleExpr {
    let Some(day) = value.as_str().and_then(|t| t.parse::<NaiveDate>().ok()) else {
        return compare(field, op, std::slice::from_ref(value));
    };
    let column = || Expr::col(field.name);
    let bound = |day: NaiveDate| to_column(&field.kind, &midnight(day, zone).into());
    let next = day.succ_opt().unwrap_or(day);
    match op {
        Op::Eq | Op::In => column().gte(bound(day)).and(column().lt(bound(next))),
        Op::Ne => column().lt(bound(day)).or(column().gte(bound(next))).or(column().is_null()),
        Op::Gte => column().gte(bound(day)),
        Op::Lt => column().lt(bound(day)),
        Op::Lte => column().lt(bound(next)),
        Op::Gt => column().gte(bound(next)),
        Op::Contains | Op::Empty => never(),
    }
}

fn tags(resource: &Resource, tenant: Tenant, op: Op, values: &[Json]) -> SimpleExpr {
    let mut tagged = Query::select();
    tagged
        .column("record_id")
        .from("tag_link")
        .and_where(Expr::col("tenant_id").eq(tenant.0))
        .and_where(Expr::col("resource").eq(resource.name));
    let negated = matches!(op, Op::Ne) || (op == Op::Empty && values.first().and_then(Json::as_bool) == Some(true));
    if op != Op::Empty {
        tagged.and_where(Expr::col("tag").is_in(values.iter().filter_map(Json::as_str)));
    }
    if negated { Expr::col("id").not_in_subquery(tagged) } else { Expr::col("id").in_subquery(tagged) }
}
