//! Secrets of records: made with the record or by a step of its flow, shown in
//! that one answer, kept hashed or encrypted in a table nobody lists. The
//! answer kept for a repetition of the request does not hold them.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
        secret::{Keep, Secret},
    },
    registry,
};
use conexao_storage::{Tenant, Tx, entity::secret};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Engine, Write, credentials, identity::two_factor, refusal::Refused, tokens::text, vault::Place};

/// Where an answer shows a secret that was just made.
pub const SHOWN: &str = "_secret";

/// A secret that exists only in memory yet.
#[derive(Debug)]
pub(crate) struct Minted {
    declared: &'static Secret,
    text: String,
}

impl Minted {
    /// Puts the secret into the answer that shows it.
    pub fn show(self, answer: &mut Record) {
        answer.set(SHOWN, self.text);
    }
}

pub(crate) fn place(tenant: Tenant, id: Uuid) -> Place<'static> {
    Place { tenant: tenant.0, table: "secret", column: "kept", id }
}

fn id_of(record: &Record) -> Result<Uuid, Problem> {
    Uuid::parse_str(record.id()).map_err(|_| Problem::new(Code::Internal))
}

/// Makes the secret of a new record, if its resource has one, and notes on the
/// record what may be shown of it.
pub(crate) fn mint(tenant: Tenant, resource: &Resource, record: &mut Record) -> Option<Minted> {
    let declared = registry::secret_of(resource.name)?;
    let text = text::mint(declared.prefix, tenant.0);
    if let Some(hint) = declared.hint {
        record.set(hint, text::hint(&text));
    }
    Some(Minted { declared, text })
}

/// Keeps a secret with its record.
pub(crate) async fn keep(engine: &Engine, write: &Write, record: &Record, minted: &Minted) -> Result<(), Problem> {
    let (tenant, id) = (write.session.tenant, Uuid::now_v7());
    let kept = match minted.declared.keep {
        Keep::Hashed => hash(&minted.text),
        Keep::Sealed => engine.vault.seal(&minted.text, &place(tenant, id))?,
    };
    let row = secret::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(id),
        resource: Set(minted.declared.resource.to_owned()),
        record_id: Set(id_of(record)?),
        kept: Set(kept),
        created_at: Set(write.now),
        expires_at: Set(None),
    };
    secret::Entity::insert(row).exec_without_returning(&*write.tx).await.refused().map(|_| ())
}

/// Whether the step replaces the secret of the record.
pub(crate) fn renews(resource: &Resource, step: &str) -> bool {
    registry::secret_of(resource.name).is_some_and(|secret| secret.renewed_by == Some(step))
}

/// Replaces the secret after a step that does so; the one before stays good
/// for the declared hours.
pub(crate) async fn renew(
    engine: &Engine,
    write: &Write,
    resource: &Resource,
    step: &str,
    record: &Record,
) -> Result<Option<Minted>, Problem> {
    if !renews(resource, step) {
        return Ok(None);
    }
    let Some(minted) = mint(write.session.tenant, resource, &mut record.clone()) else { return Ok(None) };
    let until = write.now + TimeDelta::hours(minted.declared.overlap.into());
    let record_id = id_of(record)?;
    let own = || {
        secret::Entity::update_many()
            .filter(secret::Column::TenantId.eq(write.session.tenant.0))
            .filter(secret::Column::RecordId.eq(record_id))
    };
    // One is replaced at a time: what was replaced before ends now.
    let ended = own().col_expr(secret::Column::ExpiresAt, Expr::val(write.now));
    ended.filter(secret::Column::ExpiresAt.gt(write.now)).exec(&*write.tx).await.refused()?;
    let overlapping = own().col_expr(secret::Column::ExpiresAt, Expr::val(until));
    overlapping.filter(secret::Column::ExpiresAt.is_null()).exec(&*write.tx).await.refused()?;
    keep(engine, write, record, &minted).await?;
    Ok(Some(minted))
}

/// What a hashed secret is found by.
pub(crate) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The record that a presented secret belongs to.
pub(crate) async fn holder(tx: &Tx, text: &str, now: DateTime<Utc>) -> Result<Option<Uuid>, Problem> {
    let found = secret::Entity::find()
        .filter(secret::Column::TenantId.eq(tx.tenant().0))
        .filter(secret::Column::Kept.eq(hash(text)))
        .one(&**tx)
        .await
        .refused()?;
    Ok(found.filter(|row| row.expires_at.is_none_or(|until| until > now)).map(|row| row.record_id))
}

/// The secrets to sign with, the newest first.
pub(crate) async fn sealed(engine: &Engine, tx: &Tx, record: Uuid, now: DateTime<Utc>) -> Result<Vec<String>, Problem> {
    let rows = secret::Entity::find()
        .filter(secret::Column::TenantId.eq(tx.tenant().0))
        .filter(secret::Column::RecordId.eq(record))
        .filter(Expr::col("expires_at").is_null().or(Expr::col("expires_at").gt(now)))
        .order_by_desc(secret::Column::Id)
        .all(&**tx)
        .await
        .refused()?;
    rows.iter().map(|row| engine.vault.unseal(&row.kept, &place(tx.tenant(), row.id))).collect()
}

/// Wraps every encrypted secret of a tenant with the key in use; returns how
/// many were under another. Safe to run again after it was interrupted.
pub async fn rewrap(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    const PIECE: u64 = 200;
    let declared = registry::SECRETS.iter().filter(|s| s.keep == Keep::Sealed).map(|s| s.resource);
    let resources: Vec<&str> = declared.chain([two_factor::RESOURCE, credentials::RESOURCE]).collect();
    let (mut changed, mut after) = (0, Uuid::nil());
    loop {
        let tx = engine.db.write(tenant).await.refused()?;
        let rows = secret::Entity::find()
            .filter(secret::Column::TenantId.eq(tenant.0))
            .filter(secret::Column::Resource.is_in(resources.iter().copied()))
            .filter(secret::Column::Id.gt(after))
            .order_by_asc(secret::Column::Id)
            .limit(PIECE)
            .all(&*tx)
            .await
            .refused()?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(changed) };
        for row in rows {
            let Some(kept) = engine.vault.rewrap(&row.kept, &place(tenant, row.id))? else { continue };
            let wrapped = secret::ActiveModel { kept: Set(kept), ..Default::default() };
            // Another value may have taken its place meanwhile.
            let done = secret::Entity::update_many()
                .set(wrapped)
                .filter(secret::Column::TenantId.eq(tenant.0))
                .filter(secret::Column::Id.eq(row.id))
                .filter(secret::Column::Kept.eq(row.kept))
                .exec(&*tx)
                .await
                .refused()?;
            changed += done.rows_affected;
        }
        tx.commit().await.refused()?;
        after = last;
    }
}
