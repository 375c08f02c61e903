//! Starting the jobs of an import.

use conexao_domain::{
    kernel::{
        problem::{FieldProblem, Problem},
        resource::Resource,
    },
    locale,
};
use conexao_storage::entity::{import, job};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    change::{check_state, refused},
    job::{Params, Run, Simulate},
    model::{Import, Mode, state},
    outcome::Checkpoint,
    revert::Revert,
    store,
};
use crate::{
    Engine, Session, Write,
    jobs::{self, NewJob, enqueue},
    refusal::Refused,
};

/// Starts the simulation; answers with its job.
pub async fn simulate(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    let mut write = Write::begin(engine, session).await?;
    let import = store::load_in(&write.tx, session, id).await?;
    check_state(&import)?;
    check_mapping(&import, session)?;
    store::forget_rows(&write.tx, id, false).await?;
    let title = title(&locale::text(session.locale, "import.simulate"), session, &import);
    let params = Params { import: id, redo: false, from: None };
    let job = NewJob::new(Simulate::NAME, title, json!(params));
    begin(&mut write, &import, state::SIMULATING, job).await?.answer(engine, session, write).await
}

/// Starts the import, goes on with one that was stopped, or does the rows again
/// that failed; answers with the job.
pub async fn run(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    let mut write = Write::begin(engine, session).await?;
    let import = store::load_in(&write.tx, session, id).await?;
    check_mapping(&import, session)?;
    let mut params = Params { import: id, redo: false, from: None };
    match import.row.state.as_str() {
        state::DONE if import.summary.failed > 0 => params.redo = true,
        state::CANCELLED | state::FAILED => params = stopped(&write, &import).await?,
        _ => {
            check_state(&import)?;
            store::forget_rows(&write.tx, id, false).await?;
        }
    }
    let title = title(&locale::text(session.locale, "import.run"), session, &import);
    let job = NewJob::new(Run::NAME, title, json!(params));
    begin(&mut write, &import, state::RUNNING, job).await?.answer(engine, session, write).await
}

/// Takes the whole import back; answers with the job.
pub async fn revert(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    let mut write = Write::begin(engine, session).await?;
    let import = store::load_in(&write.tx, session, id).await?;
    session.gate(import.resource, "delete")?;
    session.gate(import.resource, "update")?;
    let ended = [state::DONE, state::CANCELLED, state::FAILED].contains(&import.row.state.as_str());
    if !ended || !store::has_changes(&write.tx, id).await? {
        return Err(refused(&import));
    }
    let params = Params { import: id, redo: false, from: None };
    let title = title(&locale::text(session.locale, "import.revert"), session, &import);
    let summary = import.summary;
    let total = summary.created + summary.updated - summary.reverted - summary.kept;
    let job = NewJob::new(Revert::NAME, title, json!(params)).total(total);
    begin(&mut write, &import, state::REVERTING, job).await?.answer(engine, session, write).await
}

/// What the job that was stopped had in hand. A revert that was stopped goes on
/// as a revert only.
async fn stopped(write: &Write, import: &Import) -> Result<Params, Problem> {
    let id = import.row.job_id.ok_or_else(|| refused(import))?;
    let old = job::Entity::find_by_id((write.session.tenant.0, id)).one(&*write.tx).await.refused()?;
    let old = old.filter(|job| job.kind == Run::NAME).ok_or_else(|| refused(import))?;
    let params: Params = serde_json::from_str(&old.params).map_err(|_| refused(import))?;
    let saved: Option<Checkpoint> = old.checkpoint.and_then(|text| serde_json::from_str(&text).ok());
    Ok(Params { from: saved.or(params.from), ..params })
}

/// A job that was asked for in an open write.
struct Begun {
    id: Uuid,
    told: Json,
}

impl Begun {
    /// Commits; a repetition of the request gets the job as it was at first.
    async fn answer(self, engine: &Engine, session: &Session, write: Write) -> Result<Json, Problem> {
        write.commit(202, &self.told).await?;
        jobs::get(engine, session, self.id).await
    }
}

async fn begin(write: &mut Write, import: &Import, state: &str, job: NewJob) -> Result<Begun, Problem> {
    let rows = store::row_count(&import.shape).unwrap_or_default();
    let total = if job.total > 0 { job.total } else { rows };
    let job = job.total(total).resource(import.resource.name);
    let mut told = json!({ "kind": job.kind, "title": job.title, "state": jobs::state::QUEUED, "done": 0, "total": job.total, "failed": 0, "resource": job.resource });
    let id = enqueue(write, job).await?;
    if let Some(told) = told.as_object_mut() {
        told.insert("id".to_owned(), json!(id));
    }
    let row: import::Model = import.row.clone();
    let mut active = row.into_active_model();
    active.state = Set(state.to_owned());
    active.job_id = Set(Some(id));
    active.updated_at = Set(write.now);
    active.update(&*write.tx).await.refused()?;
    Ok(Begun { id, told })
}

fn title(what: &str, session: &Session, import: &Import) -> String {
    let resource: &Resource = import.resource;
    let plural = locale::text(session.locale, &format!("resource.{}.plural", resource.name));
    format!("{what}: {plural} ({})", import.row.file_name)
}

/// Refuses what no row could bear: nothing mapped, or no column for the key.
fn check_mapping(import: &Import, session: &Session) -> Result<(), Problem> {
    let mut problems = Vec::new();
    let mapped = |name: &str| import.mapping.iter().any(|m| m.field.as_deref() == Some(name));
    if import.mapping.iter().all(|m| m.field.is_none()) {
        problems.push(FieldProblem::new("mapping", "required"));
    }
    if import.mode != Mode::Create && !import.row.key_field.as_deref().is_some_and(mapped) {
        problems.push(FieldProblem::new("key", "key_unmapped"));
    }
    if !problems.is_empty() {
        return Err(Problem::fields(problems));
    }
    super::gates(session, import).map(|_| ())
}
