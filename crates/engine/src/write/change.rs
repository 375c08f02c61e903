//! Patches and flow steps: load, plan, compare-and-swap.

use async_recursion::async_recursion;
use conexao_domain::kernel::{
    canonical::write_instant,
    field::Kind,
    flow::{Allowed, Step},
    mask::unmasked,
    plan,
    problem::{Code, Problem},
    record::Record,
    resource::Resource,
};
use conexao_storage::{StorageError, Tx, table};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{
    check::Known,
    create::{own_lines, taken_or_wrong},
    many::id_of,
    mentions,
};
use crate::{Engine, Gate, Write, authority, facts, identity, read, refusal::Refused, rights, secrets, webhooks};

/// Changes fields of the record if it still has `version`.
#[async_recursion]
pub async fn patch(
    engine: &Engine,
    gate: &Gate,
    id: Uuid,
    version: i64,
    input: &Map<String, Json>,
) -> Result<Record, Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = apply_patch(engine, &mut write, gate, id, Some(version), input).await?;
    answer(engine, write, gate, record).await
}

/// Takes a step of the record's flow.
#[async_recursion]
pub async fn step(
    engine: &Engine,
    gate: &Gate,
    id: Uuid,
    version: i64,
    name: &str,
    input: &Map<String, Json>,
) -> Result<Record, Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = apply_step(engine, &mut write, gate, id, Some(version), name, input).await?;
    let minted = secrets::renew(engine, &write, gate.resource, name, &record).await?;
    let mut seen = answer(engine, write, gate, record).await?;
    if let Some(minted) = minted {
        minted.show(&mut seen);
    }
    Ok(seen)
}

pub(super) async fn answer(engine: &Engine, write: Write, gate: &Gate, record: Record) -> Result<Record, Problem> {
    let seen = read::complete(&write.tx, engine, gate, record).await?;
    write.commit(200, &Json::Object(seen.0.clone())).await?;
    Ok(seen)
}

/// The patch inside an open write; without `version` the newest is taken.
#[async_recursion]
pub async fn apply_patch(
    engine: &Engine,
    write: &mut Write,
    gate: &Gate,
    id: Uuid,
    version: Option<i64>,
    input: &Map<String, Json>,
) -> Result<Record, Problem> {
    let current = fresh(&write.tx, gate, id, version).await?;
    change(engine, write, gate, current, input).await
}

/// Puts tags on the newest version of the record and takes others off, inside
/// an open write.
#[async_recursion]
pub(crate) async fn apply_tags(
    engine: &Engine,
    write: &mut Write,
    gate: &Gate,
    id: Uuid,
    (add, remove): (&[String], &[String]),
) -> Result<Record, Problem> {
    let current = fresh(&write.tx, gate, id, None).await?;
    let field = gate.resource.fields.iter().find(|field| field.kind == Kind::Tags).ok_or_else(Problem::not_found)?;
    let known = current.get(field.name).as_array().into_iter().flatten().filter_map(Json::as_str);
    let kept = known.filter(|tag| !remove.iter().any(|gone| gone == tag)).map(str::to_owned);
    let tags: Vec<String> = kept.chain(add.iter().cloned()).collect();
    change(engine, write, gate, current, &Map::from_iter([(field.name.to_owned(), tags.into())])).await
}

async fn change(
    engine: &Engine,
    write: &mut Write,
    gate: &Gate,
    current: Record,
    input: &Map<String, Json>,
) -> Result<Record, Problem> {
    let facts = facts::complete(&write.tx, gate.resource, &current, facts::plain(engine, &gate.session)).await?;
    let input = unmasked(gate.resource, &current, input);
    let next = plan::patch(gate.resource, &current, &input, &facts)?;
    webhooks::sealed(engine, gate.resource, Some(&current), &next)?;
    if next == current {
        return Ok(current);
    }
    save(write, gate, "update", &current, next).await
}

/// The step inside an open write.
#[async_recursion]
pub async fn apply_step(
    engine: &Engine,
    write: &mut Write,
    gate: &Gate,
    id: Uuid,
    version: Option<i64>,
    name: &str,
    input: &Map<String, Json>,
) -> Result<Record, Problem> {
    let flow = gate.resource.flow.ok_or_else(Problem::not_found)?;
    let step = flow.step(name).ok_or_else(Problem::not_found)?;
    let current = fresh(&write.tx, gate, id, version).await?;
    let facts = facts::complete(&write.tx, gate.resource, &current, facts::plain(engine, &gate.session)).await?;
    let seen = as_guards_see(step, gate.resource, &current, input);
    match flow.allows(step, &seen, &facts) {
        Allowed::Yes => {}
        Allowed::NotFrom => return Err(refused("not_from").with("state", current.get("status").clone())),
        Allowed::Refused(reason) => return Err(refused(reason)),
    }
    rights::other_eyes(&write.tx, &gate.session, gate.resource, step, &current, write.now).await?;
    let next = plan::step(gate.resource, step, &current, input, &facts)?;
    save(write, gate, step.name, &current, next).await
}

/// Guards see the record as the step's inputs make it, so that one request can
/// bring what the guard waits for; what will be refused or stored as nothing
/// does not count.
fn as_guards_see(step: &Step, resource: &Resource, current: &Record, input: &Map<String, Json>) -> Record {
    let mut seen = current.clone();
    for (name, value) in input.iter().filter(|(name, _)| step.inputs.iter().any(|(input, _)| input == name)) {
        if let Some(Ok(value)) = resource.field(name).map(|field| field.kind.canonical(value)) {
            seen.set(name, value);
        }
    }
    seen
}

fn refused(reason: &str) -> Problem {
    Problem::new(Code::StepRefused).detail(reason)
}

/// The record as it is now; `Stale` with its content when the caller saw another.
pub(super) async fn fresh(tx: &Tx, gate: &Gate, id: Uuid, version: Option<i64>) -> Result<Record, Problem> {
    let current = read::load(tx, gate, id).await?;
    if version.is_some_and(|v| v != current.version()) { Err(stale(tx, gate, current).await?) } else { Ok(current) }
}

/// Tells the caller what the record is now, as they may see it.
async fn stale(tx: &Tx, gate: &Gate, current: Record) -> Result<Problem, Problem> {
    let seen = read::present(tx, gate.resource, vec![current], false).await?.pop().unwrap_or_default();
    Ok(Problem::new(Code::Stale).with("current", Json::Object(seen.0)))
}

async fn save(
    write: &mut Write,
    gate: &Gate,
    action: &str,
    current: &Record,
    mut next: Record,
) -> Result<Record, Problem> {
    own_lines(gate.resource, current, &mut next);
    put(write, gate, (action, Map::new()), current, next).await
}

/// Writes the record as it is to be. The entry says `act` and, besides the
/// fields, what comes with it.
pub(super) async fn put(
    write: &mut Write,
    gate: &Gate,
    act: (&str, Map<String, Json>),
    current: &Record,
    mut next: Record,
) -> Result<Record, Problem> {
    let resource = gate.resource;
    next.set("version", current.version() + 1);
    next.set("updated_at", write_instant(write.moment(resource)));
    let known = Known::about(&write.tx, resource, &[&next]).await?;
    let problems = known.problems(resource, &next);
    // What was there before may have lost its target since; only new mistakes count.
    let problems: Vec<_> = problems.into_iter().filter(|p| differs(&p.field, current, &next)).collect();
    if !problems.is_empty() {
        return Err(taken_or_wrong(problems));
    }
    authority::check(&write.tx, &write.session, resource, Some(current), &next).await?;
    let search = known.search_text(resource, &next);
    let watch = identity::Watch::change(&write.tx, &write.session, resource, current, &next).await?;
    match table::update(&write.tx, resource, current.version(), current, &next, &search).await {
        // Somebody was faster between our look and our write.
        Err(StorageError::Stale) => {
            let id = Uuid::parse_str(current.id()).unwrap_or_default();
            let newest = read::load(&write.tx, gate, id).await?;
            return Err(stale(&write.tx, gate, newest).await?);
        }
        updated => updated.refused()?,
    }
    watch.end(&write.tx).await?;
    write.stand_in(gate.behalf(Some(current)));
    write.note_saying(resource, act, Some(current), &next);
    let renamed = id_of(&next).filter(|_| current.get(resource.title) != next.get(resource.title));
    mentions::follow(write, resource, renamed.as_slice()).await?;
    Ok(next)
}

pub(super) fn differs(path: &str, current: &Record, next: &Record) -> bool {
    let field = path.split('.').next().unwrap_or_default();
    current.get(field) != next.get(field)
}
