//! Canonical JSON ↔ column values, by field kind. The only conversions there are.

use chrono::{DateTime, NaiveDate, Utc};
use conexao_domain::kernel::{
    canonical::write_instant,
    field::{Field, Kind},
};
use sea_orm::{
    DbBackend, QueryResult, Value,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::StorageError;

/// The column value of a canonical JSON value; what does not fit becomes NULL.
pub fn to_column(kind: &Kind, value: &Json) -> Value {
    let text = value.as_str();
    match kind {
        Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity => Value::BigInt(value.as_i64()),
        Kind::Boolean => Value::Bool(value.as_bool()),
        Kind::Date => Value::ChronoDate(text.and_then(|t| t.parse().ok())),
        Kind::Instant => Value::ChronoDateTimeUtc(text.and_then(|t| t.parse().ok())),
        Kind::Reference(_) | Kind::User => Value::Uuid(text.and_then(|t| Uuid::parse_str(t).ok())),
        _ => Value::String(text.map(str::to_owned)),
    }
}

/// A record id as a column value.
pub fn id_column(id: &str) -> Value {
    Value::Uuid(Uuid::parse_str(id).ok())
}

/// The condition "`column` is one of these ids": one parameter however many
/// there are, so that the statement is always the same and stays prepared.
pub fn among(backend: DbBackend, column: &'static str, ids: &[Uuid]) -> SimpleExpr {
    if let [only] = ids {
        return Expr::col(column).eq(*only);
    }
    let joined = |between: &str| ids.iter().map(|id| id.simple().to_string()).collect::<Vec<_>>().join(between);
    if backend == DbBackend::Postgres {
        Expr::cust_with_values(format!("{column} = ANY(string_to_array($1, ',')::uuid[])"), [joined(",")])
    } else {
        let list = if ids.is_empty() { "[]".to_owned() } else { format!("[\"{}\"]", joined("\",\"")) };
        Expr::cust_with_values(format!("{column} IN (SELECT unhex(value) FROM json_each(?))"), [list])
    }
}

/// The canonical JSON value in column `index` of a row.
pub fn from_column(field: &Field, row: &QueryResult, index: usize) -> Result<Json, StorageError> {
    if field.name == "id" {
        return Ok(row.try_get_by_index::<Uuid>(index)?.to_string().into());
    }
    Ok(match field.kind {
        Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity => {
            row.try_get_by_index::<Option<i64>>(index)?.into()
        }
        Kind::Boolean => row.try_get_by_index::<Option<bool>>(index)?.into(),
        Kind::Date => row.try_get_by_index::<Option<NaiveDate>>(index)?.map(|d| d.to_string()).into(),
        Kind::Instant => row.try_get_by_index::<Option<DateTime<Utc>>>(index)?.map(write_instant).into(),
        Kind::Reference(_) | Kind::User => row.try_get_by_index::<Option<Uuid>>(index)?.map(|id| id.to_string()).into(),
        _ => row.try_get_by_index::<Option<String>>(index)?.into(),
    })
}
