//! What a running job has in hand.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use conexao_domain::kernel::problem::Problem;
use conexao_storage::entity::{job, job_row};
use sea_orm::{ActiveValue, ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{JobError, Registry, Runner, breath::Breath, center, lease::Lease};
use crate::{Engine, Session, Write, refusal::Refused};

/// Progress is told live at most this often.
const TELL: Duration = Duration::from_millis(300);
/// Rows per statement: databases bound the number of parameters.
const CHUNK: usize = 200;

/// How far a job is, in rows. `done` counts failed ones too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: i64,
    /// 0 while unknown.
    pub total: i64,
    pub failed: i64,
}

/// A running job.
#[derive(Debug)]
pub struct JobCtx {
    pub engine: Engine,
    /// The user who started the job, with their permissions as of now; the
    /// system for jobs that nobody started.
    pub session: Session,
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
    pub params: Json,
    /// Where the last try got to; `None` at the very first.
    pub checkpoint: Option<Json>,
    pub(crate) registry: Registry,
    breath: Breath,
    pub(super) shared: Arc<Shared>,
}

/// What the job, its heartbeat and its writes share.
#[derive(Debug)]
pub(super) struct Shared {
    pub lease: Lease,
    cancelled: AtomicBool,
    lost: AtomicBool,
    stopping: AtomicBool,
    progress: Mutex<Progress>,
    told: Mutex<Option<Instant>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub fn new(lease: Lease, progress: Progress) -> Self {
        Self {
            lease,
            cancelled: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            progress: Mutex::new(progress),
            told: Mutex::new(None),
        }
    }

    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub fn lose(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    pub fn ask_to_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Whether it is time to tell progress again.
    fn due(&self) -> bool {
        let mut told = locked(&self.told);
        let due = told.is_none_or(|at| at.elapsed() >= TELL);
        if due {
            *told = Some(Instant::now());
        }
        due
    }
}

impl JobCtx {
    pub(super) fn new(runner: &Runner, session: Session, job: &job::Model, shared: Arc<Shared>) -> Self {
        let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Self {
            engine: runner.engine.clone(),
            registry: runner.registry.clone(),
            breath: runner.breath.clone(),
            session,
            id: job.id,
            created_at: job.created_at,
            params: read(&job.params),
            checkpoint: job.checkpoint.as_deref().map(read),
            shared,
        }
    }

    /// Whether somebody asked to cancel.
    pub fn cancelled(&self) -> bool {
        self.shared.is_cancelled()
    }

    /// For the top of every loop: an error when the job is to stop, because it
    /// was cancelled, the node shuts down or another node took the job over.
    pub fn proceed(&self) -> Result<(), JobError> {
        let stop = self.shared.is_cancelled() || self.shared.is_lost() || self.shared.is_stopping();
        if stop { Err(JobError::Stop) } else { Ok(()) }
    }

    /// How far the job is as of the last commit.
    pub fn progress(&self) -> Progress {
        *locked(&self.shared.progress)
    }

    /// Opens a write whose commit saves progress and checkpoint together with
    /// the effects.
    pub async fn write(&self) -> Result<JobWrite, Problem> {
        if !self.engine.db.is_postgres() {
            self.breath.take().await;
        }
        let write = Write::begin(&self.engine, &self.session).await?;
        let (engine, shared) = (self.engine.clone(), Arc::clone(&self.shared));
        Ok(JobWrite {
            write,
            progress: self.progress(),
            engine,
            shared,
            checkpoint: None,
            file: None,
            rows: Vec::new(),
        })
    }

    /// Saves progress on its own, for work that has no other effect.
    pub async fn report(&self, progress: Progress) -> Result<(), JobError> {
        let mut write = self.write().await?;
        write.progress = progress;
        write.commit().await
    }
}

/// A write of a job: an ordinary one, plus where the job stands after it.
#[derive(Debug)]
pub struct JobWrite {
    write: Write,
    /// Progress as it will be after the commit.
    pub progress: Progress,
    engine: Engine,
    shared: Arc<Shared>,
    checkpoint: Option<Json>,
    file: Option<(String, String)>,
    rows: Vec<job_row::ActiveModel>,
}

impl Deref for JobWrite {
    type Target = Write;

    fn deref(&self) -> &Write {
        &self.write
    }
}

impl DerefMut for JobWrite {
    fn deref_mut(&mut self) -> &mut Write {
        &mut self.write
    }
}

impl JobWrite {
    /// Where the next try begins once this write is committed.
    pub fn checkpoint(&mut self, checkpoint: Json) {
        self.checkpoint = Some(checkpoint);
    }

    /// The file the job made: key in the file store, and name for people.
    pub fn file(&mut self, key: impl Into<String>, name: impl Into<String>) {
        self.file = Some((key.into(), name.into()));
    }

    /// What became of a line; a second result for the same line replaces the first.
    pub fn row(&mut self, line: i64, record_id: Option<Uuid>, result: Result<(), &Problem>) {
        let errors = result.err().map(|problem| {
            let fields = problem.fields.iter().map(|f| json!({ "field": f.field, "code": f.code }));
            let whole = json!({ "field": null, "code": problem.code.name(), "detail": problem.detail });
            if problem.fields.is_empty() { vec![whole] } else { fields.collect() }
        });
        self.row_with(line, record_id, errors);
    }

    /// The same of a line that went well, with the version it left the record in
    /// where it changed it.
    pub(super) fn row_left(&mut self, line: i64, record_id: Uuid, version: Option<i64>) {
        self.row_with(line, Some(record_id), None);
        if let Some(row) = self.rows.last_mut() {
            row.version = Set(version);
        }
    }

    /// The same with errors of the kind's own making: objects with `field`,
    /// `code` and whatever else readers of the rows should see.
    pub fn row_with(&mut self, line: i64, record_id: Option<Uuid>, errors: Option<Vec<Json>>) {
        self.rows.push(job_row::ActiveModel {
            tenant_id: Set(self.shared.lease.tenant.0),
            job_id: Set(self.shared.lease.job),
            line: Set(line),
            ok: Set(errors.is_none()),
            record_id: Set(record_id),
            errors: Set(errors.map(|errors| Json::from(errors).to_string())),
            version: Set(None),
        });
    }

    /// Commits effects, rows, progress and checkpoint together. `Stop` when
    /// somebody else took the job over: then nothing was written.
    pub async fn commit(self) -> Result<(), JobError> {
        let Self { write, progress, engine, shared, checkpoint, file, rows } = self;
        save_rows(&write, rows).await?;
        let moved = checkpoint.is_some() || progress != *locked(&shared.progress);
        let (file_key, file_name) = file.unzip();
        let columns = job::ActiveModel {
            done: Set(progress.done),
            total: Set(progress.total),
            failed: Set(progress.failed),
            checkpoint: checkpoint.map_or_else(ActiveValue::default, |c| Set(Some(c.to_string()))),
            file_key: file_key.map_or_else(ActiveValue::default, |key| Set(Some(key))),
            file_name: file_name.map_or_else(ActiveValue::default, |name| Set(Some(name))),
            attempts: if moved { Set(0) } else { ActiveValue::default() },
            heartbeat_at: Set(Some(write.now)),
            ..Default::default()
        };
        if !shared.lease.write(&write.tx, columns).await? {
            shared.lose();
            return Err(JobError::Stop);
        }
        write.commit(200, &Json::Null).await?;
        *locked(&shared.progress) = progress;
        if shared.due() {
            center::tell(&engine, shared.lease.tenant, shared.lease.job).await;
        }
        Ok(())
    }
}

async fn save_rows(write: &Write, rows: Vec<job_row::ActiveModel>) -> Result<(), Problem> {
    let key = [job_row::Column::TenantId, job_row::Column::JobId, job_row::Column::Line];
    let values = [job_row::Column::Ok, job_row::Column::RecordId, job_row::Column::Errors, job_row::Column::Version];
    for chunk in rows.chunks(CHUNK) {
        let replace = OnConflict::columns(key).update_columns(values).to_owned();
        let insert = job_row::Entity::insert_many(chunk.to_vec()).on_conflict(replace);
        insert.exec_without_returning(&*write.tx).await.refused()?;
    }
    Ok(())
}
