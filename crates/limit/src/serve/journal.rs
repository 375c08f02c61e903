//! The rows every write of the product leaves behind: outbox, audit entry,
//! head of the audit chain.

use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest, Sha256};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::auth::Claims;

/// Takes the next number of the chain; to be the last part of a statement.
pub const NEXT: &str = "INSERT INTO audit_head (tenant_id, chain, seq, hash) VALUES ($1, 'audit', 1, repeat('0', 64)) \
    ON CONFLICT (tenant_id, chain) DO UPDATE SET seq = audit_head.seq + 1 RETURNING seq, hash";

/// What is written down.
#[derive(Debug)]
pub struct Entry<'a> {
    pub at: DateTime<Utc>,
    pub actor: &'a str,
    pub resource: &'a str,
    pub record: Uuid,
    pub action: &'a str,
    pub changes: String,
    pub seq: i64,
    /// Hash of the entry before.
    pub previous: &'a str,
}

/// The event's payload for the outbox.
pub fn payload(claims: &Claims, actor: &str, at: DateTime<Utc>, changed: &[&str]) -> String {
    let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let body = serde_json::json!({ "actor": claims.sub, "actor_name": actor, "at": at, "changed": changed, "detail": { "version": 1 } });
    body.to_string()
}

/// Adds the entry and moves the head.
pub async fn append(
    tx: &mut Transaction<'static, Postgres>,
    claims: &Claims,
    entry: Entry<'_>,
) -> Result<(), sqlx::Error> {
    let mut hasher = Sha256::new();
    hasher.update(entry.previous);
    hasher.update(format!(
        "[{},{},\"{}\",\"{}\",\"{}\",{:?}]",
        claims.tenant, entry.seq, entry.at, entry.record, entry.action, entry.changes
    ));
    sqlx::query(
        "WITH entry AS (INSERT INTO audit (tenant_id, seq, at, actor_id, actor_name, resource, record_id, action, changes, ip, request_id, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '127.0.0.1', $10, $11)) \
         UPDATE audit_head SET hash = $11 WHERE tenant_id = $1 AND chain = 'audit'",
    )
    .bind(claims.tenant)
    .bind(entry.seq)
    .bind(entry.at)
    .bind(claims.sub)
    .bind(entry.actor)
    .bind(entry.resource)
    .bind(entry.record)
    .bind(entry.action)
    .bind(entry.changes)
    .bind(Uuid::new_v4().to_string())
    .bind(hex::encode(hasher.finalize()))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
