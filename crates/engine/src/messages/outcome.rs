//! What follows from an answer, or from none.

use async_recursion::async_recursion;
use chrono::{DateTime, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{problem::Problem, record::Record},
};
use conexao_integrations::outcome::Next;
use conexao_storage::{Tenant, Tx};
use sea_orm::{
    ConnectionTrait, Value,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    browsers, content,
    due::Taken,
    events::{self, News},
    pauses, suppress,
    ways::{Channel, Failed, Receipt},
};
use crate::{
    Engine, Session, Write,
    live::{Event, Kind},
    refusal::Refused,
};

/// Why messages wait where no way out is set up.
pub(super) const NOT_CONFIGURED: &str = "not_configured";

/// Where a message stands after an attempt or a report.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub status: &'static str,
    pub error: Option<String>,
    /// `None` when nothing is left to do.
    pub next_at: Option<DateTime<Utc>>,
    pub receipt: Option<Receipt>,
    pub delivered_at: Option<DateTime<Utc>>,
}

/// Notes how an attempt ended.
#[async_recursion]
pub(super) async fn note(engine: &Engine, taken: &Taken, answer: Result<Receipt, Failed>) -> Result<(), Problem> {
    let session = Session::system(taken.tenant, "Conexão");
    let mut write = Write::begin(engine, &session).await?;
    events::note(&write.tx, taken.id, write.now, attempt(taken, &answer)).await?;
    if !is_ours(&write.tx, taken).await? {
        // The lease had ended, or the provider was faster than its answer.
        keep_identity(&write.tx, taken.id, answer.as_ref().ok()).await?;
        return write.commit(200, &serde_json::Value::Null).await;
    }
    let failed = answer.as_ref().err().map(|failed| (failed.next, failed.soft));
    let error = answer.as_ref().err().map(|failed| failed.code.clone());
    let row = row(taken, answer, write.now);
    let status = row.status;
    self::write(&write.tx, taken.id, &taken.record, write.now, &row).await?;
    // A person's own hook or browser says nothing about the way as a whole.
    let personal = taken.record.text("user_id").is_some() && failed.is_some_and(|(next, _)| next == Next::Disable);
    if !personal {
        let next = failed.map(|(next, _)| next);
        pauses::note_health(&write.tx, Channel::of(&taken.record), next, error, write.now).await?;
    }
    match failed {
        None => content::settle(engine, &write.tx, &taken.record, &taken.content).await?,
        Some((next, soft)) => consequence(&mut write, taken, next, soft, status).await?,
    }
    write.commit(200, &serde_json::Value::Null).await?;
    tell(engine, taken.tenant, taken.id, taken.record.version() + 1, status).await;
    Ok(())
}

/// What a refusal means for whoever was written to.
async fn consequence(write: &mut Write, taken: &Taken, next: Next, soft: bool, status: &str) -> Result<(), Problem> {
    let reason = match next {
        Next::Suppress => Some("hard_bounce"),
        Next::OptOut => Some("opt_out"),
        _ if soft && status == "failed" && suppress::soft(write, &taken.record).await? => Some("soft_bounces"),
        _ => None,
    };
    if let Some(reason) = reason {
        suppress::add(write, &taken.record, reason).await?;
    }
    if next == Next::Disable && Channel::of(&taken.record) == Channel::Push {
        browsers::gone(&write.tx, taken.id).await?;
    }
    if next == Next::Alert {
        let (tenant, channel) = (taken.tenant.0, Channel::of(&taken.record).as_str());
        tracing::error!(tenant, channel, message.id = %taken.id, "a way out is set up wrongly");
    }
    if matches!(status, "bounced" | "suppressed") {
        content::forget(&write.tx, taken.id).await?;
    }
    Ok(())
}

fn attempt(taken: &Taken, answer: &Result<Receipt, Failed>) -> News {
    let number = taken.record.integer("attempts").unwrap_or(0) + 1;
    let (status, code, detail) = match answer {
        Ok(receipt) => ("sent", receipt.provider_status.clone(), receipt.provider_id.clone()),
        Err(failed) => ("failed", Some(failed.code.clone()), None),
    };
    // A message sent again by hand counts its attempts anew.
    let key = format!("attempt:{number}:{}", taken.until.timestamp_millis());
    News { kind: "attempt", status: status.to_owned(), code, detail, key }
}

/// Tells those who look at the message that it moved.
pub(super) async fn tell(engine: &Engine, tenant: Tenant, id: Uuid, version: i64, action: &str) {
    let told = json!({ "resource": MESSAGE.name, "id": id, "version": version, "action": action, "actor_id": null });
    engine.hub.publish(&engine.db, vec![Event::new(tenant.0, Kind::Record, None, told)]).await;
}

fn row(taken: &Taken, answer: Result<Receipt, Failed>, now: DateTime<Utc>) -> Row {
    let failed = match answer {
        Ok(receipt) => return Row { status: "sent", receipt: Some(receipt), ..Row::default() },
        Err(failed) => failed,
    };
    let status = match failed.next {
        Next::Retry { .. } | Next::Alert => "queued",
        Next::Unknown => "unknown",
        Next::Suppress => "bounced",
        Next::OptOut => "suppressed",
        Next::Disable | Next::Drop => "failed",
    };
    let wait = if let Next::Retry { after } = failed.next { after } else { None };
    let next_at = if status == "queued" { again(&taken.record, now, 1, wait) } else { None };
    let status = if status == "queued" && next_at.is_none() { "failed" } else { status };
    Row { status, error: Some(failed.code), next_at, ..Row::default() }
}

/// When to try again, if the channel's schedule has room for it; `now_failed`
/// attempts are not counted on the record yet.
pub(super) fn again(
    record: &Record,
    now: DateTime<Utc>,
    now_failed: u32,
    wait: Option<std::time::Duration>,
) -> Option<DateTime<Utc>> {
    let tried = record.integer("attempts").and_then(|n| u32::try_from(n).ok()).unwrap_or(0) + now_failed;
    let began = record.instant("begun_at").unwrap_or(now);
    Channel::of(record).schedule().next(began, now, Ord::max(tried, 1), rand::random(), wait)
}

async fn is_ours(tx: &Tx, taken: &Taken) -> Result<bool, Problem> {
    let mut select = Query::select();
    select
        .column("id")
        .from(MESSAGE.table)
        .and_where(Expr::col("tenant_id").eq(taken.tenant.0))
        .and_where(Expr::col("id").eq(taken.id))
        .and_where(Expr::col("status").eq("sending"))
        .and_where(Expr::col("next_at").eq(taken.until));
    Ok(tx.query_one(&select).await.refused()?.is_some())
}

/// The provider's name of a message, where nobody noted it before.
async fn keep_identity(tx: &Tx, id: Uuid, receipt: Option<&Receipt>) -> Result<(), Problem> {
    let Some(sid) = receipt.and_then(|receipt| receipt.provider_id.clone()) else { return Ok(()) };
    let mut update = Query::update();
    update
        .table(MESSAGE.table)
        .value("provider_id", sid)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("provider_id").is_null());
    tx.execute(&update).await.refused().map(|_| ())
}

/// Writes where a message stands.
pub(super) async fn write(tx: &Tx, id: Uuid, before: &Record, now: DateTime<Utc>, row: &Row) -> Result<(), Problem> {
    let sent = (row.status == "sent").then_some(now).or_else(|| before.instant("sent_at"));
    let mut update = Query::update();
    update
        .table(MESSAGE.table)
        .value("status", row.status)
        .value("error", Value::String(row.error.clone()))
        .value("next_at", Value::ChronoDateTimeUtc(row.next_at))
        .value("sent_at", Value::ChronoDateTimeUtc(sent))
        .value("finished_at", Value::ChronoDateTimeUtc(row.next_at.is_none().then_some(now)))
        .value("updated_at", now)
        .value("version", Expr::col("version").add(1))
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(id));
    if let Some(receipt) = &row.receipt {
        update
            .value("provider_id", Value::String(receipt.provider_id.clone()))
            .value("provider_status", Value::String(receipt.provider_status.clone()))
            .value("segments", Value::BigInt(receipt.segments.map(i64::from)));
    }
    if let Some(at) = row.delivered_at {
        update.value("delivered_at", at);
    }
    tx.execute(&update).await.refused().map(|_| ())
}
