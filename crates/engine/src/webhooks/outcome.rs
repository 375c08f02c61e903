//! What follows from an answer, or from none.

use async_recursion::async_recursion;
use std::time::Duration;

use chrono::{DateTime, Utc};
use conexao_domain::{
    integration::{
        delivery::{DELIVERY, PING},
        webhook::WEBHOOK,
    },
    kernel::problem::{Code, Problem},
};
use conexao_integrations::retry;
use sea_orm::{
    ConnectionTrait, Value,
    sea_query::{Expr, ExprTrait, Query, UpdateStatement},
};
use serde_json::{Map, json};

use super::{due::Taken, sender::Answered};
use crate::{
    Engine, Session, Write,
    live::{Event, Kind},
    refusal::Refused,
    write,
};

/// Bytes kept of an answer's body and of its headers.
const BODY: usize = 4_096;
const HEADERS: usize = 4_096;

/// Where a delivery stands after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Delivered,
    At(DateTime<Utc>),
    /// Tried for a day, or a test.
    Failed,
}

/// Notes how an attempt ended; after a day of failures the subscription is
/// disabled and its administrators are told.
#[async_recursion]
pub(super) async fn note(engine: &Engine, taken: &Taken, answer: &Answered, took: Duration) -> Result<(), Problem> {
    let session = Session::system(taken.tenant, "Conexão");
    let mut write = Write::begin(engine, &session).await?;
    let ok = answer.error.is_none();
    let test = taken.delivery.text("event") == Some(PING);
    let next = match again(taken, answer, write.now).filter(|_| !test) {
        _ if ok => Next::Delivered,
        Some(at) => Next::At(at),
        None => Next::Failed,
    };
    if !keep(&write, taken, next, answer, took).await? {
        // Cancelled meanwhile, or somebody else has it.
        return Ok(());
    }
    if !test {
        health(&write, taken, ok).await?;
        if next == Next::Failed {
            disable(engine, &mut write, taken).await?;
        }
    }
    write.commit(200, &serde_json::Value::Null).await?;
    let version = taken.delivery.version() + 1;
    let told =
        json!({ "resource": DELIVERY.name, "id": taken.id, "version": version, "action": "send", "actor_id": null });
    engine.hub.publish(&engine.db, vec![Event::new(taken.tenant.0, Kind::Record, None, told)]).await;
    Ok(())
}

/// When to try again; `None` after a day, or where it is pointless.
fn again(taken: &Taken, answer: &Answered, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let failures = taken.delivery.integer("attempts").and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
    let began = taken.delivery.instant("begun_at").unwrap_or(now);
    let next = retry::WEBHOOK.next(began, now, failures, rand::random(), answer.retry_after);
    next.filter(|_| !answer.hopeless)
}

/// Keeps request and answer on the delivery if it is still ours.
async fn keep(write: &Write, taken: &Taken, next: Next, answer: &Answered, took: Duration) -> Result<bool, Problem> {
    let (status, next_at) = match next {
        Next::Delivered => ("delivered", None),
        Next::At(at) => ("pending", Some(at)),
        Next::Failed => ("failed", None),
    };
    let mut update = one(DELIVERY.table, taken.tenant.0, taken.id);
    update
        .value("status", status)
        .value("next_at", Value::ChronoDateTimeUtc(next_at))
        .value("finished_at", Value::ChronoDateTimeUtc(next_at.is_none().then_some(write.now)))
        .value("updated_at", write.now)
        .value("version", Expr::col("version").add(1))
        .value("duration_ms", i64::try_from(took.as_millis()).unwrap_or(i64::MAX))
        .value("request_headers", lines(&answer.request_headers))
        .value("request_body", taken.message.body.clone())
        .value("response_status", Value::BigInt(answer.status.map(Into::into)))
        .value("response_headers", lines(&answer.response_headers))
        .value("response_body", cut(&answer.response_body, BODY))
        .value("error", Value::String(answer.error.clone()))
        .and_where(Expr::col("status").eq("pending"))
        .and_where(Expr::col("next_at").eq(taken.until));
    Ok(write.tx.execute(&update).await.refused()?.rows_affected() == 1)
}

fn one(table: &'static str, tenant: i32, id: uuid::Uuid) -> UpdateStatement {
    let mut update = Query::update();
    update.table(table).and_where(Expr::col("tenant_id").eq(tenant)).and_where(Expr::col("id").eq(id)).to_owned()
}

/// Headers as text, one a line; the sender left out what is secret.
fn lines(headers: &[(String, String)]) -> String {
    let shown = headers.iter().map(|(name, value)| format!("{name}: {value}"));
    cut(&shown.collect::<Vec<_>>().join("\n"), HEADERS).to_owned()
}

/// The beginning of a text, at most so many bytes, whole characters only.
fn cut(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}

/// How the subscription fares, for whoever looks at it. No decision of
/// anybody, so no new version.
async fn health(write: &Write, taken: &Taken, ok: bool) -> Result<(), Problem> {
    let mut update = one(WEBHOOK.table, taken.tenant.0, taken.subscription);
    if ok {
        update.value("last_success_at", write.now).value("failing_since", Value::ChronoDateTimeUtc(None));
    } else {
        update.value("failing_since", write.now).and_where(Expr::col("failing_since").is_null());
    }
    write.tx.execute(&update).await.refused().map(|_| ())
}

async fn disable(engine: &Engine, write: &mut Write, taken: &Taken) -> Result<(), Problem> {
    let gate = write.session.gate(&WEBHOOK, "disable")?;
    match write::apply_step(engine, write, &gate, taken.subscription, None, "disable", &Map::new()).await {
        // Paused or removed meanwhile: nothing to disable.
        Err(problem) if matches!(problem.code, Code::StepRefused | Code::NotFound) => Ok(()),
        done => done.map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let headers = [("server".to_owned(), "x".to_owned()), ("date".to_owned(), "y".to_owned())];
        assert_eq!(lines(&headers), "server: x\ndate: y");
        assert_eq!(cut("ação", 3), "aç");
        assert_eq!(cut("ação", 100), "ação");
    }
}
