//! Valid input for every resource, made from its declaration, so that a new
//! resource is tested by every general test without a line of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Days, NaiveDate};
use conexao_domain::{
    kernel::{
        field::{Field, Kind, Writer},
        resource::Resource,
        value::{Cnpj, Cpf},
    },
    registry,
};
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value as Json, json};

use super::Client;

/// A valid CPF; another number, another CPF.
pub fn cpf(n: usize) -> String {
    complete(&format!("{:09}", (234_567_891 + n * 7919) % 1_000_000_000), |text| Cpf::parse(text).is_ok())
}

/// A valid CNPJ; another number, another CNPJ.
pub fn cnpj(n: usize) -> String {
    complete(&format!("{:08}0001", (23_456_789 + n * 7919) % 100_000_000), |text| Cnpj::parse(text).is_ok())
}

fn complete(body: &str, valid: impl Fn(&str) -> bool) -> String {
    (0..100).map(|digits| format!("{body}{digits:02}")).find(|text| valid(text)).expect("check digits exist")
}

/// Tells samples apart, so that unique values are.
static NEXT: AtomicUsize = AtomicUsize::new(1);

/// Input with every field that people may write.
pub fn full_input(client: &Client, resource: &'static Resource) -> LocalBoxFuture<'static, Json> {
    input(client.clone(), resource, NEXT.fetch_add(1, Ordering::Relaxed), true)
}

/// Input with the required fields alone.
pub fn least_input(client: &Client, resource: &'static Resource) -> LocalBoxFuture<'static, Json> {
    input(client.clone(), resource, NEXT.fetch_add(1, Ordering::Relaxed), false)
}

/// Fields that a rule asks for, and those it does not let stand beside them.
const NEEDED: &[(&str, &str)] = &[("message", "address"), ("privacy_request", "document"), ("suppression", "address")];
const EXCLUDED: &[(&str, &str)] = &[("suppression", "phone")];

fn input(client: Client, resource: &'static Resource, n: usize, full: bool) -> LocalBoxFuture<'static, Json> {
    Box::pin(async move {
        let mut input = Map::new();
        let asked = |f: &Field| f.required || NEEDED.contains(&(resource.name, f.name));
        let wanted = |f: &&Field| {
            f.writer != Writer::System && (full || asked(f)) && !EXCLUDED.contains(&(resource.name, f.name))
        };
        for field in resource.fields.iter().filter(wanted) {
            let value = value(&client, field, &format!("{}.{}", resource.name, field.name), n, full).await;
            input.insert(field.name.to_owned(), value);
        }
        Json::Object(input)
    })
}

async fn value(client: &Client, field: &Field, path: &str, n: usize, full: bool) -> Json {
    if let Some(value) = special(path, n) {
        return value;
    }
    if path == "absence.substitute_id" {
        // Whoever may name a substitute of their own company.
        return json!(client.app.colleague(client.id, "gerente").id);
    }
    if field.name == "username" {
        return json!(format!("username.{n}"));
    }
    match field.kind {
        Kind::Text { max } | Kind::LongText { max } => {
            format!("{} {n}", field.name).chars().take(max).collect::<String>().into()
        }
        Kind::Integer { min, .. } => json!(min.max(1)),
        Kind::Money => json!(1990),
        Kind::Rate => json!(250),
        Kind::Quantity => json!(1000),
        Kind::Boolean => json!(false),
        Kind::Date => json!("2026-03-09"),
        Kind::Instant => json!("2026-03-09T12:00:00.000Z"),
        Kind::CpfCnpj => json!(cpf(n)),
        Kind::Phone => json!(format!("+55119{n:08}")),
        Kind::Cep => json!("01310100"),
        Kind::Email => json!(format!("{}{n}@example.com", field.name)),
        Kind::Uf => json!("SP"),
        Kind::Municipality => json!("3550308"),
        Kind::Choice(options) => options.first().copied().into(),
        Kind::Reference(target) => {
            let target = registry::by_name(target).unwrap();
            let input = least_input(client, target).await;
            client.create(target, input).await["id"].clone()
        }
        Kind::User => json!(client.id),
        Kind::Tags => json!(["Sample", format!("tag {n}")]),
        Kind::Lines(lines) => {
            let mut line = Map::new();
            for field in lines.fields.iter().filter(|f| f.writer != Writer::System && (full || f.required)) {
                let value = Box::pin(value(client, field, &format!("{path}.{}", field.name), n, full)).await;
                line.insert(field.name.to_owned(), value);
            }
            json!([line])
        }
        Kind::State => Json::Null,
    }
}

/// A day from which samples count.
fn first_day() -> NaiveDate {
    "2026-06-01".parse().unwrap()
}

/// Values that a rule of the resource asks for.
fn special(path: &str, n: usize) -> Option<Json> {
    Some(match path {
        "customer.contacts.value" => json!(format!("+55119{:08}", 10_000_000 + n)),
        "role.grants.permission" | "api_token.scopes.permission" => json!("customer.read"),
        "api_token.networks.network" => json!("0.0.0.0/0"),
        // Of the same person, so that no two may touch.
        "absence.starts_on" | "absence.ends_on" => {
            json!((first_day() + Days::new(u64::try_from(n).unwrap())).to_string())
        }
        "webhook_subscription.url" => json!(format!("https://example.com/{n}")),
        "webhook_subscription.events.event" => json!("customer.create"),
        "webhook_subscription.filter" => json!("filter[status]=active"),
        "user.username" => json!(format!("username.{n}")),
        _ => return None,
    })
}
