//! The job centre: jobs as people see them. Everybody sees their own,
//! `job.manage` all of the tenant.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::user::USER,
    kernel::{canonical::write_instant, problem::Problem},
    locale::{self, Locale},
};
use conexao_storage::{
    Tenant, Tx,
    entity::{job, job_row, outbox},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{bulk::is_undoable, queue::Queue, state};
use crate::{
    Engine, Session,
    live::{Event, Kind},
    read::titles,
    refusal::Refused,
};

/// Jobs of a page of the list, rows of a page of results.
const JOBS: u64 = 50;
const ROWS: u64 = 100;

/// Jobs, newest first, and the id after which older ones follow.
#[derive(Debug)]
pub struct JobPage {
    pub items: Vec<Json>,
    pub next: Option<Uuid>,
}

/// Results per line, and the line after which more follow.
#[derive(Debug)]
pub struct RowPage {
    pub items: Vec<Json>,
    pub next: Option<i64>,
}

/// What the background has before it, over all tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Events nobody relayed yet.
    pub outbox: u64,
    /// Tasks waiting or in work.
    pub tasks: i64,
    /// Jobs queued or running.
    pub jobs: u64,
    /// Jobs tried too often.
    pub dead: u64,
}

/// Who looks at jobs, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub locale: Locale,
    pub user: Option<Uuid>,
    pub now: DateTime<Utc>,
}

impl Reader {
    pub fn of(engine: &Engine, session: &Session) -> Self {
        Self { locale: session.locale, user: session.user_id(), now: engine.now() }
    }
}

/// One job's row, if the session may see it.
pub async fn load(engine: &Engine, session: &Session, id: Uuid) -> Result<job::Model, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let job = job::Entity::find_by_id((session.tenant.0, id)).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let visible = |job: &job::Model| {
        session.can("job.manage") || (job.created_by.is_some() && job.created_by == session.user_id())
    };
    job.filter(visible).ok_or_else(Problem::not_found)
}

/// One job.
pub async fn get(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    load(engine, session, id).await?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let shown = shown_in(&tx, id, Reader::of(engine, session)).await?;
    tx.rollback().await.refused()?;
    Ok(shown)
}

/// A job as the open transaction sees it.
pub(super) async fn shown_in(tx: &Tx, id: Uuid, reader: Reader) -> Result<Json, Problem> {
    let job = job::Entity::find_by_id((tx.tenant().0, id)).one(&**tx).await.refused()?;
    let shown = shown(tx, job.into_iter().collect(), reader).await?.pop();
    shown.ok_or_else(Problem::not_found)
}

/// A page of the session's jobs, older than `after`.
pub async fn list(engine: &Engine, session: &Session, after: Option<Uuid>) -> Result<JobPage, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut query = job::Entity::find().filter(job::Column::TenantId.eq(session.tenant.0));
    if !session.can("job.manage") {
        query = query.filter(job::Column::CreatedBy.eq(session.user));
    }
    if let Some(after) = after {
        query = query.filter(job::Column::Id.lt(after));
    }
    let mut jobs = query.order_by_desc(job::Column::Id).limit(JOBS + 1).all(&*tx).await.refused()?;
    let next = cut(&mut jobs, JOBS).map(|job| job.id);
    let items = shown(&tx, jobs, Reader::of(engine, session)).await?;
    tx.rollback().await.refused()?;
    Ok(JobPage { items, next })
}

/// Cuts a page that was read one row too long; returns its last row if there is more.
fn cut<T>(rows: &mut Vec<T>, limit: u64) -> Option<&T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| more)
}

/// A page of a job's results per line, after the line `after`.
pub async fn rows(
    engine: &Engine,
    session: &Session,
    id: Uuid,
    failed: bool,
    after: Option<i64>,
) -> Result<RowPage, Problem> {
    load(engine, session, id).await?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut found = page_of_rows(&tx, id, failed, after.unwrap_or(i64::MIN), ROWS + 1).await?;
    tx.rollback().await.refused()?;
    let next = cut(&mut found, ROWS).map(|row| row.line);
    Ok(RowPage { items: found.into_iter().map(|row| row_json(row, session.locale)).collect(), next })
}

pub(super) async fn page_of_rows(
    tx: &Tx,
    job: Uuid,
    failed: bool,
    after: i64,
    limit: u64,
) -> Result<Vec<job_row::Model>, Problem> {
    let mut query = job_row::Entity::find()
        .filter(job_row::Column::TenantId.eq(tx.tenant().0))
        .filter(job_row::Column::JobId.eq(job))
        .filter(job_row::Column::Line.gt(after));
    if failed {
        // Written as the index of failed rows says it.
        query = query.filter(Expr::cust("NOT ok"));
    }
    query.order_by_asc(job_row::Column::Line).limit(limit).all(&**tx).await.refused()
}

fn row_json(row: job_row::Model, locale: Locale) -> Json {
    let mut errors: Vec<Json> = row.errors.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    for error in &mut errors {
        let message = message(locale, error);
        if let Some(error) = error.as_object_mut() {
            error.entry("message").or_insert(message.into());
        }
    }
    json!({ "line": row.line, "record_id": row.record_id, "ok": row.ok, "errors": errors })
}

/// An error's wording: of a value, of a refused step, of anything else.
fn message(locale: Locale, error: &Json) -> String {
    let text = |name: &str| error.get(name).and_then(Json::as_str).unwrap_or_default();
    let code = text("code");
    let keys = [format!("invalid.{code}"), format!("reason.{}", text("detail")), format!("problem.{code}")];
    keys.iter().find_map(|key| locale::find(locale, key)).unwrap_or(code).to_owned()
}

/// A problem as rows keep it: readers get it in their own language.
pub(super) fn error_text(problem: &Problem) -> String {
    let field = problem.fields.first();
    let code = field.map_or(problem.code.name(), |f| f.code.as_str());
    json!({ "code": code, "field": field.map(|f| &f.field), "detail": problem.detail }).to_string()
}

fn shown_error(locale: Locale, kept: &str) -> String {
    let error: Json = serde_json::from_str(kept).unwrap_or_default();
    let about = ["field", "detail"].iter().find_map(|name| error.get(name).and_then(Json::as_str));
    let message = message(locale, &error);
    about.map_or_else(|| message.clone(), |about| format!("{message} ({about})"))
}

async fn shown(tx: &Tx, jobs: Vec<job::Model>, reader: Reader) -> Result<Vec<Json>, Problem> {
    let people: BTreeSet<Uuid> = jobs.iter().filter_map(|job| job.created_by).collect();
    let names = titles(tx, &USER, &people).await?;
    let name = |id: Uuid| names.get(&id.to_string()).map(|title| title.0.as_str());
    Ok(jobs.into_iter().map(|job| job_json(&job, job.created_by.and_then(name), reader)).collect())
}

fn job_json(job: &job::Model, name: Option<&str>, reader: Reader) -> Json {
    let result: Json = job.result.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    json!({
        "id": job.id,
        "kind": job.kind,
        "title": job.title,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "failed": job.failed,
        "result": result,
        "error": job.error.as_deref().map(|kept| shown_error(reader.locale, kept)),
        "resource": job.resource,
        "attempts": job.attempts,
        "run_at": job.run_at.map(write_instant),
        "created_at": write_instant(job.created_at),
        "started_at": job.started_at.map(write_instant),
        "finished_at": job.finished_at.map(write_instant),
        "created_by": job.created_by.map(|id| json!({ "id": id, "name": name })),
        "cancellable": matches!(job.state.as_str(), state::QUEUED | state::RUNNING) && !job.cancel_requested,
        "undoable": is_undoable(job, reader.user, reader.now),
        "has_file": job.file_key.is_some(),
        "file_name": job.file_name,
    })
}

/// Tells live how a job stands. Best effort: whoever asks finds the same.
pub(super) async fn tell(engine: &Engine, tenant: Tenant, id: Uuid) {
    let told = async {
        let tx = engine.db.read(tenant).await.refused()?;
        let Some(job) = job::Entity::find_by_id((tenant.0, id)).one(&*tx).await.refused()? else { return Ok(()) };
        let user = job.created_by;
        let reader = Reader { locale: Locale::default(), user, now: engine.now() };
        let data = shown(&tx, vec![job], reader).await?.pop().unwrap_or_default();
        tx.rollback().await.refused()?;
        engine.hub.publish(&engine.db, vec![Event::new(tenant.0, Kind::Job, user, data)]).await;
        Ok::<(), Problem>(())
    };
    if let Err(problem) = told.await {
        tracing::warn!(%problem, job.id = %id, "progress was not told");
    }
}

/// What waits to be done in the whole installation.
pub async fn backlog(engine: &Engine) -> Result<Backlog, Problem> {
    let tx = engine.db.system().await.refused()?;
    let waiting = outbox::Entity::find().filter(outbox::Column::RelayedAt.is_null()).count(&*tx).await.refused()?;
    let open = job::Entity::find()
        .filter(job::Column::State.is_in([state::QUEUED, state::RUNNING]))
        .count(&*tx)
        .await
        .refused()?;
    let dead = job::Entity::find().filter(job::Column::State.eq(state::DEAD)).count(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(Backlog { outbox: waiting, tasks: Queue::of(&engine.db).open().await?, jobs: open, dead })
}
