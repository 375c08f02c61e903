//! Random records, inserted past the API so that every column, also those that
//! only the system writes, holds values, ties and gaps.

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use conexao_storage::{search, table};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{App, Client, catalog::tables, cpf, full_input};

/// A generator that says its seed when the test fails; set
/// `CONEXAO_TEST_SEED` to see the same data again.
pub fn chance() -> StdRng {
    let given = std::env::var("CONEXAO_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| rand::rng().random());
    println!("CONEXAO_TEST_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

const WORDS: &[&str] = &[
    "Ana",
    "ana",
    "ÁNA",
    "Ánã Maria",
    "Zé",
    "zebra",
    "10",
    "9",
    "São João",
    "sao joao",
    "100%",
    "a_b",
    "a\\b",
    "O'Hara",
    "\"x\"",
    "Ünïcode",
    "東京",
    "🦀 caranguejo",
    "*",
    "[a]",
    "Ltda.",
    "ana ",
    "maçã",
    "MAÇÃ",
];
const DATES: &[&str] = &["2025-12-31", "2026-03-01", "2026-03-09", "2026-03-10", "2026-03-11", "2026-04-01"];
/// Also the last and first moments of days in São Paulo.
const INSTANTS: &[&str] = &[
    "2025-12-31T23:30:00.000Z",
    "2026-03-10T02:59:59.999Z",
    "2026-03-10T03:00:00.000Z",
    "2026-03-10T12:00:00.120Z",
    "2026-03-11T02:59:59.999Z",
    "2026-03-11T03:00:00.000Z",
];
const TAGS: &[&str] = &["VIP", "vip", "Atraso", "São Paulo"];

/// Inserts `count` random live records of the resource and returns all there are.
pub async fn scatter(
    app: &App,
    admin: &Client,
    resource: &'static Resource,
    count: usize,
    rng: &mut StdRng,
) -> Vec<Record> {
    let mut bases = Vec::new();
    for _ in 0..2 {
        let input = full_input(admin, resource).await;
        let made = admin.create(resource, input).await;
        bases.push(Uuid::parse_str(made.id()).unwrap());
    }
    let tables = tables(app).await;
    let columns = tables.iter().find(|t| t.name == resource.table).unwrap();
    let tx = app.engine.db.write(app.tenant()).await.unwrap();
    let mut stored = table::by_ids(&tx, resource, &bases, false).await.unwrap();
    table::fill(&tx, resource, &mut stored).await.unwrap();
    let mut rows = Vec::new();
    for n in 0..count {
        let mut record = stored[n % 2].clone();
        for field in resource.columns().chain(resource.fields.iter().filter(|f| f.kind == Kind::Tags)) {
            let may_lack = !field.required && columns.column(field.name).is_none_or(|c| !c.required);
            if let Some(value) = value(field, &stored, n, may_lack, rng) {
                record.set(field.name, value);
            }
        }
        for (field, _) in resource.lines() {
            record.set(field.name, json!([]));
        }
        record.set("id", Uuid::now_v7().to_string());
        if resource.name == "webhook_delivery" {
            // One delivery of an event to a webhook.
            record.set("event_id", Uuid::now_v7().to_string());
        }
        if resource.name == "message" {
            // One message of a cause.
            record.set("source", Uuid::now_v7().to_string());
        }
        let text = search::text(resource, &record, &[]);
        rows.push((record, text));
    }
    table::insert(&tx, resource, &rows).await.unwrap();
    tx.commit().await.unwrap();
    all(app, resource).await
}

/// Every live record of the resource in the first company, tags included.
async fn all(app: &App, resource: &'static Resource) -> Vec<Record> {
    let mut select = sea_orm::sea_query::Query::select();
    use sea_orm::sea_query::{Expr, ExprTrait};
    select
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(app.tenant().0))
        .and_where(Expr::col("deleted_at").is_null());
    let tx = app.engine.db.read(app.tenant()).await.unwrap();
    let records = table::select(&tx, resource, &mut select).await.unwrap();
    tx.rollback().await.unwrap();
    records
}

fn pick(rng: &mut StdRng, from: &[&str]) -> Json {
    json!(from.choose(rng).unwrap())
}

/// A random value; `None` keeps what the record has.
fn value(field: &Field, bases: &[Record], n: usize, may_lack: bool, rng: &mut StdRng) -> Option<Json> {
    if matches!(field.name, "id" | "version") {
        return None;
    }
    if field.kind == Kind::Tags {
        let tags: Vec<&str> = TAGS.iter().filter(|_| rng.random_bool(0.3)).copied().collect();
        return Some(json!(tags));
    }
    if may_lack && rng.random_bool(0.25) {
        return Some(Json::Null);
    }
    Some(match field.kind {
        Kind::Text { .. } if field.unique => json!(format!("{} {n}", WORDS.choose(rng).unwrap())),
        Kind::Text { .. } | Kind::LongText { .. } => pick(rng, WORDS).as_str().unwrap().trim().into(),
        Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity => json!(rng.random_range(-2..4_i64) * 1000),
        Kind::Boolean => json!(rng.random_bool(0.5)),
        Kind::Date => pick(rng, DATES),
        Kind::Instant => pick(rng, INSTANTS),
        Kind::CpfCnpj => json!(cpf(500_000 + n)),
        Kind::Phone if field.unique => json!(format!("+55119{:08}", 88_000_000 + n)),
        Kind::Phone => json!(format!("+55119{:08}", 87_000_000 + rng.random_range(0..50))),
        Kind::Cep => pick(rng, &["01310100", "20010000"]),
        Kind::Email if field.unique => json!(format!("pessoa{n}@example.com")),
        Kind::Email => pick(rng, &["ana@example.com", "ze@example.com"]),
        Kind::Uf => pick(rng, &["SP", "RJ", "AC"]),
        Kind::Municipality => pick(rng, &["3550308", "3304557"]),
        Kind::Choice(options) => pick(rng, options),
        Kind::State => return None.or_else(|| Some(json!(states(field, bases).choose(rng).unwrap()))),
        Kind::Reference(_) | Kind::User => bases[rng.random_range(0..bases.len())].get(field.name).clone(),
        Kind::Tags | Kind::Lines(_) => return None,
    })
}

/// States of the resource that the records belong to.
fn states(_: &Field, bases: &[Record]) -> Vec<&'static str> {
    let current = bases[0].text("status").unwrap();
    let flows = conexao_domain::registry::RESOURCES.iter().filter_map(|r| r.flow);
    let flow = flows.into_iter().find(|f| f.state(current).is_some()).unwrap();
    flow.states.iter().map(|s| s.name).collect()
}
