//! Customers and warranties, taken through their flow by the people who do it.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    after_sales::warranty::WARRANTY,
    customers::customer::CUSTOMER,
    kernel::{problem::Problem, record::Record, resource::Resource},
};
use conexao_engine::{Engine, Session, identity, write};
use conexao_storage::Tenant;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    people,
    story::{self, Act, StoryClock},
};

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
    let clock = StoryClock::default();
    let now = engine.now();
    clock.set(now);
    let engine = &engine.clone().with_clock(clock.clone());
    let mut sessions = Vec::new();
    for user in team {
        sessions.push(identity::session_of(engine, tenant, *user).await?);
    }
    let [admin, support, checker, ..] = sessions.as_slice() else { return Ok(()) };
    let (customers, requests) = (Vec::new(), Vec::new());
    let mut scene = Scene { engine, admin, support, checker, now, customers, requests };
    for (at, act) in story::plan(now, CUSTOMERS, WARRANTIES) {
        clock.set(at);
        scene.play(act).await?;
    }
    Ok(())
}

/// Who acts, and on what.
struct Scene<'a> {
    engine: &'a Engine,
    admin: &'a Session,
    support: &'a Session,
    checker: &'a Session,
    now: DateTime<Utc>,
    customers: Vec<Record>,
    requests: Vec<Record>,
}

impl Scene<'_> {
    async fn play(&mut self, act: Act) -> Result<(), Problem> {
        match act {
            Act::Arrive(n) => {
                let gate = self.support.gate(&CUSTOMER, "create")?;
                self.customers.push(write::create(self.engine, &gate, &people::customer(n)).await?);
            }
            Act::Block(n) => {
                let Some(customer) = self.customers.get(n) else { return Ok(()) };
                let reason = Map::from_iter([("block_reason".into(), "Endereço de fraude confirmada".into())]);
                step(self.engine, self.admin, &CUSTOMER, customer, "block", reason).await?;
            }
            Act::Open(n) => self.open(n).await?,
            Act::Cancel(n) => {
                let reason = Map::from_iter([("cancel_reason".into(), "Cliente desistiu da troca".into())]);
                self.advance(n, self.support, "cancel", reason).await?;
            }
            Act::RequestReturn(n) => {
                let label = Map::from_iter([
                    ("return_carrier".into(), "Correios".into()),
                    ("return_code".into(), format!("LR-{}-7", 88_412_093 + n).into()),
                ]);
                self.advance(n, self.support, "request_return", label).await?;
            }
            Act::Generate(n) => {
                let arrived = Map::from_iter([
                    ("return_received_at".into(), self.engine.now().date_naive().to_string().into()),
                    ("erp_order".into(), (48_213 + n).to_string().into()),
                ]);
                self.advance(n, self.support, "generate", arrived).await?;
            }
            Act::Check(n) => self.advance(n, self.checker, "check", Map::new()).await?,
        }
        Ok(())
    }

    async fn open(&mut self, n: usize) -> Result<(), Problem> {
        let Some(customer) = self.customers.get(n * 5 % (CUSTOMERS - 1)) else { return Ok(()) };
        let owner = if n.is_multiple_of(2) { self.support } else { self.admin };
        let input = warranty(self.now, n, customer, owner.user);
        let gate = self.support.gate(&WARRANTY, "create")?;
        self.requests.push(write::create(self.engine, &gate, &input).await?);
        Ok(())
    }

    async fn advance(&mut self, n: usize, who: &Session, name: &str, input: Map<String, Json>) -> Result<(), Problem> {
        if let Some(request) = self.requests.get_mut(n) {
            *request = step(self.engine, who, &WARRANTY, request, name, input).await?;
        }
        Ok(())
    }
}

fn warranty(now: DateTime<Utc>, n: usize, customer: &Record, owner: Uuid) -> Map<String, Json> {
    let items: Vec<Json> = (0..=n % 3).filter_map(|i| {
        let (sku, product, version, price) = pick(PRODUCTS, n + i * 2)?;
        Some(json!({ "sku": sku, "product": product, "product_version": version, "serial": format!("{version}-{:07}", 93_317 + n * 101 + i), "reason": pick(REASONS, n + i), "quantity": 1000, "unit_price": price }))
    }).collect();
    let mut input = Map::from_iter([
        ("kind".to_owned(), Json::from(if n % 3 == 1 { "exchange" } else { "warranty" })),
        ("customer_id".to_owned(), customer.id().into()),
        ("order_number".to_owned(), (118_400 + n * 17).to_string().into()),
        ("channel".to_owned(), pick(CHANNELS, n).into()),
        ("deadline".to_owned(), days_from(now, i64::try_from(n % 14).unwrap_or_default() - 5).into()),
        ("owner_id".to_owned(), owner.to_string().into()),
        ("items".to_owned(), items.into()),
    ]);
    if n % 6 == 5 {
        let other = json!({ "other_address": true, "delivery_cep": "20010000", "delivery_street": "Rua da Glória", "delivery_number": "44", "delivery_city": "Rio de Janeiro", "delivery_uf": "RJ" });
        input.extend(other.as_object().cloned().unwrap_or_default());
    }
    input
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

/// A day so many days from `now`, as a canonical date.
fn days_from(now: DateTime<Utc>, days: i64) -> String {
    (now + TimeDelta::days(days)).date_naive().to_string()
}
