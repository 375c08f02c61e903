//! One entry with what changed, and the state of the chain.

use conexao_domain::kernel::{canonical::write_instant, problem::Problem};
use conexao_storage::entity::{audit, audit_head};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Map, Value as Json, json};

use super::{CHAIN, GENESIS, explore::admitted, shown::Shown, wanted::Wanted};
use crate::{Engine, Session, refusal::Refused};

/// An entry with its changes and its link in the chain.
pub async fn get(engine: &Engine, session: &Session, seq: i64) -> Result<Json, Problem> {
    let (wanted, _) = admitted(session, &Wanted::default())?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let row = audit::Entity::find_by_id((session.tenant.0, seq)).one(&*tx).await.refused()?;
    let row = row.filter(|row| wanted.actor.is_none() || row.actor_id == wanted.actor);
    let row = row.ok_or_else(Problem::not_found)?;
    let hash = row.hash.clone();
    let before = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(session.tenant.0))
        .filter(audit::Column::Seq.eq(seq - 1))
        .limit(1)
        .one(&*tx)
        .await
        .refused()?;
    let shown = Shown::of(&tx, session, vec![row]).await?.pop().ok_or_else(Problem::not_found)?;
    tx.rollback().await.refused()?;
    let mut entry: Map<String, Json> = shown.summary.as_object().cloned().unwrap_or_default();
    entry.insert("changes".to_owned(), shown.changes.into());
    entry.insert("hash".to_owned(), hash.into());
    entry.insert("previous_hash".to_owned(), before.map_or_else(|| GENESIS.to_owned(), |row| row.hash).into());
    Ok(entry.into())
}

/// How many entries there are, and what the last verification found.
pub async fn chain(engine: &Engine, session: &Session) -> Result<Json, Problem> {
    session.require(super::READ)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let head = audit_head::Entity::find_by_id((session.tenant.0, CHAIN.to_owned())).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(head.map_or_else(
        || json!({ "entries": 0, "verified_at": null, "verified_entries": null, "broken_at": null }),
        |head| {
            json!({
                "entries": head.seq,
                "verified_at": head.verified_at.map(write_instant),
                "verified_entries": head.verified_seq,
                "broken_at": head.broken_at,
            })
        },
    ))
}
