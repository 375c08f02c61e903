//! Which messages may be sent now, and taking one up.

use async_recursion::async_recursion;
use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{problem::Problem, record::Record},
};
use conexao_storage::{Tenant, Tx, table};
use sea_orm::{
    ConnectionTrait, Statement, Value,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{
    content::{self, Content},
    outcome, pauses,
    suppress::{captured, suppressed},
    ways::{self, Channel, Unready, Way},
};
use crate::{Engine, refusal::Refused, tenants};

/// How long whoever takes a message up has it. Longer than any conversation
/// with a server lasts: after it nobody knows what became of the message.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// How often messages look for a way out that was not set up.
const UNCONFIGURED: TimeDelta = TimeDelta::minutes(5);

/// A message that was taken up.
#[derive(Debug)]
pub(super) struct Taken {
    pub tenant: Tenant,
    pub id: Uuid,
    pub record: Record,
    /// Until when it is ours; whoever finds another moment has lost it.
    pub until: DateTime<Utc>,
    pub content: Content,
    pub way: Box<dyn Way>,
}

/// What is looked for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// What lets somebody in.
    Account,
    Any,
}

/// Messages whose moment has come, the oldest first; none of companies that are
/// suspended or `full`, or of ways that are paused or have just been used as
/// often as may be.
#[async_recursion]
pub(super) async fn find(
    engine: &Engine,
    sort: Sort,
    limit: usize,
    full: &[i32],
) -> Result<Vec<(Tenant, Uuid)>, Problem> {
    let others =
        if full.is_empty() { String::new() } else { format!("AND m.tenant_id NOT IN ({}) ", tenants::numbers(full)) };
    let sort = if sort == Sort::Account { "AND m.category = 'account' " } else { "" };
    let active = tenants::active("m");
    let sql = format!(
        "SELECT m.tenant_id, m.id FROM message m WHERE m.next_at <= $1 AND m.status IN ('queued', 'sending') \
         {sort}AND m.deleted_at IS NULL AND {active} {others}AND NOT EXISTS (SELECT 1 FROM channel_state s WHERE s.tenant_id = m.tenant_id \
         AND s.channel = m.channel AND (s.paused_at IS NOT NULL OR s.free_at > $1)) ORDER BY m.next_at LIMIT {limit}"
    );
    let moment = [Value::ChronoDateTimeUtc(Some(engine.now()))];
    let tx = engine.db.system_read().await.refused()?;
    let rows =
        tx.query_all_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, moment)).await.refused()?;
    tx.rollback().await.refused()?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((Tenant(row.try_get_by_index(0).refused()?), row.try_get_by_index(1).refused()?))
    };
    rows.iter().map(read).collect()
}

/// Takes a message up, unless somebody was faster or it is not to be sent.
#[async_recursion]
pub(super) async fn take(engine: &Engine, tenant: Tenant, id: Uuid) -> Result<Option<Taken>, Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let now = engine.now();
    table::lock(&tx, &MESSAGE, id).await.refused()?;
    let record = table::by_ids(&tx, &MESSAGE, &[id], false).await.refused()?.pop();
    let due = |record: &Record| record.instant("next_at").is_some_and(|at| at <= now);
    let Some(record) = record.filter(due) else { return Ok(None) };
    let (content, way) = match ready(engine, &tx, &record, now).await? {
        Ok(ready) => ready,
        Err((status, error, next_at)) => {
            let row = outcome::Row { status, error: Some(error), next_at, ..outcome::Row::default() };
            outcome::write(&tx, id, &record, now, &row).await?;
            tx.commit().await.refused()?;
            return Ok(None);
        }
    };
    if !pauses::may_go(&tx, Channel::of(&record), now).await? {
        return Ok(None);
    }
    let until = now + LEASE;
    let mut update = Query::update();
    update
        .table(MESSAGE.table)
        .value("status", "sending")
        .value("attempts", Expr::cust("COALESCE(attempts, 0) + 1"))
        .value("next_at", Value::ChronoDateTimeUtc(Some(until)))
        .and_where(Expr::col("tenant_id").eq(tenant.0))
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("status").eq("queued"));
    if tx.execute(&update).await.refused()?.rows_affected() != 1 {
        return Ok(None);
    }
    tx.commit().await.refused()?;
    Ok(Some(Taken { tenant, id, record, until, content, way }))
}

/// Leaves a message that could not be taken up for later.
pub(super) async fn put_off(engine: &Engine, tenant: Tenant, id: Uuid) -> Result<(), Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let mut update = Query::update();
    update
        .table(MESSAGE.table)
        .value("next_at", Value::ChronoDateTimeUtc(Some(engine.now() + UNCONFIGURED)))
        .and_where(Expr::col("tenant_id").eq(tenant.0))
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("status").eq("queued"));
    tx.execute(&update).await.refused()?;
    tx.commit().await.refused()
}

type Verdict = (&'static str, String, Option<DateTime<Utc>>);

/// What it says and the way it goes; or what becomes of a message that is not
/// to be sent now: status, why, when to look again.
async fn ready(
    engine: &Engine,
    tx: &Tx,
    record: &Record,
    now: DateTime<Utc>,
) -> Result<Result<(Content, Box<dyn Way>), Verdict>, Problem> {
    let end = |status: &'static str, why: &str| Ok(Err((status, why.to_owned(), None)));
    if record.text("status") == Some("sending") {
        return end("unknown", "interrupted");
    }
    if record.instant("expires_at").is_some_and(|at| at <= now) {
        return end("failed", "expired");
    }
    if let Some(reason) = suppressed(tx, record).await? {
        return end("suppressed", &reason);
    }
    let Ok(content) = content::of(engine, tx, record).await else { return end("failed", "content") };
    let way = ways::of(engine, tx, record, &content, now).await;
    // It stays in the list, to be read there.
    if way.is_ok() && captured(engine, tx, record).await? {
        return end("suppressed", "sandbox");
    }
    match way {
        Ok(way) => Ok(Ok((content, way))),
        Err(Unready::Never(why)) => end("failed", why),
        Err(Unready::Problem(problem)) => Err(problem),
        Err(Unready::NotConfigured) => Ok(Err(unconfigured(record, now))),
    }
}

fn unconfigured(record: &Record, now: DateTime<Utc>) -> Verdict {
    let began = record.instant("begun_at").unwrap_or(now);
    let horizon = TimeDelta::from_std(Channel::of(record).schedule().horizon);
    let why = outcome::NOT_CONFIGURED.to_owned();
    let given_up = horizon.is_ok_and(|horizon| now - began > horizon);
    if given_up { ("failed", why, None) } else { ("queued", why, Some(now + UNCONFIGURED)) }
}
