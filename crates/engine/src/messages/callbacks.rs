//! What providers say of a message later: verified, known when it comes again,
//! and the same whatever order it comes in.

use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{
        problem::{Code, Problem},
        record::Record,
        value::Phone,
    },
};
pub use conexao_integrations::sms::EMPTY_TWIML as NOTHING_TO_DO;
use conexao_integrations::{
    http::Egress,
    outcome::Next,
    sms::{
        CallbackError, SentSms, SmsStatus, StatusEvent, TwilioClient, Wish, next_of_code, parse_inbound, parse_status,
    },
};
use conexao_storage::{Tenant, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{
    content,
    events::{self, News},
    outcome::{self, Row, again},
    suppress,
};
use crate::{Engine, Session, Write, refusal::Refused};

/// Where news of a message are told. Hosts with an underscore are refused by
/// Twilio, and one that only this machine knows is of no use.
pub(super) fn address(engine: &Engine, tenant: Tenant, record: &Record) -> Option<String> {
    let url = engine.mail.page(&format!("/api/v1/callbacks/sms/{}/{}", tenant.0, record.id()));
    let host = url.split("://").nth(1)?.split(['/', ':']).next()?;
    let public = host.contains('.') && !host.contains('_') && host != "127.0.0.1";
    let at_hand = host == "localhost" && engine.egress == Egress::AllowPrivate;
    (public || at_hand).then_some(url)
}

/// A call of Twilio's: where it was made to, and what it says.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Path and query, as they were called.
    pub path: &'a str,
    pub body: &'a [u8],
    /// The header `X-Twilio-Signature`.
    pub signature: &'a str,
}

async fn verified(engine: &Engine, tenant: Tenant, call: Call<'_>) -> Result<(), Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let client: Option<TwilioClient> = engine.mail.twilio(engine, &tx).await?;
    tx.rollback().await.refused()?;
    let good = client.is_some_and(|client| client.verify(&engine.mail.page(call.path), call.body, call.signature));
    if good { Ok(()) } else { Err(Problem::new(Code::Forbidden).detail("signature")) }
}

/// News of an SMS. What is not known is left alone, as the provider asks.
pub async fn sms_status(engine: &Engine, tenant: i32, message: Uuid, call: Call<'_>) -> Result<(), Problem> {
    let tenant = Tenant(tenant);
    verified(engine, tenant, call).await?;
    match parse_status(call.body) {
        Ok(news) => sms_news(engine, tenant, message, &news).await,
        Err(CallbackError::Status) => Ok(()),
        Err(CallbackError::Missing(field)) => Err(Problem::new(Code::Malformed).detail(field)),
    }
}

/// What a person wrote back: whether they want messages is acted upon.
pub async fn sms_inbound(engine: &Engine, tenant: i32, call: Call<'_>) -> Result<(), Problem> {
    let tenant = Tenant(tenant);
    verified(engine, tenant, call).await?;
    let inbound = parse_inbound(call.body).map_err(|error| Problem::new(Code::Malformed).detail(error.to_string()))?;
    let Ok(phone) = Phone::parse(&inbound.from) else { return Ok(()) };
    let mut write = Write::begin(engine, &Session::system(tenant, "Twilio")).await?;
    match inbound.wish {
        Some(Wish::Stop) => suppress::block(&mut write, "phone", phone.as_str(), "opt_out").await?,
        Some(Wish::Start) => suppress::allow(&mut write, phone.as_str()).await?,
        Some(Wish::Help) | None => return Ok(()),
    }
    write.commit(200, &serde_json::Value::Null).await
}

/// The message a report is about, held to the end of the transaction.
pub(super) async fn held(write: &Write, id: Uuid) -> Result<Option<Record>, Problem> {
    table::lock(&write.tx, &MESSAGE, id).await.refused()?;
    Ok(table::by_ids(&write.tx, &MESSAGE, &[id], false).await.refused()?.pop())
}

/// What news of an SMS mean for the message.
pub(super) async fn sms_news(engine: &Engine, tenant: Tenant, id: Uuid, news: &StatusEvent) -> Result<(), Problem> {
    let mut write = Write::begin(engine, &Session::system(tenant, "Twilio")).await?;
    let Some(record) = held(&write, id).await? else { return Ok(()) };
    let status = news.status.as_str().to_owned();
    let code = news.error.map(|code| code.to_string());
    let key = format!("{}:{status}:{}", news.sid, code.clone().unwrap_or_default());
    let seen = News { kind: "receipt", status: status.clone(), code, detail: Some(news.sid.clone()), key };
    if !events::note(&write.tx, id, write.now, seen).await? {
        return Ok(());
    }
    let known = record.text("provider_status").and_then(|known| known.parse::<SmsStatus>().ok());
    let current = record.text("provider_id").is_none_or(|sid| sid == news.sid);
    let arrived = matches!(news.status, SmsStatus::Delivered | SmsStatus::Read);
    // Of an attempt before this one only its arrival counts.
    let follows = known.is_none_or(|known| news.status.follows(known)) && (current || arrived);
    let mut told = None;
    if follows {
        provider_status(&write, id, &news.sid, &status).await?;
        if let Some(row) = meaning(&record, news, &write) {
            outcome::write(&write.tx, id, &record, write.now, &row).await?;
            blame(&mut write, &record, news, row.status).await?;
            told = Some(row.status);
        }
    }
    write.commit(200, &serde_json::Value::Null).await?;
    if let Some(status) = told {
        outcome::tell(engine, tenant, id, record.version() + 1, status).await;
    }
    Ok(())
}

fn meaning(record: &Record, news: &StatusEvent, write: &Write) -> Option<Row> {
    let error = news.error.map(|code| format!("sms.report {code}"));
    match news.status {
        SmsStatus::Delivered | SmsStatus::Read => {
            Some(Row { status: "delivered", delivered_at: Some(write.now), ..Row::default() })
        }
        SmsStatus::Canceled => Some(Row { status: "cancelled", error, ..Row::default() }),
        SmsStatus::Undelivered | SmsStatus::Failed => {
            let next = news.error.and_then(next_of_code).unwrap_or(Next::Drop);
            let wait = if let Next::Retry { after } = next { after } else { None };
            let next_at = if next.is_retry() { again(record, write.now, 0, wait) } else { None };
            let status = match next {
                Next::Retry { .. } if next_at.is_some() => "queued",
                Next::Suppress => "bounced",
                Next::OptOut => "suppressed",
                _ => "failed",
            };
            Some(Row { status, error, next_at, ..Row::default() })
        }
        // It is on its way after all.
        SmsStatus::Sent if record.text("status") == Some("unknown") => Some(Row { status: "sent", ..Row::default() }),
        _ => None,
    }
}

async fn blame(write: &mut Write, record: &Record, news: &StatusEvent, status: &str) -> Result<(), Problem> {
    let reason = match news.error.and_then(next_of_code).filter(|_| news.status.is_failure()) {
        Some(Next::Suppress) => "hard_bounce",
        Some(Next::OptOut) => "opt_out",
        _ => return Ok(()),
    };
    suppress::add(write, record, reason).await?;
    if status == "bounced" {
        content::forget(&write.tx, Uuid::parse_str(record.id()).unwrap_or_default()).await?;
    }
    Ok(())
}

async fn provider_status(write: &Write, id: Uuid, sid: &str, status: &str) -> Result<(), Problem> {
    let mut update = Query::update();
    update
        .table(MESSAGE.table)
        .value("provider_status", status)
        .value("provider_id", Expr::col("provider_id").if_null(sid))
        .and_where(Expr::col("tenant_id").eq(write.tx.tenant().0))
        .and_where(Expr::col("id").eq(id));
    write.tx.execute(&update).await.refused().map(|_| ())
}

/// Asks the provider about messages it said nothing more about, and what they cost.
pub async fn ask_after(engine: &Engine) -> Result<(), Problem> {
    for (tenant, id, sid) in silent(engine).await? {
        let tx = engine.db.read(tenant).await.refused()?;
        let client = engine.mail.twilio(engine, &tx).await?;
        tx.rollback().await.refused()?;
        let Some(client) = client else { continue };
        match client.fetch(&sid).await {
            Ok(found) => heard(engine, tenant, id, &found).await?,
            Err(error) => {
                tracing::warn!(%error, message.id = %id, "the provider does not say what became of a message");
            }
        }
    }
    Ok(())
}

/// Most questions of one round, and how old a message may be.
const QUESTIONS: u64 = 100;
const PATIENCE: chrono::TimeDelta = chrono::TimeDelta::minutes(5);
const INTEREST: chrono::TimeDelta = chrono::TimeDelta::days(1);

async fn silent(engine: &Engine) -> Result<Vec<(Tenant, Uuid, String)>, Problem> {
    let now = engine.now();
    let mut select = Query::select();
    select
        .columns(["tenant_id", "id", "provider_id"])
        .from(MESSAGE.table)
        .and_where(Expr::col("channel").eq("sms"))
        .and_where(Expr::col("status").is_in(["sent", "delivered"]))
        .and_where(Expr::col("provider_id").is_not_null())
        .and_where(Expr::col("cost_micros").is_null())
        .and_where(Expr::col("sent_at").lt(now - PATIENCE))
        .and_where(Expr::col("sent_at").gt(now - INTEREST))
        .order_by("sent_at", sea_orm::Order::Desc)
        .limit(QUESTIONS);
    let tx = engine.db.system_read().await.refused()?;
    let rows = tx.query_all(&select).await.refused()?;
    tx.rollback().await.refused()?;
    let read = |row: &sea_orm::QueryResult| {
        let tenant = Tenant(row.try_get_by_index(0).refused()?);
        Ok((tenant, row.try_get_by_index(1).refused()?, row.try_get_by_index(2).refused()?))
    };
    rows.iter().map(read).collect()
}

async fn heard(engine: &Engine, tenant: Tenant, id: Uuid, found: &SentSms) -> Result<(), Problem> {
    let news = StatusEvent { sid: found.sid.clone(), status: found.status, error: found.error };
    sms_news(engine, tenant, id, &news).await?;
    let Some(micros) = found.price.as_deref().and_then(micros) else { return Ok(()) };
    let tx = engine.db.write(tenant).await.refused()?;
    let mut update = Query::update();
    update
        .table(MESSAGE.table)
        .value("cost_micros", micros)
        .value("cost_currency", found.price_unit.as_deref().map(|unit| unit.chars().take(3).collect::<String>()))
        .and_where(Expr::col("tenant_id").eq(tenant.0))
        .and_where(Expr::col("id").eq(id));
    tx.execute(&update).await.refused()?;
    tx.commit().await.refused()
}

/// `-0.00750` in millionths; what we pay has no sign here.
fn micros(price: &str) -> Option<i64> {
    let (whole, part) = price.trim().trim_start_matches('-').split_once('.').unwrap_or((price.trim(), ""));
    let digits: String = part.chars().chain("000000".chars()).take(6).collect();
    let whole: i64 = whole.trim_start_matches('-').parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(digits.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_without_floating_point() {
        for (text, expected) in
            [("-0.00750", Some(7_500)), ("0.05", Some(50_000)), ("-1", Some(1_000_000)), ("x", None), ("1.2.3", None)]
        {
            assert_eq!(micros(text), expected, "{text}");
        }
    }
}
