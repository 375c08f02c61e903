//! Handlers that read.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use conexao_domain::kernel::{
    problem::{Code, Problem},
    query,
    record::Record,
    resource::Resource,
};
use conexao_engine::read::{self, Hint, Look};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{ApiError, Caller, Idempotent, reply};

/// Query-string pairs in order, as list grammar needs them.
pub type Pairs = web::Query<Vec<(String, String)>>;

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn pairs(pairs: &Pairs) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

fn value<'a>(query: &'a Pairs, name: &str) -> Option<&'a str> {
    query.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

pub async fn list(resource: &'static Resource, caller: Caller, query: Pairs) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let query = query::parse(resource, pairs(&query), &[])?;
    let listing = read::list(&caller.engine, &gate, &query).await?;
    Ok(HttpResponse::Ok().json(&listing))
}

pub async fn lookup(resource: &'static Resource, caller: Caller, query: Pairs) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let typed = query::typed(value(&query, "q").unwrap_or_default());
    let items = if typed.is_empty() { Vec::new() } else { read::lookup(&caller.engine, &gate, &typed).await? };
    Ok(HttpResponse::Ok().json(Items { items: &items }))
}

/// Written straight from what it holds: `json!` would copy it all first.
#[derive(Debug, Serialize)]
struct Items<'a> {
    items: &'a [Hint],
}

pub async fn duplicates(resource: &'static Resource, caller: Caller, query: Pairs) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let except = value(&query, "exclude").and_then(|id| Uuid::parse_str(id).ok());
    let given = pairs(&query).filter(|(name, _)| resource.duplicates.contains(name));
    let input = Record(given.map(|(name, value)| (name.to_owned(), value.into())).collect());
    let items = read::duplicates(&caller.engine, &gate, &input, except).await?;
    Ok(HttpResponse::Ok().json(Items { items: &items }))
}

pub async fn aggregate(resource: &'static Resource, caller: Caller, query: Pairs) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let by = value(&query, "by").or_else(|| value(&query, "group"));
    let by = by.ok_or_else(|| Problem::new(Code::Malformed).detail("by"))?;
    let list = query::parse(resource, pairs(&query), &["by", "group", "interval", "split", "sum"])?;
    let named = |name| value(&query, name).filter(|value| !value.is_empty());
    let wanted = read::Wanted { by, interval: named("interval"), split: named("split"), sum: named("sum") };
    let groups = read::groups(&caller.engine, &gate, &list, wanted).await?;
    Ok(HttpResponse::Ok().json(json!({ "groups": groups })))
}

pub async fn get(resource: &'static Resource, caller: Caller, id: web::Path<Uuid>) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let record = read::get(&caller.engine, &gate, *id).await?;
    Ok(reply::record(StatusCode::OK, &record))
}

#[derive(Debug, Deserialize)]
pub struct Wanted {
    field: String,
    reason: Option<String>,
}

/// Its answer is not kept for repetitions: looking again is another look.
pub async fn reveal(
    resource: &'static Resource,
    id: web::Path<Uuid>,
    Idempotent { caller, body }: Idempotent<Wanted>,
) -> Answer {
    caller.gate(resource, "reveal")?;
    let gate = caller.gate(resource, "read")?;
    let look = Look { field: &body.field, reason: body.reason.as_deref() };
    let seen = read::reveal(&caller.engine, &gate, *id, look).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(seen))
}

#[derive(Debug, Deserialize)]
pub struct Before {
    after: Option<String>,
}

pub async fn timeline(
    resource: &'static Resource,
    caller: Caller,
    id: web::Path<Uuid>,
    query: web::Query<Before>,
) -> Answer {
    let gate = caller.gate(resource, "read")?;
    let unreadable = || Problem::new(Code::Malformed).detail("after");
    let before = query.after.as_deref().map(|text| read::Place::read(text).ok_or_else(unreadable)).transpose()?;
    let page = read::timeline(&caller.engine, &gate, *id, before.as_ref()).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": page.items, "next": page.next })))
}
