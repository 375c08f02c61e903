//! From an input to the rows the product would have written for it.

use chrono::{DateTime, Utc};
use conexao_domain::{
    after_sales::warranty::WARRANTY,
    customers::customer::CUSTOMER,
    kernel::{
        canonical::write_instant,
        plan::{self, Facts},
        record::Record,
        resource::Resource,
    },
};
use conexao_storage::search;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{customer, random::Random, warranty};

/// A record with its search text.
#[derive(Debug)]
pub struct Row {
    pub record: Record,
    pub search: String,
}

fn facts(now: DateTime<Utc>) -> Facts {
    Facts {
        now,
        today: now.date_naive(),
        zone: chrono_tz::America::Sao_Paulo,
        actor: Uuid::nil().to_string(),
        ..Facts::default()
    }
}

fn record(
    resource: &Resource,
    input: &Map<String, Json>,
    id: Uuid,
    at: DateTime<Utc>,
    by: Option<Uuid>,
) -> anyhow::Result<Record> {
    let planned = plan::create(resource, input, &facts(at));
    let mut record = planned.map_err(|problem| anyhow::anyhow!("generated input is refused: {problem:?}"))?;
    record.set("id", id.to_string());
    record.set("version", 1);
    record.set("created_at", write_instant(at));
    record.set("updated_at", write_instant(at));
    record.set("created_by", by.map(|id| id.to_string()));
    for (field, _) in resource.lines() {
        let lines = record.lines(field.name).into_iter().enumerate().map(|(i, mut line)| {
            let purpose =
                u64::try_from(field.name.len()).unwrap_or_default() * 1000 + u64::try_from(i).unwrap_or_default();
            let seed = u64::try_from(id.as_u128() & u128::from(u64::MAX)).unwrap_or_default();
            line.set("id", customer::id(purpose, seed, at).to_string());
            Json::Object(line.0)
        });
        let lines: Vec<Json> = lines.collect();
        record.set(field.name, lines);
    }
    Ok(record)
}

/// The `n`-th of `of` customers.
pub fn customer(n: u64, of: u64, team: &[Uuid]) -> anyhow::Result<Row> {
    let by = Random::new(21, n).pick(team);
    let at = customer::created_at(n, of);
    let mut record = record(&CUSTOMER, &customer::input(n, team), customer::own_id(n, of), at, by)?;
    record.set("status", customer::status(n));
    let search = search::text(&CUSTOMER, &record, &[]);
    Ok(Row { record, search })
}

/// The `n`-th warranty request.
pub fn warranty(n: u64, counts: warranty::Counts, team: &[Uuid]) -> anyhow::Result<Row> {
    let by = Random::new(22, n).pick(team);
    let (id, at) = (warranty::own_id(n, counts), warranty::created_at(n, counts));
    let mut record = record(&WARRANTY, &warranty::input(n, counts, team), id, at, by)?;
    record.set("status", warranty::status(n));
    record.set("number", warranty::number(n));
    record.set("marker", format!("{}1", warranty::prefix(n)));
    let search = search::text(&WARRANTY, &record, &[customer::name(warranty::customer(n, counts))]);
    Ok(Row { record, search })
}
