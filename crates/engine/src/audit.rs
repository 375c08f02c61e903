//! The audit chain: each entry's hash covers the entry and the hash before it,
//! so a changed or missing entry shows. Of what changed it covers a salted
//! digest: personal data can go, and the chain still holds. Entries whose
//! changes went are named by a later entry, or the chain is broken.

mod alarm;
mod detail;
mod explore;
mod export;
mod redact;
mod shown;
mod wanted;
mod words;

pub use alarm::check;
pub use detail::{chain, get};
pub use explore::{Listed, list};
pub(crate) use export::AuditExport;
pub use export::export;
pub(crate) use redact::{Redaction, has_values, redact};
pub use wanted::{PARAMETERS, Place, Wanted};

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{canonical::write_instant, problem::Problem},
    locale::{self, Locale},
};
use conexao_storage::{
    Tenant, Tx,
    entity::{audit, audit_head},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement,
};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Engine, Session, gate::Behalf, journal::Entry, refusal::Refused};

/// The permission to read the audit.
pub const READ: &str = "audit.read";

const CHAIN: &str = "audit";
/// What the first entry of a tenant continues from.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Who acted, and in whose place, for people to read.
pub(crate) fn acting(locale: Locale, actor: &str, absent: Option<&str>) -> String {
    let Some(absent) = absent else { return actor.to_owned() };
    locale::text(locale, "audit.in_place_of").replace("{actor}", actor).replace("{absent}", absent)
}

/// Appends entries to the tenant's chain; the head stays locked to the commit.
/// `behalves` says of each in whose place it was done.
pub(crate) async fn append(
    tx: &Tx,
    session: &Session,
    now: DateTime<Utc>,
    entries: &[Entry],
    behalves: &[Option<Behalf>],
) -> Result<(), Problem> {
    if entries.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(entries.len()).unwrap_or_default();
    let (first, mut hash) = advance(tx, count).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for (seq, (entry, behalf)) in (first..).zip(entries.iter().zip(behalves)) {
        let row = audit::Model {
            tenant_id: session.tenant.0,
            seq,
            at: now,
            actor_id: session.user_id(),
            actor_name: session.name.clone(),
            resource: entry.resource.to_owned(),
            record_id: entry.record_id,
            action: entry.action.clone(),
            changes: Json::Object(entry.changes.clone()).to_string(),
            ip: session.ip.clone(),
            request_id: session.request_id.clone(),
            hash: String::new(),
            for_id: behalf.as_ref().map(|behalf| behalf.user),
            for_name: behalf.as_ref().map(|behalf| behalf.name.clone()),
            clock: session.house.moved(now),
            salt: Some(hex::encode(rand::random::<[u8; 16]>())),
            digest: None,
        };
        hash = link(&hash, &row);
        rows.push(audit::ActiveModel::from(audit::Model { hash: hash.clone(), ..row }).reset_all());
    }
    for chunk in rows.chunks(200) {
        audit::Entity::insert_many(chunk.to_vec()).exec_without_returning(&**tx).await.refused()?;
    }
    let head = audit_head::ActiveModel {
        tenant_id: Set(session.tenant.0),
        chain: Set(CHAIN.to_owned()),
        seq: Set(first + count - 1),
        hash: Set(hash),
        ..Default::default()
    };
    audit_head::Entity::update(head).exec(&**tx).await.refused()?;
    Ok(())
}

/// Locks the head to the commit without an entry: whoever else writes waits,
/// and what they wrote before can be seen from here on.
pub(crate) async fn hold(tx: &Tx) -> Result<(), Problem> {
    advance(tx, 0).await.map(|_| ())
}

/// Locks the head by writing it; returns the first free number and last hash.
async fn advance(tx: &Tx, count: i64) -> Result<(i64, String), Problem> {
    let sql = "INSERT INTO audit_head (tenant_id, chain, seq, hash) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (tenant_id, chain) DO UPDATE SET seq = audit_head.seq + $3 RETURNING seq, hash";
    let values = [tx.tenant().0.into(), CHAIN.into(), count.into(), GENESIS.into()];
    let row =
        tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.refused()?;
    let Some(row) = row else { return Ok((1, GENESIS.to_owned())) };
    let last: i64 = row.try_get_by_index(0).refused()?;
    Ok((last - count + 1, row.try_get_by_index(1).refused()?))
}

/// What stands for the changes of an entry in the chain. Whoever knows neither
/// salt nor changes learns nothing from it.
fn digest(row: &audit::Model) -> String {
    if let Some(digest) = &row.digest {
        return digest.clone();
    }
    let salt = row.salt.as_deref().unwrap_or_default();
    hex::encode(Sha256::new().chain_update(salt).chain_update(&row.changes).finalize())
}

/// SHA-256 over the previous hash and the entry in a fixed form.
fn link(previous: &str, row: &audit::Model) -> String {
    let mut entry = json!([
        row.tenant_id,
        row.seq,
        write_instant(row.at),
        row.actor_id,
        row.actor_name,
        row.resource,
        row.record_id,
        row.action,
        digest(row),
        row.ip,
        row.request_id
    ]);
    // Entries from before there were substitutes keep their hash.
    if let (Some(id), Some(entry)) = (row.for_id, entry.as_array_mut()) {
        entry.extend([json!(id), json!(row.for_name)]);
    }
    // Entries under the world's clock keep their hash.
    if let (Some(clock), Some(entry)) = (row.clock, entry.as_array_mut()) {
        entry.push(json!({ "clock": write_instant(clock) }));
    }
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    hasher.update(entry.to_string().as_bytes());
    hex::encode(hasher.finalize())
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub entries: i64,
    /// Number of the first entry that does not fit, if any.
    pub broken_at: Option<i64>,
}

/// Walks the tenant's whole chain, a thousand entries at a time.
pub async fn verify(engine: &Engine, tenant: Tenant) -> Result<Verified, Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let (mut seq, mut hash) = (0, GENESIS.to_owned());
    // Entries whose changes went and that no entry has named so far.
    let mut unnamed = BTreeMap::new();
    loop {
        let rows = audit::Entity::find()
            .filter(audit::Column::TenantId.eq(tenant.0))
            .filter(audit::Column::Seq.gt(seq))
            .order_by_asc(audit::Column::Seq)
            .limit(1000)
            .all(&*tx)
            .await
            .refused()?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            hash = link(&hash, &row);
            if row.seq != seq + 1 || row.hash != hash {
                return Ok(Verified { entries: seq, broken_at: Some(seq + 1) });
            }
            seq = row.seq;
            redact::settle(&mut unnamed, &row);
        }
    }
    let head = audit_head::Entity::find_by_id((tenant.0, CHAIN.to_owned())).one(&*tx).await.refused()?;
    // Without a head there may be no entries: it is made with the first one.
    let cut = head.map_or(seq > 0, |head| head.seq != seq || head.hash != hash);
    // Somebody emptied it without a word, or it still says what went.
    let silent = unnamed.keys().next().copied();
    Ok(Verified { entries: seq, broken_at: silent.or(cut.then_some(seq + 1)) })
}

/// A page of one record's entries, newest first, before `before`.
pub async fn of_record(
    tx: &Tx,
    resource: &str,
    record: Uuid,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<audit::Model>, Problem> {
    let mut query = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant().0))
        .filter(audit::Column::Resource.eq(resource))
        .filter(audit::Column::RecordId.eq(record));
    if let Some(before) = before {
        query = query.filter(audit::Column::Seq.lt(before));
    }
    query.order_by_desc(audit::Column::Seq).limit(limit).all(&**tx).await.refused()
}
