//! One record, with the steps it may take.

use async_recursion::async_recursion;
use conexao_domain::kernel::{flow::Allowed, plan::Facts, problem::Problem, record::Record, resource::Resource};
use conexao_storage::{Tx, table};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{present, related};
use crate::{Engine, Gate, Session, facts, refusal::Refused, rights};

/// The live record with lines and tags if the gate reaches it.
#[async_recursion]
pub(crate) async fn load(tx: &Tx, gate: &Gate, id: Uuid) -> Result<Record, Problem> {
    let mut found = table::by_ids(tx, gate.resource, &[id], false).await.refused()?;
    found.retain(|record| gate.reaches(record));
    table::fill(tx, gate.resource, &mut found).await.refused()?;
    found.into_iter().next().ok_or_else(Problem::not_found)
}

/// A record with `_refs`, `_steps` and `_related`.
#[async_recursion]
pub async fn get(engine: &Engine, gate: &Gate, id: Uuid) -> Result<Record, Problem> {
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let record = load(&tx, gate, id).await?;
    let seen = complete(&tx, engine, gate, record).await?;
    tx.rollback().await.refused()?;
    Ok(seen)
}

/// What a single record's answer carries beyond its fields.
#[async_recursion]
pub(crate) async fn complete(tx: &Tx, engine: &Engine, gate: &Gate, record: Record) -> Result<Record, Problem> {
    let facts = facts::complete(tx, gate.resource, &record, facts::plain(engine, &gate.session)).await?;
    let mut steps = steps(gate.resource, &gate.session, &record, &facts);
    rights::want_other_eyes(tx, &gate.session, gate.resource, &record, engine.now(), &mut steps).await?;
    let related = related(tx, &gate.session, gate.resource, &record, &facts).await?;
    let mut seen = present(tx, gate.resource, vec![record], false).await?.pop().unwrap_or_default();
    seen.set("_steps", steps);
    seen.set("_related", related);
    Ok(seen)
}

/// Every step that starts from the record's state: allowed or why not, which of
/// its inputs would lift that, and whether the session has the permission.
pub fn steps(resource: &Resource, session: &Session, record: &Record, facts: &Facts) -> Vec<Json> {
    let Some(flow) = resource.flow else { return Vec::new() };
    let known = flow.steps.iter().filter_map(|step| {
        let reason = match flow.allows(step, record, facts) {
            Allowed::NotFrom => return None,
            Allowed::Refused(reason) => Some(reason),
            Allowed::Yes => None,
        };
        let permitted = session.can(&format!("{}.{}", resource.name, step.name));
        let needs = reason.and_then(|reason| step.lifted_by(reason));
        let allowed = reason.is_none() && permitted;
        Some(json!({ "name": step.name, "allowed": allowed, "reason": reason, "needs": needs, "permitted": permitted }))
    });
    known.collect()
}
