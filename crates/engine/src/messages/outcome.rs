//! What follows from the mail server's answer, or from none.

use chrono::{DateTime, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{problem::Problem, record::Record},
};
use conexao_integrations::{email::MailError, outcome::Next, retry};
use conexao_storage::Tx;
use sea_orm::{
    ConnectionTrait, Value,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::json;
use uuid::Uuid;

use super::{due::Taken, suppress};
use crate::{
    Engine, Session, Write,
    live::{Event, Kind},
    refusal::Refused,
};

/// Why messages wait where no mail server is set up.
pub(super) const NOT_CONFIGURED: &str = "not_configured";

/// Where a message stands after an attempt.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub status: &'static str,
    pub error: Option<String>,
    pub provider_id: Option<String>,
    /// `None` when nothing is left to do.
    pub next_at: Option<DateTime<Utc>>,
}

/// Notes how an attempt ended.
pub(super) async fn note(engine: &Engine, taken: &Taken, answer: Result<String, MailError>) -> Result<(), Problem> {
    let session = Session::system(taken.tenant, "Conexão");
    let mut write = Write::begin(engine, &session).await?;
    let next = answer.as_ref().err().map(MailError::next);
    if next == Some(Next::Alert) {
        tracing::error!(code = answer.as_ref().err().map(MailError::code), "the mail server is set up wrongly");
    }
    let soft = matches!(&answer, Err(MailError::Refused { class, .. }) if class.is_soft_bounce());
    let row = row(taken, answer, write.now);
    let status = row.status;
    if !write_if_ours(&write.tx, taken, write.now, &row).await? {
        // The lease had ended: it counts as unknown already.
        return Ok(());
    }
    let reason = match next {
        Some(Next::Suppress) => Some("hard_bounce"),
        _ if soft && suppress::soft(&write, &taken.record).await? => Some("soft_bounces"),
        _ => None,
    };
    if let Some(reason) = reason {
        suppress::add(&mut write, taken.record.text("address").unwrap_or_default(), reason).await?;
    }
    write.commit(200, &serde_json::Value::Null).await?;
    let version = taken.record.version() + 1;
    let told =
        json!({ "resource": MESSAGE.name, "id": taken.id, "version": version, "action": status, "actor_id": null });
    engine.hub.publish(&engine.db, vec![Event::new(taken.tenant.0, Kind::Record, None, told)]).await;
    Ok(())
}

fn row(taken: &Taken, answer: Result<String, MailError>, now: DateTime<Utc>) -> Row {
    let error = match answer {
        Ok(said) => return Row { status: "sent", provider_id: Some(said), ..Row::default() },
        Err(error) => error,
    };
    let status = match error.next() {
        Next::Retry { .. } | Next::Alert => "queued",
        Next::Unknown => "unknown",
        Next::Suppress | Next::OptOut => "bounced",
        Next::Disable | Next::Drop => "failed",
    };
    let wait = if let Next::Retry { after } = error.next() { after } else { None };
    let tried = taken.record.integer("attempts").and_then(|n| u32::try_from(n).ok()).unwrap_or(0) + 1;
    let began = taken.record.instant("begun_at").unwrap_or(now);
    let next_at = retry::EMAIL.next(began, now, tried, rand::random(), wait).filter(|_| status == "queued");
    let status = if status == "queued" && next_at.is_none() { "failed" } else { status };
    Row { status, error: Some(described(&error)), provider_id: None, next_at }
}

/// The code of a failure with the server's own code; not its words, which may
/// name the recipient.
fn described(error: &MailError) -> String {
    match error {
        MailError::Refused { code, .. } => format!("{} {code}", error.code()),
        _ => error.code().to_owned(),
    }
}

async fn write_if_ours(tx: &Tx, taken: &Taken, now: DateTime<Utc>, row: &Row) -> Result<bool, Problem> {
    let mut select = Query::select();
    select
        .column("id")
        .from(MESSAGE.table)
        .and_where(Expr::col("tenant_id").eq(taken.tenant.0))
        .and_where(Expr::col("id").eq(taken.id))
        .and_where(Expr::col("status").eq("sending"))
        .and_where(Expr::col("next_at").eq(taken.until));
    if tx.query_one(&select).await.refused()?.is_none() {
        return Ok(false);
    }
    write(tx, taken.id, &taken.record, now, row).await.map(|()| true)
}

/// Writes where a message stands; what filled it is forgotten once it can no
/// longer be sent again.
pub(super) async fn write(tx: &Tx, id: Uuid, before: &Record, now: DateTime<Utc>, row: &Row) -> Result<(), Problem> {
    let sent = (row.status == "sent").then_some(now).or_else(|| before.instant("sent_at"));
    let mut update = Query::update();
    update
        .table(MESSAGE.table)
        .value("status", row.status)
        .value("error", Value::String(row.error.clone()))
        .value("provider_id", Value::String(row.provider_id.clone()))
        .value("next_at", Value::ChronoDateTimeUtc(row.next_at))
        .value("sent_at", Value::ChronoDateTimeUtc(sent))
        .value("finished_at", Value::ChronoDateTimeUtc(row.next_at.is_none().then_some(now)))
        .value("updated_at", now)
        .value("version", Expr::col("version").add(1))
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(id));
    tx.execute(&update).await.refused()?;
    if matches!(row.status, "queued" | "failed" | "unknown") {
        return Ok(());
    }
    let mut forget = Query::delete();
    forget
        .from_table("message_content")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("message_id").eq(id));
    tx.execute(&forget).await.refused().map(|_| ())
}
