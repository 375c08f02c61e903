//! Whether two servers say the same: a race between different answers is none.

use anyhow::{Result, bail};
use serde_json::{Map, Value};

use super::{
    Source,
    client::{Client, Request},
    scenario::Scenario::{Create, Deep, Document, Filtered, Get, List, Search, Step},
};
use crate::data::warranty::Counts;

/// Answers per scenario that are compared.
const EACH: u64 = 20;

async fn ask(client: &mut Client, request: &Request) -> Result<Value> {
    let answer = client.send(request).await?;
    if answer.status >= 300 {
        bail!("{} {}: {}\n{}", request.method, request.path, answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(serde_json::from_slice(&answer.body)?)
}

/// Where the two differ, as a path; values that only one of them can know are left out.
fn difference(path: &str, left: &Value, right: &Value) -> Option<String> {
    match (left, right) {
        (Value::Object(l), Value::Object(r)) => {
            let names = l.keys().chain(r.keys().filter(|name| !l.contains_key(*name)));
            let member = |map: &Map<String, Value>, name: &str| map.get(name).cloned().unwrap_or_default();
            let mut names = names.filter(|name| !OWN.contains(&name.as_str()));
            names.find_map(|name| difference(&format!("{path}/{name}"), &member(l, name), &member(r, name)))
        }
        (Value::Array(l), Value::Array(r)) if l.len() == r.len() => {
            let mut pairs = l.iter().zip(r).enumerate();
            pairs.find_map(|(i, (l, r))| difference(&format!("{path}/{i}"), l, r))
        }
        _ if left == right => None,
        _ => Some(format!("{path}: {left} | {right}")),
    }
}

/// Made anew by each server.
const OWN: &[&str] = &["id", "created_at", "updated_at", "return_requested_at"];

/// The cursor of page `page` (of 50 rows), walked to on one server.
pub async fn walk(address: &str, token: &str, page: u64) -> Result<Option<String>> {
    let mut client = Client::connect(address, token).await?;
    let (mut left, mut after) = (page.saturating_sub(1) * 50, None::<String>);
    while left > 0 {
        let limit = if left >= 200 { 200 } else { 50.min(left) };
        let cursor = after.map(|c| format!("&after={c}")).unwrap_or_default();
        let path = format!("/api/v1/customers?limit={limit}{cursor}");
        let answer = ask(&mut client, &Request { method: "GET", path, ..Request::default() }).await?;
        after = answer.get("next").and_then(Value::as_str).map(str::to_owned);
        if after.is_none() {
            break;
        }
        left -= limit;
    }
    Ok(after)
}

/// The page that stands for those far from the first: 1,000 where there are as many.
pub fn deep_page(customers: u64) -> u64 {
    (customers / 60).clamp(2, 1000)
}

/// Compares answers; returns the cursor of page 1,000 for the runs to come.
pub async fn compare(left: (&str, &str), right: (&str, &str), counts: Counts) -> Result<String> {
    let cursor = walk(left.0, left.1, deep_page(counts.customers)).await?;
    let mut clients = [Client::connect(left.0, left.1).await?, Client::connect(right.0, right.1).await?];
    let [product, limit] = &mut clients;
    for scenario in [List, Deep, Filtered, Document, Search, Get, Create, Step] {
        let source = |half| Source::new(scenario, counts, cursor.clone(), 0, half);
        // What is used up differs from server to server, and so do its details.
        let once = matches!(scenario, Create | Step);
        for n in 0..if once { 1 } else { EACH } {
            let (Some(ours), Some(theirs)) = (source(0).request(n), source(u64::from(once)).request(n)) else {
                continue;
            };
            let (ours, theirs) = (ask(product, &ours).await?, ask(limit, &theirs).await?);
            let found = if once { shape(&ours, &theirs) } else { difference("", &ours, &theirs) };
            if let Some(found) = found {
                bail!("{scenario:?}: product and limit differ at {found}");
            }
        }
    }
    Ok(cursor.unwrap_or_default())
}

/// For answers about different records: the same members, whatever they hold.
fn shape(left: &Value, right: &Value) -> Option<String> {
    let names = |value: &Value| {
        let mut names: Vec<String> = value.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
        names.sort();
        names
    };
    (names(left) != names(right)).then(|| format!("{:?} | {:?}", names(left), names(right)))
}
