//! How often tokens are used. Calls are counted in memory and written in
//! batches; a crash forgets some seconds of counting and nothing else.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use conexao_domain::{
    identity::api_token::API_TOKEN,
    kernel::{canonical::write_instant, problem::Problem},
};
use conexao_storage::{Tenant, Tx, entity::token_usage};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Gate, jobs::Stop, read, refusal::Refused};

/// How often counts are written.
const EVERY: Duration = Duration::from_secs(10);
/// Different rows counted before they are written early.
const MOST: usize = 5_000;
/// Days that a report may look back, and for which counts are kept.
pub const DAYS: i64 = 90;

/// One answered call of a token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Call {
    pub tenant: Tenant,
    pub token: Uuid,
    /// Method and pattern, never ids: `GET /customers/{id}`.
    pub route: String,
    pub status: u16,
}

type Seen = (DateTime<Utc>, Option<String>);

#[derive(Debug, Default)]
struct Counted {
    calls: HashMap<(Call, DateTime<Utc>), i64>,
    seen: HashMap<(Tenant, Uuid), Seen>,
}

/// What was counted and not written yet.
#[derive(Debug, Default)]
pub(super) struct Counters(Mutex<Counted>);

impl Counters {
    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes when and from where a token came.
    pub fn seen(&self, tenant: Tenant, token: Uuid, address: Option<&str>, now: DateTime<Utc>) {
        self.lock().seen.insert((tenant, token), (now, address.map(str::to_owned)));
    }
}

impl super::Tokens {
    /// Counts an answered call.
    pub fn count(&self, call: Call, now: DateTime<Utc>) {
        let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
        let mut counted = self.usage.lock();
        if counted.calls.len() < MOST {
            *counted.calls.entry((call, hour)).or_default() += 1;
        }
    }

    /// Writes what was counted so far.
    pub async fn write(&self, engine: &Engine) -> Result<(), Problem> {
        let counted = std::mem::take(&mut *self.usage.lock());
        let mut tenants: Vec<Tenant> = counted.seen.keys().map(|(tenant, _)| *tenant).collect();
        tenants.extend(counted.calls.keys().map(|(call, _)| call.tenant));
        tenants.sort_unstable();
        tenants.dedup();
        for tenant in tenants {
            let tx = engine.db.write(tenant).await.refused()?;
            for ((call, hour), calls) in counted.calls.iter().filter(|((call, _), _)| call.tenant == tenant) {
                add(&tx, call, *hour, *calls).await?;
            }
            for ((_, token), seen) in counted.seen.iter().filter(|((of, _), _)| *of == tenant) {
                stamp(&tx, *token, seen).await?;
            }
            tx.commit().await.refused()?;
        }
        Ok(())
    }
}

async fn add(tx: &Tx, call: &Call, hour: DateTime<Utc>, calls: i64) -> Result<(), Problem> {
    use token_usage::Column::{Calls, Hour, Route, Status, TenantId, TokenId};
    let row = token_usage::ActiveModel {
        tenant_id: Set(call.tenant.0),
        token_id: Set(call.token),
        hour: Set(hour),
        route: Set(call.route.clone()),
        status: Set(call.status.into()),
        calls: Set(calls),
    };
    let more = Expr::col((token_usage::Entity, Calls)).add(calls);
    let add = OnConflict::columns([TenantId, TokenId, Hour, Route, Status]).value(Calls, more).to_owned();
    token_usage::Entity::insert(row).on_conflict(add).exec_without_returning(&**tx).await.refused().map(|_| ())
}

/// Not through the journal: being used changes nothing that anybody decided,
/// and a version per call would make every edit stale.
async fn stamp(tx: &Tx, token: Uuid, (at, address): &Seen) -> Result<(), Problem> {
    let mut update = Query::update();
    update
        .table(API_TOKEN.table)
        .value("last_used_at", *at)
        .value("last_used_ip", address.clone())
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(token));
    tx.execute(&update).await.refused().map(|_| ())
}

/// Writes counts every few seconds, and what is left at the stop.
pub(crate) async fn keep_writing(engine: Engine, mut stop: Stop) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.asked() => {}
        }
        if let Err(problem) = engine.tokens.write(&engine).await {
            tracing::warn!(%problem, "calls of tokens were not counted");
        }
        if stop.is_asked() {
            return;
        }
    }
}

/// Forgets counts that no report looks at.
pub(crate) async fn forget(engine: &Engine, tenant: Tenant) -> Result<(), Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let old = token_usage::Entity::delete_many()
        .filter(token_usage::Column::TenantId.eq(tenant.0))
        .filter(token_usage::Column::Hour.lt(engine.now() - TimeDelta::days(DAYS)));
    old.exec(&*tx).await.refused()?;
    tx.commit().await.refused()
}

/// Calls of a token the gate reaches, or of all it reaches: per day of the
/// tenant, per hour of the last day, by route and by status.
pub async fn report(engine: &Engine, gate: &Gate, token: Option<Uuid>, days: i64) -> Result<Json, Problem> {
    let days = days.clamp(1, DAYS);
    let now = engine.now();
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    if let Some(id) = token {
        read::load(&tx, gate, id).await?;
    }
    let mut reached = Query::select();
    reached
        .column("id")
        .from(API_TOKEN.table)
        .and_where(Expr::col("tenant_id").eq(gate.session.tenant.0))
        .cond_where(gate.rows());
    let mut query = token_usage::Entity::find()
        .filter(token_usage::Column::TenantId.eq(gate.session.tenant.0))
        .filter(token_usage::Column::Hour.gte(now - TimeDelta::days(days)))
        .filter(Expr::col("token_id").in_subquery(reached));
    if let Some(id) = token {
        query = query.filter(token_usage::Column::TokenId.eq(id));
    }
    let rows = query.all(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(folded(&rows, now, gate.session.time_zone))
}

fn folded(rows: &[token_usage::Model], now: DateTime<Utc>, zone: chrono_tz::Tz) -> Json {
    let hour = |at: DateTime<Utc>| at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at);
    let sum = |key: &dyn Fn(&token_usage::Model) -> Option<String>| {
        let mut sums: std::collections::BTreeMap<String, (i64, i64)> = std::collections::BTreeMap::new();
        for row in rows {
            let Some(key) = key(row) else { continue };
            let sum = sums.entry(key).or_default();
            sum.0 += row.calls;
            sum.1 += if row.status >= 400 { row.calls } else { 0 };
        }
        let shown =
            sums.into_iter().map(|(key, (calls, errors))| json!({ "key": key, "calls": calls, "errors": errors }));
        shown.collect::<Vec<_>>()
    };
    let since = hour(now) - TimeDelta::hours(23);
    let mut routes = sum(&|row| Some(row.route.clone()));
    routes.sort_by_key(|route| std::cmp::Reverse(route.get("calls").and_then(Json::as_i64)));
    routes.truncate(50);
    json!({
        "calls": rows.iter().map(|row| row.calls).sum::<i64>(),
        "errors": rows.iter().filter(|row| row.status >= 400).map(|row| row.calls).sum::<i64>(),
        "days": sum(&|row| Some(row.hour.with_timezone(&zone).date_naive().to_string())),
        "hours": sum(&|row| (row.hour >= since).then(|| write_instant(row.hour))),
        "routes": routes,
        "statuses": sum(&|row| Some(row.status.to_string())),
        "tokens": sum(&|row| (row.hour >= since).then(|| row.token_id.to_string())),
    })
}
