//! Asking for a job, cancelling it, having it done again.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{
    canonical::write_instant,
    problem::{Code, Problem},
};
use conexao_storage::{
    Tenant, Tx,
    entity::{job, outbox},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Registry, center, center::Reader, state};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// Jobs in audit and outbox.
pub(super) const JOB: &str = "job";
/// Events of the outbox that make a task for the job they name.
pub(super) const EVENTS: &[&str] = &["job.queue", "job.retry", "job.wait"];

/// A job to be done.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub kind: &'static str,
    /// What people read, in the language of who asks.
    pub title: String,
    pub params: Json,
    /// Rows to do; 0 while unknown.
    pub total: i64,
    /// The resource it works on, for links.
    pub resource: Option<&'static str>,
}

impl NewJob {
    pub fn new(kind: &'static str, title: impl Into<String>, params: Json) -> Self {
        Self { kind, title: title.into(), params, total: 0, resource: None }
    }

    pub fn total(self, total: i64) -> Self {
        Self { total, ..self }
    }

    pub fn resource(self, resource: &'static str) -> Self {
        Self { resource: Some(resource), ..self }
    }
}

/// Asks for a job inside an open write: it exists if and only if the write is
/// committed, and starts then. Returns its id.
pub async fn enqueue(write: &mut Write, new: NewJob) -> Result<Uuid, Problem> {
    let id = Uuid::now_v7();
    let changes =
        Map::from_iter([("kind".to_owned(), json!([null, new.kind])), ("title".to_owned(), json!([null, new.title]))]);
    let token_id = write.session.token.as_ref().map(|token| token.id);
    let row = row(write.session.tenant, id, new, write.session.user_id(), write.now);
    let row = job::ActiveModel { token_id: Set(token_id), ..row };
    job::Entity::insert(row).exec_without_returning(&*write.tx).await.refused()?;
    write.note(Entry { resource: JOB, record_id: Some(id), action: "queue".to_owned(), changes });
    Ok(id)
}

fn row(tenant: Tenant, id: Uuid, new: NewJob, created_by: Option<Uuid>, now: DateTime<Utc>) -> job::ActiveModel {
    job::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(id),
        kind: Set(new.kind.to_owned()),
        title: Set(new.title),
        state: Set(state::QUEUED.to_owned()),
        params: Set(new.params.to_string()),
        done: Set(0),
        total: Set(new.total),
        failed: Set(0),
        resource: Set(new.resource.map(str::to_owned)),
        attempts: Set(0),
        lease: Set(0),
        cancel_requested: Set(false),
        created_by: Set(created_by),
        created_at: Set(now),
        ..Default::default()
    }
}

/// The system's own job under an id of the caller's choice, so that asking
/// twice makes one job. Leaves no audit entry: nobody did it.
pub(crate) async fn enqueue_in(
    tx: &Tx,
    id: Uuid,
    new: NewJob,
    now: DateTime<Utc>,
    run_at: Option<DateTime<Utc>>,
) -> Result<(), Problem> {
    let known = job::Entity::find_by_id((tx.tenant().0, id)).one(&**tx).await.refused()?;
    if known.is_some() {
        return Ok(());
    }
    let row = job::ActiveModel { run_at: Set(run_at), ..row(tx.tenant(), id, new, None, now) };
    job::Entity::insert(row).exec_without_returning(&**tx).await.refused()?;
    wait_for_turn(tx, id, now, run_at).await
}

/// Has the relay make a task for the job, not before `run_at`.
pub(crate) async fn wait_for_turn(
    tx: &Tx,
    id: Uuid,
    now: DateTime<Utc>,
    run_at: Option<DateTime<Utc>>,
) -> Result<(), Problem> {
    let row = outbox::ActiveModel {
        tenant_id: Set(tx.tenant().0),
        id: Set(Uuid::now_v7()),
        event: Set("job.wait".to_owned()),
        resource: Set(JOB.to_owned()),
        record_id: Set(Some(id)),
        payload: Set(json!({ "run_at": run_at.map(write_instant) }).to_string()),
        created_at: Set(now),
        relayed_at: Set(None),
    };
    outbox::Entity::insert(row).exec_without_returning(&**tx).await.refused().map(|_| ())
}

/// Cancels: at once when it has not begun, else as soon as it notices.
pub async fn cancel(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    match cancel_once(engine, session, id).await {
        // It began, or ended, between the look and the write.
        Err(problem) if problem.code == Code::InProgress => cancel_once(engine, session, id).await,
        done => done,
    }
}

async fn cancel_once(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    let job = center::load(engine, session, id).await?;
    let mut write = Write::begin(engine, session).await?;
    let columns = match job.state.as_str() {
        state::QUEUED => job::ActiveModel {
            state: Set(state::CANCELLED.to_owned()),
            cancel_requested: Set(true),
            finished_at: Set(Some(write.now)),
            ..Default::default()
        },
        state::RUNNING => job::ActiveModel { cancel_requested: Set(true), ..Default::default() },
        _ => return Err(Problem::new(Code::StepRefused).detail("not_from")),
    };
    change(&mut write, &job, columns, "cancel").await?;
    answer(engine, write, id, 200).await
}

/// Has a job done again: the rest of one that ended early, the failed rows of
/// one that is done.
pub async fn retry(engine: &Engine, registry: &Registry, session: &Session, id: Uuid) -> Result<Json, Problem> {
    let job = center::load(engine, session, id).await?;
    let refused = || Problem::new(Code::StepRefused).detail("not_from");
    if job.undone_by.is_some() {
        return Err(refused());
    }
    let checkpoint = match job.state.as_str() {
        state::FAILED | state::DEAD | state::CANCELLED => None,
        state::DONE if job.failed > 0 => {
            let kind = registry.kind(&job.kind).ok_or_else(refused)?;
            Some(kind.again(&job).ok_or_else(refused)?)
        }
        _ => return Err(refused()),
    };
    let mut write = Write::begin(engine, session).await?;
    let columns = job::ActiveModel {
        state: Set(state::QUEUED.to_owned()),
        attempts: Set(0),
        cancel_requested: Set(false),
        error: Set(None),
        run_at: Set(None),
        finished_at: Set(None),
        checkpoint: checkpoint.map_or_else(Default::default, |c| Set(Some(c.to_string()))),
        ..Default::default()
    };
    change(&mut write, &job, columns, "retry").await?;
    answer(engine, write, id, 200).await
}

/// Writes the columns if the job is still as it was read.
async fn change(write: &mut Write, job: &job::Model, columns: job::ActiveModel, action: &str) -> Result<(), Problem> {
    let update = job::Entity::update_many()
        .set(columns)
        .filter(job::Column::TenantId.eq(job.tenant_id))
        .filter(job::Column::Id.eq(job.id))
        .filter(job::Column::State.eq(&job.state));
    if update.exec(&*write.tx).await.refused()?.rows_affected != 1 {
        return Err(Problem::new(Code::InProgress));
    }
    write.note(Entry { resource: JOB, record_id: Some(job.id), action: action.to_owned(), changes: Map::new() });
    Ok(())
}

/// Commits a write that asked for a job. The job as it stands is the answer,
/// also to a repetition of the request.
pub async fn accept(engine: &Engine, write: Write, id: Uuid) -> Result<Json, Problem> {
    answer(engine, write, id, 202).await
}

async fn answer(engine: &Engine, write: Write, id: Uuid, status: u16) -> Result<Json, Problem> {
    let tenant = write.session.tenant;
    let job = center::shown_in(&write.tx, id, Reader::of(engine, &write.session)).await?;
    write.commit(status, &job).await?;
    center::tell(engine, tenant, id).await;
    Ok(job)
}
