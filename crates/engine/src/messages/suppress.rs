//! Addresses that nobody writes to any more.

use chrono::TimeDelta;
use conexao_domain::{
    integration::{message::MESSAGE, suppression::SUPPRESSION},
    kernel::{canonical::write_instant, problem::Problem, record::Record},
};
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::json;
use uuid::Uuid;

use crate::{Write, refusal::Refused};

/// So many messages that could not be delivered in so many days are enough.
const SOFT: usize = 3;
const DAYS: TimeDelta = TimeDelta::days(7);

/// Whether nobody writes to the address.
pub async fn suppressed(tx: &Tx, address: &str) -> Result<bool, Problem> {
    let mut select = Query::select();
    select
        .column("id")
        .from(SUPPRESSION.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("address").eq(address.to_lowercase()))
        .and_where(Expr::col("deleted_at").is_null());
    Ok(tx.query_one(&select).await.refused()?.is_some())
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
        .and_where(Expr::col("error").like("email.refused%"))
        .and_where(Expr::col("finished_at").gt(write.now - DAYS));
    Ok(write.tx.query_all(&select).await.refused()?.len() >= SOFT)
}

/// Adds an address, unless it is there.
pub(super) async fn add(write: &mut Write, address: &str, reason: &str) -> Result<(), Problem> {
    if address.is_empty() || suppressed(&write.tx, address).await? {
        return Ok(());
    }
    let now = write_instant(write.now);
    let fields = [
        ("id", json!(Uuid::now_v7().to_string())),
        ("version", json!(1)),
        ("created_at", json!(now)),
        ("updated_at", json!(now)),
        ("address", json!(address.to_lowercase())),
        ("reason", json!(reason)),
    ];
    let record = Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    table::insert(&write.tx, &SUPPRESSION, &[(record.clone(), String::new())]).await.refused()?;
    write.note_record(&SUPPRESSION, "create", None, &record);
    Ok(())
}
