//! The `n`-th customer, as somebody would send it to the API.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::value::{fold, municipalities};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    document,
    random::Random,
    words::{DISTRICTS, FIRST, LAST, MAIL, STREETS, TAGS, TRADES},
};

const PURPOSE: u64 = 1;

/// (code, name, state) of every municipality, capitals first.
static PLACES: LazyLock<Vec<(&'static str, &'static str, &'static str)>> = LazyLock::new(|| {
    let mut all: Vec<_> = municipalities::all().iter().collect();
    all.sort_by_key(|place| !place.capital);
    all.into_iter().map(|place| (place.code.as_str(), place.name, place.uf().as_str())).collect()
});

fn company(n: u64) -> bool {
    Random::new(PURPOSE, n).percent(15)
}

/// What the customer is called.
pub fn name(n: u64) -> String {
    let mut random = Random::new(PURPOSE + 1, n);
    let mut word = |list: &[&'static str]| random.favour(list).unwrap_or_default();
    if company(n) {
        format!("{} {} {} Ltda.", word(TRADES), word(LAST), word(LAST))
    } else {
        format!("{} {} {}", word(FIRST), word(LAST), word(LAST))
    }
}

/// Its CPF or CNPJ; no two customers share one.
pub fn document(n: u64) -> String {
    if company(n) { document::cnpj(n + 1) } else { document::cpf(n + 1) }
}

/// Its main telephone as people type it.
pub fn phone(n: u64) -> String {
    let area = Random::new(PURPOSE + 2, n).pick(&["11", "21", "31", "41", "51", "61", "71", "81"]).unwrap_or("11");
    let number = n.wrapping_mul(7_368_787) % 90_000_000 + 10_000_000;
    format!("({area}) 9{:04}-{:04}", number / 10_000, number % 10_000)
}

/// Its main e-mail address.
pub fn email(n: u64) -> String {
    let user: String =
        fold(&name(n)).replace(' ', ".").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let domain = Random::new(PURPOSE + 3, n).pick(MAIL).unwrap_or("example.com");
    format!("{}{n}@{domain}", user.trim_end_matches('.'))
}

/// When it was created: evenly over two years.
pub fn created_at(n: u64, of: u64) -> DateTime<Utc> {
    let begin = DateTime::from_timestamp(1_704_067_200, 0).unwrap_or_default();
    let span = 2 * 365 * 86_400_000_u64;
    begin + TimeDelta::milliseconds(i64::try_from(n.saturating_mul(span / of.max(1))).unwrap_or_default())
}

/// A UUID of version 7 for the moment, always the same for the same number.
pub fn id(purpose: u64, n: u64, at: DateTime<Utc>) -> Uuid {
    let mut random = Random::new(purpose + 100, n);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    let mut bytes = [0; 10];
    for byte in &mut bytes {
        *byte = random.below(256).try_into().unwrap_or_default();
    }
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

/// The id of the `n`-th of `of` generated customers.
pub fn own_id(n: u64, of: u64) -> Uuid {
    id(PURPOSE, n, created_at(n, of))
}

fn contacts(n: u64, random: &mut Random) -> Vec<Json> {
    let consent = if random.percent(35) { "opt_in" } else { "unknown" };
    let mut contacts = vec![
        json!({ "channel": "whatsapp", "value": phone(n), "main": true, "consent": consent }),
        json!({ "channel": "email", "value": email(n), "main": true }),
    ];
    if random.percent(30) {
        contacts.push(json!({ "channel": "phone", "value": phone(n.wrapping_add(40_000_000)), "label": "trabalho" }));
    }
    contacts
}

fn address(kind: &str, random: &mut Random) -> Json {
    // Most people live in the big cities; the rest is spread over all others.
    let capitals = PLACES.get(..27).unwrap_or_default();
    let place = if random.percent(45) { random.favour(capitals) } else { random.pick(&PLACES) };
    let (code, city, uf) = place.unwrap_or(("3550308", "São Paulo", "SP"));
    json!({
        "kind": kind, "cep": format!("{:08}", 1_000_000 + random.below(98_000_000)), "street": random.pick(STREETS),
        "number": (random.below(3000) + 1).to_string(), "district": random.pick(DISTRICTS), "municipality": code, "city": city, "uf": uf,
    })
}

/// Input for the customer; `team` may own it.
pub fn input(n: u64, team: &[Uuid]) -> Map<String, Json> {
    let mut random = Random::new(PURPOSE + 4, n);
    let mut addresses = vec![address("main", &mut random)];
    if random.percent(10) {
        addresses.push(address("delivery", &mut random));
    }
    let mut input = json!({
        "kind": if company(n) { "company" } else { "person" },
        "name": name(n),
        "document": document(n),
        "contacts": contacts(n, &mut random),
        "addresses": addresses,
        "consent_basis": random.pick(&["none", "contract", "consent", "legitimate_interest"]),
    });
    if let Some(fields) = input.as_object_mut() {
        if !company(n) {
            let day = DateTime::from_timestamp(i64::try_from(random.below(1_200_000_000)).unwrap_or_default(), 0);
            fields.insert("birth_date".into(), day.unwrap_or_default().date_naive().to_string().into());
        }
        if random.percent(50) {
            fields
                .insert("external_ids".into(), json!([{ "source": "tiny", "external_id": (48_000 + n).to_string() }]));
        }
        if random.percent(10) {
            fields.insert("tags".into(), json!([random.pick(TAGS)]));
        }
        if let Some(owner) = random.pick(team).filter(|_| random.percent(60)) {
            fields.insert("owner_id".into(), owner.to_string().into());
        }
        return std::mem::take(fields);
    }
    Map::new()
}

/// The state it is in: most are active.
pub fn status(n: u64) -> &'static str {
    match Random::new(PURPOSE + 5, n).below(100) {
        0..=91 => "active",
        92..=96 => "inactive",
        _ => "blocked",
    }
}
