//! Taking a bulk job back: each record that is still as the job left it becomes
//! what it was; the others are left alone and reported.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        resource::Resource,
    },
    locale, registry,
};
use conexao_storage::entity::{job, job_row};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    Bulk,
    batch::{self, Act, BATCH, Checkpoint, Item},
    gate,
    tags::TAG,
};
use crate::{
    Engine, Gate, Session, Write,
    jobs::{JobCtx, JobError, JobKind, JobWrite, NewJob, accept, center, enqueue, state},
    read,
    refusal::Refused,
    write,
};

/// How long after its end a job can be taken back.
const WHILE: TimeDelta = TimeDelta::minutes(10);

/// What was done, without to which records.
#[derive(Debug, Deserialize)]
struct Done {
    resource: String,
    action: String,
}

impl Done {
    fn of(job: &job::Model) -> Option<(&'static Resource, String)> {
        let done: Self = serde_json::from_str(&job.params).ok()?;
        Some((registry::by_name(&done.resource)?, done.action))
    }
}

/// Whether the user may have the job taken back now; why not, otherwise.
fn undoable(job: &job::Model, user: Option<Uuid>, now: DateTime<Utc>) -> Result<(), Problem> {
    let over = [state::DONE, state::FAILED, state::CANCELLED, state::DEAD].contains(&job.state.as_str());
    if job.kind != Bulk::NAME || !over || job.undone_by.is_some() || job.done <= job.failed {
        return Err(Problem::new(Code::NotUndoable).detail("undo_nothing"));
    }
    if user.is_none() || job.created_by != user {
        return Err(Problem::new(Code::NotUndoable).detail("undo_other"));
    }
    if job.finished_at.is_none_or(|ended| ended < now - WHILE) {
        return Err(Problem::new(Code::NotUndoable).detail("undo_late"));
    }
    let (resource, action) = Done::of(job).ok_or_else(|| Problem::new(Code::NotUndoable).detail("undo_nothing"))?;
    match action.as_str() {
        "delete" => Ok(()),
        "patch" | TAG => write::undoable(resource, "update"),
        step => write::undoable(resource, step),
    }
}

/// The same for those who look at the job.
pub(in crate::jobs) fn is_undoable(job: &job::Model, user: Option<Uuid>, now: DateTime<Utc>) -> bool {
    undoable(job, user, now).is_ok()
}

/// Asks for a job that takes another one back; answers it.
pub async fn undo(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    let job = center::load(engine, session, id).await?;
    let mut write = Write::begin(engine, session).await?;
    undoable(&job, session.user_id(), write.now)?;
    let (resource, action) = Done::of(&job).ok_or_else(Problem::not_found)?;
    gate(session, resource, &action)?;
    let title = format!("{}: {}", locale::text(session.locale, "bulk.undo"), job.title);
    let params = json!(Params { job: id, action, resource: resource.name.to_owned() });
    let undoing = enqueue(&mut write, NewJob::new(Undo::NAME, title, params).resource(resource.name)).await?;
    let claim = job::Entity::update_many()
        .col_expr(job::Column::UndoneBy, Expr::val(undoing))
        .filter(job::Column::TenantId.eq(job.tenant_id))
        .filter(job::Column::Id.eq(job.id))
        .filter(job::Column::State.eq(&job.state))
        .filter(job::Column::UndoneBy.is_null());
    if claim.exec(&*write.tx).await.refused()?.rows_affected != 1 {
        return Err(Problem::new(Code::InProgress));
    }
    let shown = accept(engine, write, undoing).await?;
    center::tell(engine, session.tenant, id).await;
    Ok(shown)
}

#[derive(Debug, Serialize, Deserialize)]
struct Params {
    /// The job that is taken back.
    job: Uuid,
    resource: String,
    action: String,
}

/// The job that takes another one back.
#[derive(Debug)]
pub(in crate::jobs) struct Undo;

impl Undo {
    pub const NAME: &str = "bulk.undo";
}

#[async_trait]
impl JobKind for Undo {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let wrong = |_| Problem::new(Code::Malformed).detail("params");
        let params: Params = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        let resource = registry::by_name(&params.resource).ok_or_else(Problem::not_found)?;
        let task = Task { ctx, gate: gate(&ctx.session, resource, &params.action)?, params };
        let mut at = Checkpoint::of(ctx);
        task.count().await?;
        loop {
            ctx.proceed()?;
            let items = task.next(&at).await?;
            if items.is_empty() {
                let progress = ctx.progress();
                return Ok(json!({ "done": progress.done - progress.failed, "failed": progress.failed }));
            }
            batch::batch(&task, &mut at, &items).await?;
        }
    }
}

struct Task<'a> {
    ctx: &'a JobCtx,
    gate: Gate,
    params: Params,
}

impl Task<'_> {
    /// Lines of the other job that changed their records.
    fn lines(&self) -> Select<job_row::Entity> {
        job_row::Entity::find()
            .filter(job_row::Column::TenantId.eq(self.ctx.session.tenant.0))
            .filter(job_row::Column::JobId.eq(self.params.job))
            .filter(job_row::Column::Ok.eq(true))
            .filter(job_row::Column::Version.is_not_null())
    }

    /// Sets the total at the very start.
    async fn count(&self) -> Result<(), JobError> {
        if self.ctx.checkpoint.is_some() {
            return Ok(());
        }
        let tx = self.ctx.engine.db.read(self.ctx.session.tenant).await.refused()?;
        let total = self.lines().count(&*tx).await.refused()?;
        tx.rollback().await.refused()?;
        let mut progress = self.ctx.progress();
        progress.total = i64::try_from(total).unwrap_or_default();
        self.ctx.report(progress).await
    }

    async fn next(&self, at: &Checkpoint) -> Result<Vec<Item>, Problem> {
        let tx = self.ctx.engine.db.read(self.ctx.session.tenant).await.refused()?;
        let next = self.lines().filter(job_row::Column::Line.gt(at.line)).order_by_asc(job_row::Column::Line);
        let rows = next.limit(u64::try_from(BATCH).unwrap_or(1)).all(&*tx).await.refused()?;
        tx.rollback().await.refused()?;
        let item = |row: job_row::Model| Some(Item { line: row.line, id: row.record_id?, left: row.version });
        Ok(rows.into_iter().filter_map(item).collect())
    }
}

#[async_trait]
impl Act for Task<'_> {
    fn ctx(&self) -> &JobCtx {
        self.ctx
    }

    async fn apply(&self, write: &mut JobWrite, item: Item) -> Result<Option<i64>, Problem> {
        let (resource, left) = (self.gate.resource, item.left.unwrap_or_default());
        if self.params.action == "delete" {
            write::apply_restore(write, &self.gate, item.id, left).await?;
            return Ok(None);
        }
        let changed = || Problem::new(Code::NotUndoable).detail("undo_changed");
        let current = read::load(&write.tx, &self.gate, item.id).await?;
        let last = write::last(&write.tx, resource, item.id).await?.ok_or_else(changed)?;
        if current.version() != left {
            return Err(changed());
        }
        write::apply_undo(&self.ctx.engine, write, &self.gate, current, &last).await.map(|_| None)
    }
}
