//! Taking back what somebody just did to a record. What it was is in the audit;
//! it is written like any change and leaves an entry of its own, which names the
//! one it takes back.

use async_recursion::async_recursion;
use chrono::TimeDelta;
use conexao_domain::kernel::{
    canonical::write_instant,
    plan,
    problem::{Code, Problem},
    record::Record,
    resource::{Resource, Undo},
};
use conexao_storage::{Tx, entity::audit};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::change::{answer, fresh, put};
use crate::{Engine, Gate, Write, facts, refusal::Refused, webhooks};

/// The act of the audit.
pub(crate) const UNDO: &str = "undo";
/// What its entries call the number of the entry they take back.
pub(crate) const UNDOES: &str = "undoes";
/// How long somebody may take back what they did.
const SHORTLY: TimeDelta = TimeDelta::seconds(60);

/// Takes back the session's own last change of the record, if the record still
/// has `version` and nobody changed it since. The gate is that of reading; the
/// permission of what is taken back is needed as well.
#[async_recursion]
pub async fn undo(engine: &Engine, gate: &Gate, id: Uuid, version: i64) -> Result<Record, Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let current = fresh(&write.tx, gate, id, Some(version)).await?;
    let last = last(&write.tx, gate.resource, id).await?;
    let last = last.ok_or_else(|| Problem::new(Code::NotUndoable).detail("undo_nothing"))?;
    if last.at < write.now - SHORTLY {
        return Err(Problem::new(Code::NotUndoable).detail("undo_late"));
    }
    let record = apply_undo(engine, &mut write, gate, current, &last).await?;
    answer(engine, write, gate, record).await
}

/// The entry of the record's last change, if it had one since it was made.
pub(crate) async fn last(tx: &Tx, resource: &Resource, id: Uuid) -> Result<Option<audit::Model>, Problem> {
    let steps = resource.flow.map(|flow| flow.steps).unwrap_or_default();
    let acts = steps.iter().map(|step| step.name).chain(["update", UNDO]);
    let query = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant().0))
        .filter(audit::Column::Resource.eq(resource.name))
        .filter(audit::Column::RecordId.eq(id))
        .filter(audit::Column::Action.is_in(acts));
    query.order_by_desc(audit::Column::Seq).limit(1).one(&**tx).await.refused()
}

/// Takes back what an entry says, inside an open write.
#[async_recursion]
pub(crate) async fn apply_undo(
    engine: &Engine,
    write: &mut Write,
    gate: &Gate,
    current: Record,
    entry: &audit::Model,
) -> Result<Record, Problem> {
    let resource = gate.resource;
    undoable(resource, &entry.action)?;
    if entry.actor_id.is_none() || entry.actor_id != write.session.user_id() {
        return Err(Problem::new(Code::NotUndoable).detail("undo_other"));
    }
    if !still_so(resource, &current, entry) {
        return Err(Problem::new(Code::NotUndoable).detail("undo_changed"));
    }
    let gate = gate.session.gate(resource, &entry.action)?;
    if !gate.reaches(&current) {
        return Err(Problem::not_found());
    }
    let facts = facts::complete(&write.tx, resource, &current, facts::plain(engine, &gate.session)).await?;
    let next = plan::restore(resource, &current, before(resource, entry), &facts)?;
    webhooks::sealed(engine, resource, Some(&current), &next)?;
    let said = Map::from_iter([(UNDOES.to_owned(), json!([Json::Null, entry.seq.to_string()]))]);
    put(write, &gate, (UNDO, said), &current, next).await
}

/// Refuses what its declaration does not let anybody take back.
pub(crate) fn undoable(resource: &Resource, act: &str) -> Result<(), Problem> {
    resource.undoable(act).map_err(|reason| {
        let problem = Problem::new(Code::NotUndoable).detail(reason);
        match resource.undo {
            Undo::Reversal(step) => problem.with("step", step),
            _ => problem,
        }
    })
}

/// Whether the record is as the entry left it, and the entry says how it was.
fn still_so(resource: &Resource, current: &Record, entry: &audit::Model) -> bool {
    let business = entry.clock.filter(|_| !resource.area.is_administration());
    let moment = write_instant(business.unwrap_or(entry.at));
    entry.digest.is_none() && current.text("updated_at") == Some(&moment)
}

/// Fields as they were before the entry.
fn before(resource: &Resource, entry: &audit::Model) -> Map<String, Json> {
    let changes: Map<String, Json> = serde_json::from_str(&entry.changes).unwrap_or_default();
    let declared = changes.into_iter().filter(|(name, _)| resource.fields.iter().any(|field| field.name == name));
    declared.map(|(name, pair)| (name, pair.get(0).cloned().unwrap_or_default())).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use conexao_domain::after_sales::warranty::WARRANTY;

    use super::*;

    #[test]
    fn money_is_reversed_and_the_refusal_says_by_which_step() {
        assert_eq!(undoable(&WARRANTY, "update"), Ok(()));
        let money = Resource { undo: Undo::Reversal("reverse"), ..WARRANTY };
        let refused = undoable(&money, "update").unwrap_err();
        assert_eq!((refused.code, refused.detail.as_deref()), (Code::NotUndoable, Some("undo_reversal")));
        assert_eq!(refused.extra.get("step"), Some(&json!("reverse")));
    }
}
