//! One record, with the steps it may take.

use conexao_domain::kernel::{
    flow::Allowed,
    plan::Facts,
    problem::{Code, Problem},
    record::Record,
    resource::Resource,
};
use conexao_storage::{Tx, table};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{present, related};
use crate::{Engine, Gate, Session, Write, facts, journal::Entry, refusal::Refused};

/// How a record is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Personal data masked.
    Masked,
    /// Personal data in full; needs the `reveal` permission and leaves an entry.
    Revealed,
}

/// The live record with lines and tags if the gate reaches it.
pub(crate) async fn load(tx: &Tx, gate: &Gate, id: Uuid) -> Result<Record, Problem> {
    let mut found = table::by_ids(tx, gate.resource, &[id], false).await.refused()?;
    found.retain(|record| gate.reaches(record));
    table::fill(tx, gate.resource, &mut found).await.refused()?;
    found.into_iter().next().ok_or_else(Problem::not_found)
}

/// A record with `_refs`, `_steps` and `_related`.
pub async fn get(engine: &Engine, gate: &Gate, id: Uuid, reading: Reading) -> Result<Record, Problem> {
    if reading == Reading::Revealed {
        return reveal(engine, gate, id).await;
    }
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let record = load(&tx, gate, id).await?;
    let seen = complete(&tx, engine, gate, record, false).await?;
    tx.rollback().await.refused()?;
    Ok(seen)
}

/// Reading personal data in full is itself an event.
async fn reveal(engine: &Engine, gate: &Gate, id: Uuid) -> Result<Record, Problem> {
    let revealing = gate.session.gate(gate.resource, "reveal")?;
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = load(&write.tx, gate, id).await?;
    if !revealing.reaches(&record) {
        return Err(Problem::new(Code::Forbidden).detail(format!("{}.reveal", gate.resource.name)));
    }
    let fields = personal(gate.resource, &record);
    let seen = complete(&write.tx, engine, gate, record, true).await?;
    write.note(Entry {
        resource: gate.resource.name,
        record_id: Some(id),
        action: "reveal".to_owned(),
        changes: Map::from_iter([("fields".to_owned(), json!([Json::Null, fields]))]),
    });
    write.commit(200, &Json::Null).await?;
    Ok(seen)
}

/// The fields, and fields with lines, whose personal values the record has.
fn personal(resource: &Resource, record: &Record) -> Vec<&'static str> {
    let own = resource.fields.iter().filter(|field| field.personal && !record.get(field.name).is_null());
    let within = resource.lines().filter(|(field, lines)| {
        let has = |line: &Record| lines.fields.iter().any(|f| f.personal && !line.get(f.name).is_null());
        record.lines(field.name).iter().any(has)
    });
    own.map(|field| field.name).chain(within.map(|(field, _)| field.name)).collect()
}

/// What a single record's answer carries beyond its fields.
pub(crate) async fn complete(
    tx: &Tx,
    engine: &Engine,
    gate: &Gate,
    record: Record,
    reveal: bool,
) -> Result<Record, Problem> {
    let facts = facts::complete(tx, gate.resource, &record, facts::plain(engine, &gate.session)).await?;
    let steps = steps(gate.resource, &gate.session, &record, &facts);
    let related = related(tx, &gate.session, gate.resource, &record, &facts).await?;
    let mut seen = present(tx, gate.resource, vec![record], reveal).await?.pop().unwrap_or_default();
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
