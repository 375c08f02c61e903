//! Removal with a way back: the row is marked, lists no longer see it, and
//! `restore` undoes it.

use async_recursion::async_recursion;
use conexao_domain::kernel::{
    field::Kind,
    problem::{Code, Problem},
    record::Record,
};
use conexao_storage::table;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{change::fresh, check::Known, create::taken_or_wrong, usage::used};
use crate::{Engine, Gate, Write, authority, identity, journal::Entry, read, refusal::Refused};

/// Removes the record if it still has `version` and nothing live refers to it.
#[async_recursion]
pub async fn remove(engine: &Engine, gate: &Gate, id: Uuid, version: i64) -> Result<(), Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    apply_remove(&mut write, gate, id, Some(version)).await?;
    write.commit(204, &Json::Null).await
}

/// The removal inside an open write; without `version` the newest is taken.
#[async_recursion]
pub async fn apply_remove(write: &mut Write, gate: &Gate, id: Uuid, version: Option<i64>) -> Result<Record, Problem> {
    // Whoever is about to refer to the record waits for us, or we for them.
    table::lock(&write.tx, gate.resource, id).await.refused()?;
    let record = fresh(&write.tx, gate, id, version).await?;
    if let Some(used) = used(&write.tx, gate.resource, id).await? {
        return Err(Problem::new(Code::InUse).with("related", used));
    }
    authority::check_removal(&write.tx, &write.session, gate.resource, &record).await?;
    let watch = identity::Watch::begin(&write.tx, &write.session, gate.resource).await?;
    table::set_removed(&write.tx, gate.resource, record.id(), record.version(), Some(write.now)).await.refused()?;
    watch.end(&write.tx).await?;
    write.stand_in(gate.behalf(Some(&record)));
    write.note(entry(gate, id, "delete"));
    Ok(record)
}

/// Makes a removed record live again; one that is live stays as it is.
#[async_recursion]
pub async fn restore(engine: &Engine, gate: &Gate, id: Uuid) -> Result<Record, Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let mut found = table::by_ids(&write.tx, gate.resource, &[id], true).await.refused()?;
    found.retain(|record| gate.reaches(record));
    table::fill(&write.tx, gate.resource, &mut found).await.refused()?;
    let record = found.pop().ok_or_else(Problem::not_found)?;
    if table::by_ids(&write.tx, gate.resource, &[id], false).await.refused()?.is_empty() {
        revive(&mut write, gate, &record).await?;
    }
    let record = read::load(&write.tx, gate, id).await?;
    let seen = read::complete(&write.tx, engine, gate, record).await?;
    write.commit(200, &Json::Object(seen.0.clone())).await?;
    Ok(seen)
}

/// The restoration inside an open write, if the record still is as the removal
/// left it.
#[async_recursion]
pub(crate) async fn apply_restore(write: &mut Write, gate: &Gate, id: Uuid, version: i64) -> Result<(), Problem> {
    let mut found = table::by_ids(&write.tx, gate.resource, &[id], true).await.refused()?;
    found.retain(|record| gate.reaches(record));
    table::fill(&write.tx, gate.resource, &mut found).await.refused()?;
    let record = found.pop().ok_or_else(Problem::not_found)?;
    let live = !table::by_ids(&write.tx, gate.resource, &[id], false).await.refused()?.is_empty();
    if live || record.version() != version {
        return Err(Problem::new(Code::NotUndoable).detail("undo_changed"));
    }
    revive(write, gate, &record).await
}

/// Since the removal others may have taken its unique values, and what it
/// refers to may have gone.
async fn revive(write: &mut Write, gate: &Gate, record: &Record) -> Result<(), Problem> {
    let mut problems = Known::about(&write.tx, gate.resource, &[record]).await?.problems(gate.resource, record);
    // A removed user is still the owner by name; the record can be handed over later.
    problems.retain(|p| gate.resource.field(&p.field).is_none_or(|field| field.kind != Kind::User));
    if !problems.is_empty() {
        return Err(taken_or_wrong(problems));
    }
    authority::check_revival(&write.tx, &write.session, gate.resource, record).await?;
    table::set_removed(&write.tx, gate.resource, record.id(), record.version(), None).await.refused()?;
    write.stand_in(gate.behalf(Some(record)));
    write.note(entry(gate, Uuid::parse_str(record.id()).unwrap_or_default(), "restore"));
    Ok(())
}

fn entry(gate: &Gate, id: Uuid, action: &str) -> Entry {
    Entry { resource: gate.resource.name, record_id: Some(id), action: action.to_owned(), changes: Map::new() }
}
