//! Customers and warranties, taken through their flow by the people who do it.

use chrono::TimeDelta;
use conexao_domain::{
    after_sales::warranty::WARRANTY,
    customers::customer::CUSTOMER,
    kernel::{problem::Problem, record::Record, resource::Resource},
};
use conexao_engine::{Engine, Session, identity, write};
use conexao_storage::Tenant;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::people;

const CUSTOMERS: usize = 60;
const WARRANTIES: usize = 48;

const PRODUCTS: &[(&str, &str, &str, i64)] = &[
    ("RT-AX1800-V2", "Roteador Wi-Fi 6 AX1800", "V2", 38_990),
    ("FT-12V2A-V3", "Fonte 12 V 2 A", "V3", 6_490),
    ("NB-1200VA", "Nobreak 1200 VA", "V1", 89_900),
    ("CAM-1080P", "Câmera IP 1080p", "V2", 18_990),
    ("MESH-REP", "Repetidor mesh", "V1", 29_900),
    ("ONU-1GE", "ONU GPON 1GE", "V1", 14_990),
    ("SW-8P", "Switch 8 portas", "V1", 27_990),
];
const REASONS: &[&str] =
    &["Reinicia sozinho", "Sem tensão de saída", "Não liga", "Perde o sinal", "Porta com defeito", "Chegou avariado"];
const CHANNELS: &[&str] = &["mercado_livre", "own_store", "b2b", "shopee", "amazon", "magalu"];

fn pick<T: Copy>(list: &[T], n: usize) -> Option<T> {
    list.get(n % list.len().max(1)).copied()
}

/// Fills the demo tenant; `team` is in the order of `TEAM`.
pub async fn create(engine: &Engine, tenant: Tenant, team: &[Uuid]) -> Result<(), Problem> {
    let mut sessions = Vec::new();
    for user in team {
        sessions.push(identity::session_of(engine, tenant, *user).await?);
    }
    let [admin, support, checker, ..] = sessions.as_slice() else { return Ok(()) };
    let mut customers = Vec::new();
    for n in 0..CUSTOMERS {
        customers.push(write::create(engine, &support.gate(&CUSTOMER, "create")?, &people::customer(n)).await?);
    }
    if let Some(last) = customers.last() {
        let reason = Map::from_iter([("block_reason".into(), "Endereço de fraude confirmada".into())]);
        step(engine, admin, &CUSTOMER, last, "block", reason).await?;
    }
    for n in 0..WARRANTIES {
        let Some(customer) = customers.get(n * 5 % (CUSTOMERS - 1)) else { continue };
        let owner = if n.is_multiple_of(2) { support } else { admin };
        let input = warranty(engine, n, customer, owner.user);
        let record = write::create(engine, &support.gate(&WARRANTY, "create")?, &input).await?;
        advance(engine, n, support, checker, record).await?;
    }
    Ok(())
}

fn warranty(engine: &Engine, n: usize, customer: &Record, owner: Uuid) -> Map<String, Json> {
    let items: Vec<Json> = (0..=n % 3).filter_map(|i| {
        let (sku, product, version, price) = pick(PRODUCTS, n + i * 2)?;
        Some(json!({ "sku": sku, "product": product, "product_version": version, "serial": format!("{version}-{:07}", 93_317 + n * 101 + i), "reason": pick(REASONS, n + i), "quantity": 1000, "unit_price": price }))
    }).collect();
    let mut input = Map::from_iter([
        ("kind".to_owned(), Json::from(if n % 3 == 1 { "exchange" } else { "warranty" })),
        ("customer_id".to_owned(), customer.id().into()),
        ("order_number".to_owned(), (118_400 + n * 17).to_string().into()),
        ("channel".to_owned(), pick(CHANNELS, n).into()),
        ("deadline".to_owned(), days_from(engine, i64::try_from(n % 14).unwrap_or_default() - 5).into()),
        ("owner_id".to_owned(), owner.to_string().into()),
        ("items".to_owned(), items.into()),
    ]);
    if n % 6 == 5 {
        let other = json!({ "other_address": true, "delivery_cep": "20010000", "delivery_street": "Rua da Glória", "delivery_number": "44", "delivery_city": "Rio de Janeiro", "delivery_uf": "RJ" });
        input.extend(other.as_object().cloned().unwrap_or_default());
    }
    input
}

/// Takes every fifth request to each stage of the flow.
async fn advance(
    engine: &Engine,
    n: usize,
    support: &Session,
    checker: &Session,
    record: Record,
) -> Result<(), Problem> {
    let stage = n % 5;
    if stage == 0 {
        return Ok(());
    }
    if stage == 4 && n.is_multiple_of(2) {
        let reason = Map::from_iter([("cancel_reason".into(), "Cliente desistiu da troca".into())]);
        return step(engine, support, &WARRANTY, &record, "cancel", reason).await.map(|_| ());
    }
    let label = Map::from_iter([
        ("return_carrier".into(), "Correios".into()),
        ("return_code".into(), format!("LR-{}-7", 88_412_093 + n).into()),
    ]);
    let record = step(engine, support, &WARRANTY, &record, "request_return", label).await?;
    if stage == 1 {
        return Ok(());
    }
    let arrived = Map::from_iter([
        ("return_received_at".into(), days_from(engine, -1).into()),
        ("erp_order".into(), (48_213 + n).to_string().into()),
    ]);
    let record = step(engine, support, &WARRANTY, &record, "generate", arrived).await?;
    if stage > 2 {
        step(engine, checker, &WARRANTY, &record, "check", Map::new()).await?;
    }
    Ok(())
}

async fn step(
    engine: &Engine,
    who: &Session,
    resource: &'static Resource,
    record: &Record,
    name: &str,
    input: Map<String, Json>,
) -> Result<Record, Problem> {
    write::step(
        engine,
        &who.gate(resource, name)?,
        Uuid::parse_str(record.id()).unwrap_or_default(),
        record.version(),
        name,
        &input,
    )
    .await
}

/// Today plus some days, as a canonical date.
fn days_from(engine: &Engine, days: i64) -> String {
    (engine.now() + TimeDelta::days(days)).date_naive().to_string()
}
