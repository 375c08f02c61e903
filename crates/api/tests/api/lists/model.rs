//! What a list should answer, computed in memory.

use std::cmp::Ordering;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use conexao_domain::kernel::{
    field::{Field, Kind},
    query::{Op, Sort},
    record::Record,
    value::{alnum, fold},
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::support::start_of_time;

/// One condition or a group of them.
#[derive(Debug, Clone)]
pub enum Tree {
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Is { field: &'static Field, op: Op, values: Vec<Json> },
}

impl Tree {
    /// As the `where` parameter takes it.
    pub fn json(&self) -> Json {
        match self {
            Self::And(rows) => serde_json::json!({ "and": rows.iter().map(Self::json).collect::<Vec<_>>() }),
            Self::Or(rows) => serde_json::json!({ "or": rows.iter().map(Self::json).collect::<Vec<_>>() }),
            Self::Is { field, op, values } => {
                let name = Op::ALL.iter().find(|(_, o)| o == op).unwrap().0;
                let value = if *op == Op::In { Json::from(values.clone()) } else { values[0].clone() };
                serde_json::json!({ "field": field.name, "op": name, "value": value })
            }
        }
    }

    pub fn fits(&self, record: &Record, me: Uuid) -> bool {
        match self {
            Self::And(rows) => rows.iter().all(|row| row.fits(record, me)),
            Self::Or(rows) => rows.is_empty() || rows.iter().any(|row| row.fits(record, me)),
            Self::Is { field, op, values } => {
                let meant: Vec<Json> = values.iter().map(|v| meant(&field.kind, v, me)).collect();
                condition(field, *op, record.get(field.name), &meant)
            }
        }
    }
}

/// Midnight in São Paulo, which has no summer time in the years of the data.
fn begins(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(3, 0, 0).unwrap().and_utc()
}

/// The value behind `@today-7` and `@me`.
fn meant(kind: &Kind, value: &Json, me: Uuid) -> Json {
    let Some(word) = value.as_str().and_then(|t| t.strip_prefix('@')) else { return value.clone() };
    let today = start_of_time().date_naive();
    let day = match word {
        "me" if *kind == Kind::User => return me.to_string().into(),
        _ if !matches!(kind, Kind::Date | Kind::Instant) => return value.clone(),
        "today" => today,
        "month" => today.with_day(1).unwrap(),
        "year" => NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap(),
        "week" => today - Days::new(today.weekday().num_days_from_sunday().into()),
        other if other.starts_with("today-") => today - Days::new(other[6..].parse().unwrap()),
        other => today + Days::new(other[6..].parse().unwrap()),
    };
    day.to_string().into()
}

fn condition(field: &Field, op: Op, have: &Json, values: &[Json]) -> bool {
    let empty = have.is_null() || have.as_array().is_some_and(Vec::is_empty);
    match op {
        Op::Empty => empty == (values[0] == true),
        Op::Ne => empty || !same(field, have, &values[0]),
        Op::Eq | Op::In => !empty && values.iter().any(|v| same(field, have, v)),
        Op::Contains => !empty && contains(field, have.as_str().unwrap(), values[0].as_str().unwrap()),
        _ if empty => false,
        Op::Gte => below(field, have, &values[0]) != Some(true),
        Op::Lt => below(field, have, &values[0]) == Some(true),
        Op::Gt => above(field, have, &values[0]),
        Op::Lte => !above(field, have, &values[0]),
    }
}

fn contains(field: &Field, have: &str, text: &str) -> bool {
    match field.kind {
        Kind::CpfCnpj | Kind::Phone | Kind::Cep => !alnum(text).is_empty() && have.contains(&alnum(text)),
        _ => fold(have).contains(&fold(text)),
    }
}

fn instant(value: &Json) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// A bare day stands for all its moments.
fn day(field: &Field, value: &Json) -> Option<NaiveDate> {
    value.as_str().filter(|_| field.kind == Kind::Instant)?.parse().ok()
}

fn same(field: &Field, have: &Json, value: &Json) -> bool {
    if let Some(tags) = have.as_array() {
        return tags.contains(value);
    }
    match day(field, value) {
        Some(day) => instant(have) >= begins(day) && instant(have) < begins(day.succ_opt().unwrap()),
        None => have == value,
    }
}

fn below(field: &Field, have: &Json, value: &Json) -> Option<bool> {
    Some(match day(field, value) {
        Some(day) => instant(have) < begins(day),
        None => plain(have, value) == Ordering::Less,
    })
}

fn above(field: &Field, have: &Json, value: &Json) -> bool {
    match day(field, value) {
        Some(day) => instant(have) >= begins(day.succ_opt().unwrap()),
        None => plain(have, value) == Ordering::Greater,
    }
}

fn plain(a: &Json, b: &Json) -> Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_str().unwrap().cmp(b.as_str().unwrap()),
    }
}

/// Records in the order of a list: absent values last whatever the direction,
/// ties by id in the direction of the first key.
pub fn sort(records: &mut [Record], keys: &[Sort]) {
    records.sort_by(|a, b| {
        for key in keys {
            let order = by_key(key, a.get(key.field.name), b.get(key.field.name));
            if order != Ordering::Equal {
                return order;
            }
        }
        let order = a.id().cmp(b.id());
        if keys.first().is_some_and(|k| k.descending) { order.reverse() } else { order }
    });
}

fn by_key(key: &Sort, a: &Json, b: &Json) -> Ordering {
    if a.is_null() || b.is_null() {
        return a.is_null().cmp(&b.is_null());
    }
    let order = match key.field.kind {
        Kind::Text { .. } => fold(a.as_str().unwrap()).cmp(&fold(b.as_str().unwrap())),
        _ => plain(a, b),
    };
    if key.descending { order.reverse() } else { order }
}
