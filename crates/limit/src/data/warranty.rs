//! The `n`-th warranty request, as somebody would send it to the API.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    customer,
    random::Random,
    words::{CHANNELS, PRODUCTS, REASONS},
};

const PURPOSE: u64 = 11;

/// How many requests and customers there are.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    pub customers: u64,
    pub warranties: u64,
}

/// Which customer the request is about.
pub fn customer(n: u64, counts: Counts) -> u64 {
    Random::new(PURPOSE, n).below(counts.customers)
}

pub fn created_at(n: u64, counts: Counts) -> DateTime<Utc> {
    customer::created_at(n, counts.warranties)
}

/// The id of the `n`-th request.
pub fn own_id(n: u64, counts: Counts) -> Uuid {
    customer::id(PURPOSE, n, created_at(n, counts))
}

/// The state it is in: most are still pending, for the steps that are measured.
pub fn status(n: u64) -> &'static str {
    match Random::new(PURPOSE + 1, n).below(100) {
        0..=69 => "pending",
        70..=79 => "awaiting_return",
        80..=87 => "generated",
        88..=96 => "checked",
        _ => "cancelled",
    }
}

fn kind(n: u64) -> &'static str {
    if Random::new(PURPOSE + 2, n).percent(70) { "warranty" } else { "exchange" }
}

/// The number it got when it was created.
pub fn number(n: u64) -> String {
    format!("{}-{:06}", prefix(n), n + 1)
}

pub fn prefix(n: u64) -> &'static str {
    if kind(n) == "exchange" { "TR" } else { "GR" }
}

/// Input for the request.
pub fn input(n: u64, counts: Counts, team: &[Uuid]) -> Map<String, Json> {
    let mut random = Random::new(PURPOSE + 3, n);
    let items: Vec<Json> = (0..=random.below(3))
        .filter_map(|_| {
            let (sku, product, version, price) = random.pick(PRODUCTS)?;
            let serial = format!("{version}-{:07}", random.below(10_000_000));
            Some(json!({
                "sku": sku, "product": product, "product_version": version, "serial": serial,
                "reason": random.pick(REASONS), "quantity": 1000, "unit_price": price,
            }))
        })
        .collect();
    let deadline = created_at(n, counts) + TimeDelta::days(i64::try_from(random.below(40)).unwrap_or_default());
    let fields = [
        ("kind", Json::from(kind(n))),
        ("customer_id", customer::own_id(customer(n, counts), counts.customers).to_string().into()),
        ("order_number", (118_400 + n * 3).to_string().into()),
        ("channel", random.pick(CHANNELS).into()),
        ("deadline", deadline.date_naive().to_string().into()),
        ("owner_id", random.pick(team).map(|id| id.to_string()).into()),
        ("items", items.into()),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
