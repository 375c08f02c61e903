//! Imports: a file becomes records of a resource. The file is looked at and
//! stored, its columns are mapped, every row is tried, then run; what failed can
//! be corrected and run again, and the whole can be taken back.

mod batch;
mod change;
mod choice;
mod grid;
mod job;
mod lines;
mod mark;
mod model;
mod outcome;
mod preview;
mod receive;
mod resolve;
mod revert;
mod rows;
mod siafi;
mod source;
mod start;
mod store;
mod suggest;
pub(crate) mod target;
mod value;
mod view;
mod words;

pub use change::{Change, Wanted, change};
pub use grid::{FailedFormat, Page, correct, failed_file, rows};
pub use model::{ColumnMapping, Mode, Summary, state};
pub use preview::preview;
pub use receive::{MAX_BYTES, receive, sum};
pub use start::{revert, run, simulate};
pub use store::sweep;

pub(crate) use grid::{broken, sink_problem};
pub(crate) use job::{Run, Simulate};
pub(crate) use outcome::Changes;
pub(crate) use revert::Revert;
pub(crate) use store::{clear, disk_problem, stored_problem, temp_path};

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::problem::{Code, Problem},
    registry,
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Engine, Gate, Session, facts, refusal::Refused};
use batch::Intent;
use model::Import;
use rows::Mapper;
use target::Target;

/// Imports in audit and outbox.
const IMPORT: &str = "import";
/// Imports of a page of the list.
const PAGE: usize = 50;

/// One import.
pub async fn get(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    Ok(view::import(&store::load(engine, session, id).await?, session.locale))
}

/// Imports the session may see, newest first, and the id after which older follow.
pub async fn list(
    engine: &Engine,
    session: &Session,
    resource: Option<&str>,
    after: Option<Uuid>,
) -> Result<(Vec<Json>, Option<Uuid>), Problem> {
    let unknown = |name: &str| Problem::new(Code::UnknownParameter).detail(name);
    let resource = resource.filter(|name| !name.is_empty());
    let resource = resource.map(|name| registry::by_name(name).ok_or_else(|| unknown("resource"))).transpose()?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let limit = u64::try_from(PAGE + 1).unwrap_or(u64::MAX);
    let mut imports = store::list(&tx, session, resource, after, limit).await?;
    tx.rollback().await.refused()?;
    let more = imports.len() > PAGE;
    imports.truncate(PAGE);
    let next = imports.last().filter(|_| more).map(|import| import.row.id);
    Ok((imports.iter().map(|import| view::import(import, session.locale)).collect(), next))
}

/// The permissions an import needs beyond `import` itself.
fn gates(session: &Session, import: &Import) -> Result<(Option<Gate>, Option<Gate>), Problem> {
    session.gate(import.resource, "import")?;
    let gate = |wanted: bool, verb: &str| wanted.then(|| session.gate(import.resource, verb)).transpose();
    Ok((gate(import.mode != Mode::Update, "create")?, gate(import.mode != Mode::Create, "update")?))
}

/// An import made ready to look at rows, at the moment it was asked for.
fn intent(session: &Session, import: &Import, now: DateTime<Utc>) -> Result<Intent, Problem> {
    let (create, update) = gates(session, import)?;
    let key = import.row.key_field.as_deref().filter(|_| import.mode != Mode::Create);
    let mapper = Mapper::new(import.resource, &import.shape, &import.mapping, key, session.time_zone)?;
    let key = key.and_then(|name| Target::parse(import.resource, name));
    let facts = facts::of(session, now);
    Ok(Intent { mapper, mode: import.mode, key, create, update, facts })
}
