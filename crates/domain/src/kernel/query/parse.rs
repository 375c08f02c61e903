//! Query string → checked [`ListQuery`]; unknown names answer with the valid ones.

use serde_json::Value as Json;

use super::{Cursor, DEFAULT_LIMIT, Filter, ListQuery, MAX_LIMIT, Op, Sort, relative::is_relative};
use crate::kernel::{
    field::{Field, Kind},
    problem::{Code, Problem},
    resource::{Resource, SYSTEM_FIELDS},
};

/// Bounds that keep a request from becoming a program.
const MAX_DEPTH: usize = 4;
const MAX_CONDITIONS: usize = 40;
const MAX_VALUES: usize = 500;
/// Longest text to search for, in characters.
const MAX_TEXT: usize = 200;

/// Reads decoded query-string pairs. Pairs in `ignore` belong to the caller.
pub fn parse<'a>(
    resource: &Resource,
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
    ignore: &[&str],
) -> Result<ListQuery, Problem> {
    let mut query = ListQuery {
        q: None,
        filter: Filter::And(Vec::new()),
        sort: sort(resource, resource.default_sort)?,
        after: None,
        limit: DEFAULT_LIMIT,
        count: false,
    };
    let mut filters = Vec::new();
    let mut after = None;
    for (name, value) in pairs {
        match name {
            "q" => query.q = Some(typed(value)).filter(|q| !q.is_empty()),
            "sort" => query.sort = sort(resource, value)?,
            "after" => after = Some(Cursor::decode(value).ok_or_else(|| malformed("after"))?),
            "limit" => query.limit = limit(value)?,
            "count" => query.count = value == "exact",
            "where" => {
                let tree: Json = serde_json::from_str(value).map_err(|_| malformed("where"))?;
                filters.push(tree_filter(resource, &tree, 0)?);
            }
            _ if name.starts_with("filter[") => filters.push(flat_filter(resource, name, value)?),
            _ if ignore.contains(&name) => {}
            _ => return Err(unknown(name, &["q", "filter[…]", "where", "sort", "after", "limit", "count"])),
        }
    }
    if conditions(&filters) > MAX_CONDITIONS {
        return Err(malformed("where"));
    }
    query.filter = Filter::And(filters);
    if let Some(cursor) = after {
        if !resumes(&cursor, &query) {
            return Err(malformed("after"));
        }
        query.after = Some(cursor);
    }
    Ok(query)
}

/// What somebody typed to search for; control characters count as spaces.
pub fn typed(text: &str) -> String {
    let text: String = text.chars().take(MAX_TEXT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

fn malformed(name: &str) -> Problem {
    Problem::new(Code::Malformed).detail(name)
}

fn unknown(name: &str, valid: &[&str]) -> Problem {
    Problem::new(Code::UnknownParameter)
        .detail(name)
        .with("valid", valid.iter().copied().map(Json::from).collect::<Vec<_>>())
}

fn names(resource: &Resource, keep: fn(&&Field) -> bool) -> Vec<&'static str> {
    resource.fields.iter().chain(SYSTEM_FIELDS).filter(keep).map(|f| f.name).collect()
}

fn limit(value: &str) -> Result<u64, Problem> {
    let limit = value.parse().map_err(|_| malformed("limit"))?;
    if (1..=MAX_LIMIT).contains(&limit) { Ok(limit) } else { Err(malformed("limit")) }
}

fn sort(resource: &Resource, text: &str) -> Result<Vec<Sort>, Problem> {
    let keys = text.split(',').filter(|k| !k.is_empty()).take(5);
    keys.map(|key| {
        let (name, descending) = key.strip_prefix('-').map_or((key, false), |name| (name, true));
        let field = resource.sortable(name).ok_or_else(|| unknown(name, &names(resource, |f| f.sort)))?;
        Ok(Sort { field, descending })
    })
    .collect()
}

fn flat_filter(resource: &Resource, name: &str, value: &str) -> Result<Filter, Problem> {
    let mut parts = name.trim_start_matches("filter[").trim_end_matches(']').split("][");
    let field = parts.next().unwrap_or_default();
    let op = parts.next().unwrap_or("eq");
    let op = Op::parse(op).ok_or_else(|| unknown(op, &Op::ALL.map_names()))?;
    let values = if op == Op::In { value.split(',').map(Json::from).collect() } else { vec![Json::from(value)] };
    condition(resource, field, op, &values)
}

fn tree_filter(resource: &Resource, tree: &Json, depth: usize) -> Result<Filter, Problem> {
    if depth > MAX_DEPTH {
        return Err(malformed("where"));
    }
    let group = |name: &str| tree.get(name).and_then(Json::as_array);
    let all =
        |rows: &[Json]| rows.iter().map(|row| tree_filter(resource, row, depth + 1)).collect::<Result<Vec<_>, _>>();
    if let Some(rows) = group("and") {
        return Ok(Filter::And(all(rows)?));
    }
    if let Some(rows) = group("or") {
        return Ok(Filter::Or(all(rows)?));
    }
    let text = |name: &str| tree.get(name).and_then(Json::as_str);
    let op = text("op").unwrap_or("eq");
    let op = Op::parse(op).ok_or_else(|| unknown(op, &Op::ALL.map_names()))?;
    let values = match tree.get("value") {
        Some(Json::Array(values)) => values.clone(),
        Some(value) => vec![value.clone()],
        None => return Err(malformed("where")),
    };
    condition(resource, text("field").ok_or_else(|| malformed("where"))?, op, &values)
}

fn condition(resource: &Resource, name: &str, op: Op, values: &[Json]) -> Result<Filter, Problem> {
    let field = resource.filterable(name).ok_or_else(|| unknown(name, &names(resource, |f| f.filter)))?;
    let wrong = || Problem::field(format!("filter[{name}]"), "filter");
    if !op.fits(field) || values.is_empty() || values.len() > MAX_VALUES || (op != Op::In && values.len() != 1) {
        return Err(wrong());
    }
    let values = values.iter().map(|value| operand(field, op, value)).collect::<Option<Vec<_>>>();
    Ok(Filter::Is { field, op, values: values.ok_or_else(wrong)? })
}

fn operand(field: &Field, op: Op, value: &Json) -> Option<Json> {
    match op {
        Op::Empty => Kind::Boolean.canonical(value).ok().filter(|v| !v.is_null()),
        Op::Contains => Some(plain(value.as_str()?)?.into()),
        _ if value.as_str().is_some_and(|text| is_relative(&field.kind, text)) => Some(value.clone()),
        // A bare day compared with an instant stands for the whole day.
        _ if field.kind == Kind::Instant && value.as_str().is_some_and(|t| t.len() == 10) => {
            Kind::Date.canonical(value).ok()
        }
        _ if matches!(field.kind, Kind::Tags | Kind::State) => Some(plain(value.as_str()?)?.into()),
        // What cannot be stored can still be compared with.
        _ if matches!(field.kind, Kind::Integer { .. }) => whole(value),
        _ => field.kind.canonical(value).ok().filter(|v| !v.is_null()),
    }
}

fn whole(value: &Json) -> Option<Json> {
    let any = Kind::Integer { min: i64::MIN, max: i64::MAX };
    any.canonical(value).ok().filter(|v| !v.is_null())
}

/// Text to look for: bounded, and without what no text holds and databases refuse.
fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

/// Whether a cursor's values are ones this sort could have left in it.
fn resumes(cursor: &Cursor, query: &ListQuery) -> bool {
    let known = |(sort, value): (&Sort, &Json)| match sort.field.kind {
        Kind::State => value.as_str().is_none_or(|text| plain(text).is_some()),
        kind => kind.canonical(value).as_ref() == Ok(value),
    };
    cursor.sort == query.sort_text()
        && cursor.values.len() == query.sort.len()
        && query.sort.iter().zip(&cursor.values).all(known)
}

fn conditions(filters: &[Filter]) -> usize {
    let count = |filter: &Filter| match filter {
        Filter::And(rows) | Filter::Or(rows) => conditions(rows),
        Filter::Is { .. } => 1,
    };
    filters.iter().map(count).sum()
}

trait MapNames {
    fn map_names(&self) -> Vec<&'static str>;
}

impl MapNames for &[(&'static str, Op)] {
    fn map_names(&self) -> Vec<&'static str> {
        self.iter().map(|(name, _)| *name).collect()
    }
}
