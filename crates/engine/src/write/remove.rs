//! Removal with a way back: the row is marked, lists no longer see it, and
//! `restore` undoes it.

use conexao_domain::kernel::{
    problem::{Code, Problem},
    record::Record,
};
use conexao_storage::table;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::{Engine, Gate, Write, facts, journal::Entry, read, refusal::Refused};

/// Removes the record if it still has `version` and nothing live refers to it.
pub async fn remove(engine: &Engine, gate: &Gate, id: Uuid, version: i64) -> Result<(), Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    apply_remove(&mut write, gate, id, Some(version)).await?;
    write.commit(204, &Json::Null).await
}

/// The removal inside an open write; without `version` the newest is taken.
pub async fn apply_remove(write: &mut Write, gate: &Gate, id: Uuid, version: Option<i64>) -> Result<Record, Problem> {
    let record = read::load(&write.tx, gate, id).await?;
    let all = crate::Session::system(gate.session.tenant, "system");
    let related = read::related(&write.tx, &all, gate.resource, &record, &facts::of(&write.session, write.now)).await?;
    let used = related.iter().find(|r| r.get("count").and_then(Json::as_i64).unwrap_or_default() > 0);
    if let Some(used) = used {
        return Err(Problem::new(Code::InUse).with("related", used.clone()));
    }
    let version = version.unwrap_or(record.version());
    table::set_removed(&write.tx, gate.resource, record.id(), version, Some(write.now)).await.refused()?;
    write.note(entry(gate, id, "delete"));
    Ok(record)
}

/// Makes a removed record live again.
pub async fn restore(engine: &Engine, gate: &Gate, id: Uuid) -> Result<Record, Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let found = table::by_ids(&write.tx, gate.resource, &[id], true).await.refused()?;
    let record = found.into_iter().find(|r| gate.reaches(r)).ok_or_else(Problem::not_found)?;
    table::set_removed(&write.tx, gate.resource, record.id(), record.version(), None).await.refused()?;
    write.note(entry(gate, id, "restore"));
    let record = read::load(&write.tx, gate, id).await?;
    let seen = read::complete(&write.tx, engine, gate, record, false).await?;
    write.commit(200, &Json::Object(seen.0.clone())).await?;
    Ok(seen)
}

fn entry(gate: &Gate, id: Uuid, action: &str) -> Entry {
    Entry { resource: gate.resource.name, record_id: Some(id), action: action.to_owned(), changes: Map::new() }
}
