//! Addresses and numbers that nobody writes to any more.

use chrono::TimeDelta;
use conexao_domain::{
    customers::customer::CUSTOMER,
    integration::{message::MESSAGE, suppression::SUPPRESSION},
    kernel::{canonical::write_instant, problem::Problem, record::Record},
    settings::TenantKind,
};
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::json;
use uuid::Uuid;

use super::{own, post::company, ways::Channel};
use crate::{Engine, Write, refusal::Refused};

/// So many messages that could not be delivered in so many days are enough.
const SOFT: usize = 3;
const DAYS: TimeDelta = TimeDelta::days(7);

/// What a message goes to, of what may be blocked: the field and its value.
fn target(record: &Record) -> Option<(&'static str, String)> {
    match Channel::of(record) {
        Channel::Email => record.text("address").map(|address| ("address", address.to_lowercase())),
        Channel::Sms => record.text("phone").map(|phone| ("phone", phone.to_owned())),
        // Subscriptions and hooks are removed where they are kept.
        Channel::Push | Channel::Slack => None,
    }
}

/// Why nobody writes where a message goes, if that is so. Whoever complained
/// about messages still gets those that let them in.
pub(super) async fn suppressed(tx: &Tx, record: &Record) -> Result<Option<String>, Problem> {
    let Some((field, value)) = target(record) else { return Ok(None) };
    let account = record.text("category") == Some("account");
    let reason = reason(tx, field, &value).await?.filter(|reason| reason != "complaint" || !account);
    // What somebody who works here is told is theirs to choose elsewhere.
    if reason.is_some() || account || record.text("user_id").is_some() {
        return Ok(reason);
    }
    Ok(opted_out(tx, record, &value).await?.then(|| "opt_out".to_owned()))
}

/// A contact of a customer with the address or number of a message.
struct Contact {
    customer: Uuid,
    channel: String,
    consent: String,
}

/// Whether the customer said not to be written to there. Where the message does
/// not say whose the address is, everybody's word who has it counts.
async fn opted_out(tx: &Tx, record: &Record, value: &str) -> Result<bool, Problem> {
    let customer = record.text("customer_id").and_then(|id| Uuid::parse_str(id).ok());
    let mut contacts = contacts(tx, value).await?;
    if contacts.iter().any(|contact| Some(contact.customer) == customer) {
        contacts.retain(|contact| Some(contact.customer) == customer);
    }
    // A number that is noted twice: what was said of the way itself counts.
    let own = if Channel::of(record) == Channel::Sms { "phone" } else { "email" };
    let decided = |contact: &&Contact| contact.consent != "unknown";
    if contacts.iter().filter(decided).any(|contact| contact.channel == own) {
        contacts.retain(|contact| contact.channel == own);
    }
    Ok(contacts.iter().any(|contact| contact.consent == "opt_out"))
}

async fn contacts(tx: &Tx, value: &str) -> Result<Vec<Contact>, Problem> {
    let tenant = tx.tenant().0;
    let mut live = Query::select();
    live.column("id")
        .from(CUSTOMER.table)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("deleted_at").is_null());
    let mut select = Query::select();
    select
        .columns(["customer_id", "channel", "consent"])
        .from("customer_contact")
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("value").eq(value))
        .and_where(Expr::col("customer_id").in_subquery(live));
    let read = |row: &QueryResult| {
        let text = |at: usize| -> Result<String, Problem> {
            Ok(row.try_get_by_index::<Option<String>>(at).refused()?.unwrap_or_default())
        };
        Ok(Contact { customer: row.try_get_by_index(0).refused()?, channel: text(1)?, consent: text(2)? })
    };
    tx.query_all(&select).await.refused()?.iter().map(read).collect()
}

/// Whether a message of an environment that is not meant would leave by the
/// installation's own account. What lets somebody in does.
pub(super) async fn captured(engine: &Engine, tx: &Tx, record: &Record) -> Result<bool, Problem> {
    let channel = Channel::of(record);
    // A browser, or a person's own hook, is nobody else's account.
    let personal = match channel {
        Channel::Push => true,
        Channel::Slack => record.text("user_id").is_some(),
        Channel::Email | Channel::Sms => false,
    };
    if personal || record.text("category") == Some("account") || TenantKind::parse(&company(tx).await?.kind).is_real() {
        return Ok(false);
    }
    Ok(!own::has(engine, tx, channel).await?)
}

async fn reason(tx: &Tx, field: &'static str, value: &str) -> Result<Option<String>, Problem> {
    let mut select = Query::select();
    select
        .column("reason")
        .from(SUPPRESSION.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col(field).eq(value))
        .and_where(Expr::col("deleted_at").is_null());
    let row = tx.query_one(&select).await.refused()?;
    row.map(|row| row.try_get_by_index(0).refused()).transpose()
}

/// Whether the address of a message, which was just given up, took nothing in
/// too many messages lately.
pub(super) async fn soft(write: &Write, record: &Record) -> Result<bool, Problem> {
    let mut select = Query::select();
    select
        .column("id")
        .from(MESSAGE.table)
        .and_where(Expr::col("tenant_id").eq(write.tx.tenant().0))
        .and_where(Expr::col("address").eq(record.text("address").unwrap_or_default()))
        .and_where(Expr::col("status").eq("failed"))
        .and_where(Expr::col("error").like("email.refused%").or(Expr::col("error").like("email.report%")))
        .and_where(Expr::col("finished_at").gt(write.now - DAYS));
    Ok(write.tx.query_all(&select).await.refused()?.len() >= SOFT)
}

/// Blocks where a message went, unless it is blocked.
pub(super) async fn add(write: &mut Write, record: &Record, why: &str) -> Result<(), Problem> {
    match target(record) {
        Some((field, value)) => block(write, field, &value, why).await,
        None => Ok(()),
    }
}

/// Blocks an address or a number.
pub(super) async fn block(write: &mut Write, field: &'static str, value: &str, why: &str) -> Result<(), Problem> {
    if value.is_empty() || reason(&write.tx, field, value).await?.is_some() {
        return Ok(());
    }
    let now = write_instant(write.now);
    let fields = [
        ("id", json!(Uuid::now_v7().to_string())),
        ("version", json!(1)),
        ("created_at", json!(now)),
        ("updated_at", json!(now)),
        (field, json!(value)),
        ("reason", json!(why)),
    ];
    let record = Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    table::insert(&write.tx, &SUPPRESSION, &[(record.clone(), String::new())]).await.refused()?;
    write.note_record(&SUPPRESSION, "create", None, &record);
    Ok(())
}

/// Lets messages go to a number again that asked for it, if it had asked for
/// none; other reasons stay.
pub(super) async fn allow(write: &mut Write, phone: &str) -> Result<(), Problem> {
    let mut select = Query::select();
    select
        .from(SUPPRESSION.table)
        .and_where(Expr::col("tenant_id").eq(write.tx.tenant().0))
        .and_where(Expr::col("phone").eq(phone))
        .and_where(Expr::col("reason").eq("opt_out"))
        .and_where(Expr::col("deleted_at").is_null());
    for record in table::select(&write.tx, &SUPPRESSION, &mut select).await.refused()? {
        let version = record.version();
        table::set_removed(&write.tx, &SUPPRESSION, record.id(), version, Some(write.now)).await.refused()?;
        write.note_record(&SUPPRESSION, "delete", Some(&record), &record);
    }
    Ok(())
}
