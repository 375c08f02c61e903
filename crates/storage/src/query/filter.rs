//! Filter tree → condition.

use chrono::NaiveDate;
use chrono_tz::Tz;
use conexao_domain::kernel::{
    field::{Field, Kind},
    plan::Facts,
    query::{Filter, Op, resolve},
    resource::Resource,
};
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, LikeExpr, Query, SimpleExpr},
};
use serde_json::Value as Json;

use crate::{Tenant, value::to_column};

/// The condition for a filter, relative values resolved by `facts`.
pub fn condition(resource: &Resource, tenant: Tenant, filter: &Filter, facts: &Facts) -> Condition {
    match filter {
        Filter::And(rows) => {
            rows.iter().fold(Condition::all(), |all, row| all.add(condition(resource, tenant, row, facts)))
        }
        Filter::Or(rows) if rows.is_empty() => Condition::all(),
        Filter::Or(rows) => {
            rows.iter().fold(Condition::any(), |any, row| any.add(condition(resource, tenant, row, facts)))
        }
        Filter::Is { field, op, values } => {
            let values: Vec<Json> = values.iter().map(|v| resolve(&field.kind, v, facts)).collect();
            let expr = if field.kind == Kind::Tags {
                tags(resource, tenant, *op, &values)
            } else {
                compare(field, *op, &values, facts.zone)
            };
            Condition::all().add(expr)
        }
    }
}

fn never() -> SimpleExpr {
    Expr::val(1).eq(0)
}

fn compare(field: &Field, op: Op, values: &[Json], zone: Tz) -> SimpleExpr {
    let column = || Expr::col(field.name);
    let Some(first) = values.first() else { return never() };
    if field.kind == Kind::Instant
        && let Some(day) = first.as_str().and_then(|t| t.parse::<NaiveDate>().ok())
    {
        return whole_day(field, op, day, zone);
    }
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
        Op::Contains => contains(field, first.as_str().unwrap_or_default()),
        Op::Empty if first.as_bool() == Some(true) => column().is_null(),
        Op::Empty => column().is_not_null(),
    }
}

fn contains(field: &Field, text: &str) -> SimpleExpr {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Expr::expr(sea_orm::sea_query::Func::lower(Expr::col(field.name)))
        .like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// A bare day compared with an instant stands for the whole day.
fn whole_day(field: &Field, op: Op, day: NaiveDate, zone: Tz) -> SimpleExpr {
    let column = || Expr::col(field.name);
    let bound = |day: NaiveDate| to_column(&field.kind, &conexao_domain::kernel::query::midnight(day, zone).into());
    let next = day.succ_opt().unwrap_or(day);
    match op {
        Op::Eq | Op::In => column().gte(bound(day)).and(column().lt(bound(next))),
        Op::Ne => column().lt(bound(day)).or(column().gte(bound(next))),
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
