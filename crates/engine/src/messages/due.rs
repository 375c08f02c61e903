//! Which messages may be sent now, and taking one up.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{problem::Problem, record::Record},
};
use conexao_integrations::{email::Mail, retry};
use conexao_storage::{Tenant, Tx, table};
use sea_orm::{
    ConnectionTrait, Value,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{compose, outcome, suppress::suppressed};
use crate::{Engine, refusal::Refused};

/// How long whoever takes a message up has it. Longer than any conversation
/// with a mail server lasts: after it nobody knows what became of the message.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// How often messages look for a mail server that was not set up.
const UNCONFIGURED: TimeDelta = TimeDelta::minutes(5);

/// A message that was taken up.
#[derive(Debug)]
pub(super) struct Taken {
    pub tenant: Tenant,
    pub id: Uuid,
    pub record: Record,
    /// Until when it is ours; whoever finds another moment has lost it.
    pub until: DateTime<Utc>,
    pub mail: Mail,
}

/// Messages whose moment has come, the oldest first.
pub(super) async fn find(engine: &Engine, limit: usize) -> Result<Vec<(Tenant, Uuid)>, Problem> {
    let mut select = Query::select();
    select
        .columns(["tenant_id", "id"])
        .from(MESSAGE.table)
        .and_where(Expr::col("next_at").lte(engine.now()))
        .and_where(Expr::col("status").is_in(["queued", "sending"]))
        .and_where(Expr::col("deleted_at").is_null())
        .order_by("next_at", sea_orm::Order::Asc)
        .limit(u64::try_from(limit).unwrap_or(1));
    let tx = engine.db.system_read().await.refused()?;
    let rows = tx.query_all(&select).await.refused()?;
    tx.rollback().await.refused()?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((Tenant(row.try_get_by_index(0).refused()?), row.try_get_by_index(1).refused()?))
    };
    rows.iter().map(read).collect()
}

/// Takes a message up, unless somebody was faster or it is not to be sent.
pub(super) async fn take(engine: &Engine, tenant: Tenant, id: Uuid) -> Result<Option<Taken>, Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let now = engine.now();
    table::lock(&tx, &MESSAGE, id).await.refused()?;
    let record = table::by_ids(&tx, &MESSAGE, &[id], false).await.refused()?.pop();
    let due = |record: &Record| record.instant("next_at").is_some_and(|at| at <= now);
    let Some(record) = record.filter(due) else { return Ok(None) };
    if let Some((status, error, next_at)) = unsendable(engine, &tx, &record, now).await? {
        let row = outcome::Row { status, error: Some(error), next_at, ..outcome::Row::default() };
        outcome::write(&tx, id, &record, now, &row).await?;
        tx.commit().await.refused()?;
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
    let Ok(mail) = compose::mail(engine, &tx, &record, now).await else {
        let row = outcome::Row { status: "failed", error: Some("content".to_owned()), ..outcome::Row::default() };
        outcome::write(&tx, id, &record, now, &row).await?;
        tx.commit().await.refused()?;
        return Ok(None);
    };
    tx.commit().await.refused()?;
    Ok(Some(Taken { tenant, id, record, until, mail }))
}

type Verdict = (&'static str, String, Option<DateTime<Utc>>);

/// What becomes of a message that is not to be sent now: status, why, when to
/// look again.
async fn unsendable(engine: &Engine, tx: &Tx, record: &Record, now: DateTime<Utc>) -> Result<Option<Verdict>, Problem> {
    let end = |status: &'static str, why: &str| Some((status, why.to_owned(), None));
    if record.text("status") == Some("sending") {
        return Ok(end("unknown", "interrupted"));
    }
    if record.instant("expires_at").is_some_and(|at| at <= now) {
        return Ok(end("failed", "expired"));
    }
    if suppressed(tx, record.text("address").unwrap_or_default()).await? {
        return Ok(end("suppressed", "suppressed"));
    }
    if engine.mail.mailer.is_some() {
        return Ok(None);
    }
    let began = record.instant("begun_at").unwrap_or(now);
    let given_up = TimeDelta::from_std(retry::EMAIL.horizon).is_ok_and(|horizon| now - began > horizon);
    let why = outcome::NOT_CONFIGURED;
    Ok(if given_up { end("failed", why) } else { Some(("queued", why.to_owned(), Some(now + UNCONFIGURED))) })
}
