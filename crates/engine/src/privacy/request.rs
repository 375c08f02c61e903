//! The request that an act of the desk belongs to.

use conexao_domain::{
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
        record::Record,
    },
    privacy::{SEARCH, request::PRIVACY_REQUEST},
    registry,
};
use conexao_storage::{Tx, table};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::subject::Chosen;
use crate::{Engine, Session, Write, jobs::JobCtx, journal::Entry, read, refusal::Refused, write::Known};

/// The request, if the session may read it.
pub(super) async fn load(tx: &Tx, session: &Session, id: Uuid) -> Result<Record, Problem> {
    let gate = session.gate(&PRIVACY_REQUEST, "read")?;
    read::load(tx, &gate, id).await
}

/// Refuses what is only done while the request is worked on.
pub(super) fn under_way(record: &Record) -> Result<(), Problem> {
    if record.text("status") == Some("in_progress") {
        return Ok(());
    }
    Err(Problem::new(Code::StepRefused).detail("not_from").with("state", record.get("status").clone()))
}

/// Notes on the request what the desk did for it.
pub(super) async fn mark(
    write: &mut Write,
    id: Uuid,
    action: &str,
    values: &[(&'static str, Json)],
) -> Result<(), Problem> {
    let mut found = table::by_ids(&write.tx, &PRIVACY_REQUEST, &[id], false).await.refused()?;
    table::fill(&write.tx, &PRIVACY_REQUEST, &mut found).await.refused()?;
    let current = found.pop().ok_or_else(Problem::not_found)?;
    let mut next = current.clone();
    for (name, value) in values {
        next.set(name, value.clone());
    }
    next.set("version", current.version() + 1);
    next.set("updated_at", write_instant(write.now));
    let search = Known::about(&write.tx, &PRIVACY_REQUEST, &[&next]).await?.search_text(&PRIVACY_REQUEST, &next);
    table::update(&write.tx, &PRIVACY_REQUEST, current.version(), &current, &next, &search).await.refused()?;
    write.note_record(&PRIVACY_REQUEST, action, Some(&current), &next);
    Ok(())
}

/// The person's file went out: that is noted on its request.
pub(crate) async fn fetched(engine: &Engine, session: &Session, params: &str) -> Result<(), Problem> {
    let params: Json = serde_json::from_str(params).unwrap_or_default();
    let id = params.get("request").and_then(Json::as_str).and_then(|id| Uuid::parse_str(id).ok());
    let Some(id) = id else { return Ok(()) };
    let mut write = Write::begin(engine, &Session { idempotency: None, ..session.clone() }).await?;
    let now = write_instant(write.now);
    mark(&mut write, id, "deliver", &[("delivered_at", now.into())]).await?;
    write.commit(200, &Json::Null).await
}

/// Notes on a record that its correction follows from a request, before
/// somebody edits it; needs the permission to change the record.
pub async fn correct(engine: &Engine, session: &Session, id: Uuid, chosen: &Chosen) -> Result<(), Problem> {
    session.require(SEARCH)?;
    let mut write = Write::begin(engine, session).await?;
    let request = load(&write.tx, session, id).await?;
    under_way(&request)?;
    let resource = registry::by_name(&chosen.resource).ok_or_else(|| Problem::field("resource", "reference"))?;
    let gate = session.gate(resource, "update")?;
    read::load(&write.tx, &gate, chosen.id).await?;
    let changes = Map::from_iter([("request".to_owned(), json!([Json::Null, request.get("number")]))]);
    let action = "correct".to_owned();
    write.note(Entry { resource: resource.name, record_id: Some(chosen.id), action, changes });
    write.commit(204, &Json::Null).await
}

/// The request of a job, as it is now.
pub(super) async fn of_job(ctx: &JobCtx, tx: &Tx, id: Uuid) -> Result<Record, Problem> {
    load(tx, &ctx.session, id).await
}
