//! The jobs that simulate, run and retry an import. Every batch is one
//! transaction that carries the checkpoint, so that a crash repeats nothing.

use async_recursion::async_recursion;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::{
    Tx,
    entity::{import, import_batch, import_row},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use tempfile::TempPath;
use uuid::Uuid;

use super::{
    batch::{Intent, Looked, Outcome},
    change, intent,
    model::{Import, state},
    outcome::{self, Changes, Checkpoint, row_state},
    rows::MappedRow,
    source::{self, BATCH, Reading},
    store,
};
use crate::{
    jobs::{JobCtx, JobError, JobKind, JobWrite, Progress},
    journal::Entry,
    refusal::Refused,
    write,
};

/// Tries for a batch that collides with what others do at the same time.
const TRIES: u32 = 5;

/// What a job keeps of what was asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Params {
    pub import: Uuid,
    /// Only the rows that failed before.
    #[serde(default)]
    pub redo: bool,
    /// Where an earlier job of the same import stopped.
    #[serde(default)]
    pub from: Option<Checkpoint>,
}

/// Looks at every row and writes nothing but what it found.
#[derive(Debug)]
pub(crate) struct Simulate;

/// Makes records of the rows.
#[derive(Debug)]
pub(crate) struct Run;

impl Simulate {
    pub const NAME: &str = "import.simulate";
}

impl Run {
    pub const NAME: &str = "import.run";
}

#[async_trait]
impl JobKind for Simulate {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        Task::new(ctx, true).await?.all().await
    }
}

#[async_trait]
impl JobKind for Run {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        Task::new(ctx, false).await?.all().await
    }
}

/// What the whole job works with.
struct Task<'a> {
    ctx: &'a JobCtx,
    import: Import,
    params: Params,
    intent: Arc<Intent>,
    dry: bool,
    /// Lines that somebody typed anew.
    edited: HashSet<u64>,
}

impl<'a> Task<'a> {
    #[async_recursion]
    async fn new(ctx: &'a JobCtx, dry: bool) -> Result<Self, Problem> {
        let params: Params =
            serde_json::from_value(ctx.params.clone()).map_err(|_| Problem::new(Code::Malformed).detail("params"))?;
        let import = store::load(&ctx.engine, &ctx.session, params.import).await?;
        check_turn(&import, ctx)?;
        let intent = Arc::new(intent(&ctx.session, &import, ctx.created_at)?);
        Ok(Self { ctx, import, params, intent, dry, edited: HashSet::new() })
    }

    async fn all(mut self) -> Result<Json, JobError> {
        let saved = self.ctx.checkpoint.clone().and_then(|c| serde_json::from_value(c).ok());
        let mut at: Checkpoint = saved.or_else(|| self.params.from.clone()).unwrap_or_default();
        if self.params.redo {
            // Counts go on from what the import is already.
            at.summary = if self.ctx.checkpoint.is_none() { self.import.summary } else { at.summary };
            self.again(&mut at).await?;
        } else {
            self.file(&mut at).await?;
        }
        self.end(&at).await
    }

    /// Every row of the file after the checkpoint.
    #[async_recursion]
    async fn file(&mut self, at: &mut Checkpoint) -> Result<(), JobError> {
        let edits = edits(self.ctx, self.import.row.id).await?;
        self.edited = edits.keys().copied().collect();
        let file = self.fetch().await?;
        let reading =
            Reading { path: file.to_path_buf(), options: self.import.shape.options.clone(), after: at.line, edits };
        let mut rows = source::start(Arc::clone(&self.intent), reading);
        while let Some(batch) = rows.recv().await {
            self.ctx.proceed()?;
            self.batch(at, batch?).await?;
        }
        Ok(())
    }

    /// The rows that failed before, as they are now.
    #[async_recursion]
    async fn again(&self, at: &mut Checkpoint) -> Result<(), JobError> {
        loop {
            self.ctx.proceed()?;
            let rows = self.failed_after(at.line).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let read = |row: import_row::Model| {
                let cells: Vec<String> = serde_json::from_str(&row.cells).unwrap_or_default();
                self.intent.mapper.map_cells(u64::try_from(row.line).unwrap_or_default(), cells)
            };
            self.batch(at, rows.into_iter().map(read).collect()).await?;
        }
    }

    async fn failed_after(&self, line: u64) -> Result<Vec<import_row::Model>, Problem> {
        let tx = self.ctx.engine.db.read(self.ctx.session.tenant).await.refused()?;
        let rows = import_row::Entity::find()
            .filter(import_row::Column::TenantId.eq(tx.tenant().0))
            .filter(import_row::Column::ImportId.eq(self.import.row.id))
            .filter(import_row::Column::Line.gt(i64::try_from(line).unwrap_or(i64::MAX)))
            .filter(import_row::Column::State.is_in([row_state::FAILED, row_state::READY]))
            .order_by_asc(import_row::Column::Line)
            .limit(u64::try_from(BATCH).unwrap_or(u64::MAX))
            .all(&*tx)
            .await
            .refused()?;
        tx.rollback().await.refused()?;
        Ok(rows)
    }

    /// The file on this machine's disk.
    async fn fetch(&self) -> Result<TempPath, Problem> {
        store::fetch(&self.ctx.engine, &self.import.row).await
    }

    #[async_recursion]
    async fn batch(&self, at: &mut Checkpoint, rows: Vec<MappedRow>) -> Result<(), JobError> {
        if self.dry { self.look(at, rows).await } else { self.save(at, rows).await }
    }

    /// Looks at the rows in a transaction that only reads.
    #[async_recursion]
    async fn look(&self, at: &mut Checkpoint, rows: Vec<MappedRow>) -> Result<(), JobError> {
        let tx = self.ctx.engine.db.read(self.ctx.session.tenant).await.refused()?;
        let looked = self.intent.look(&tx, rows, self.ctx.engine.now()).await?;
        tx.rollback().await.refused()?;
        let write = self.ctx.write().await?;
        self.commit(at, write, &looked).await
    }

    /// Writes the rows in one transaction; where the database refuses, each half
    /// for itself, down to the row that is to blame.
    #[async_recursion]
    async fn save(&self, at: &mut Checkpoint, rows: Vec<MappedRow>) -> Result<(), JobError> {
        let mut waiting = vec![rows];
        let mut tries = 0;
        while let Some(rows) = waiting.pop() {
            let problem = match self.together(at, rows.clone()).await {
                Ok(()) => {
                    tries = 0;
                    continue;
                }
                Err(JobError::Retry(problem) | JobError::Fail(problem)) => problem,
                Err(stop) => return Err(stop),
            };
            match problem.code {
                Code::Stale | Code::Unavailable if tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(50 << tries)).await;
                    waiting.push(rows);
                }
                Code::Internal | Code::Unavailable | Code::Forbidden | Code::NotFound => return Err(problem.into()),
                _ if rows.len() > 1 => {
                    let mut first = rows;
                    let second = first.split_off(first.len() / 2);
                    waiting.extend([second, first]);
                }
                _ => self.refused(at, rows, &problem).await?,
            }
            self.ctx.proceed()?;
        }
        Ok(())
    }

    #[async_recursion]
    async fn together(&self, at: &mut Checkpoint, rows: Vec<MappedRow>) -> Result<(), JobError> {
        let mut write = self.ctx.write().await?;
        let now = write.now;
        let mut looked = self.intent.look(&write.tx, rows, now).await?;
        write.stand_in(self.ctx.session.gate(self.import.resource, "import")?.behalf(None));
        write::save_many(&mut write, self.import.resource, &mut looked.checked).await?;
        let changes = Changes::of(self.import.resource, &looked);
        if !changes.is_empty() {
            let seq = next_batch(&write.tx, self.import.row.id).await?;
            changes.save(&write.tx, self.import.row.id, seq).await?;
            self.tell(&mut write, &changes);
        }
        self.commit(at, write, &looked).await
    }

    /// A row whose fault only the write itself showed.
    #[async_recursion]
    async fn refused(&self, at: &mut Checkpoint, rows: Vec<MappedRow>, problem: &Problem) -> Result<(), JobError> {
        let explained = rows.first().map(|row| self.intent.explain(problem, row)).unwrap_or_default();
        let looked = Looked::failed(rows, &explained);
        let write = self.ctx.write().await?;
        self.commit(at, write, &looked).await
    }

    /// One event for the whole batch: a million `created` events would take as
    /// long as the records, and whoever follows them wants lists of ids anyway.
    /// The audit has an entry for each record all the same.
    fn tell(&self, write: &mut JobWrite, changes: &Changes) {
        let count = |n: usize| json!([Json::Null, n]);
        let entry = Entry {
            resource: self.import.resource.name,
            record_id: None,
            action: "import".to_owned(),
            changes: Map::from_iter([
                ("import".to_owned(), json!([Json::Null, self.import.row.id])),
                ("created".to_owned(), count(changes.created.len())),
                ("updated".to_owned(), count(changes.updated.len())),
            ]),
        };
        let created: Vec<Uuid> = changes.created.iter().map(|made| made.1).collect();
        let updated: Vec<Uuid> = changes.updated.iter().map(|altered| altered.id).collect();
        let detail = [("import", json!(self.import.row.id)), ("created", json!(created)), ("updated", json!(updated))];
        write.tell(entry, detail.map(|(name, value)| (name.to_owned(), value)).into_iter().collect());
    }

    /// Commits what the batch came to, and with it that its lines are done.
    #[async_recursion]
    async fn commit(&self, at: &mut Checkpoint, mut write: JobWrite, looked: &Looked) -> Result<(), JobError> {
        let mut next = at.clone();
        if self.params.redo {
            // They were counted when they failed.
            let count = i64::try_from(looked.rows.len()).unwrap_or_default();
            next.summary.failed -= count;
            next.summary.rows -= count;
        }
        let kept = next.count(looked);
        outcome::save(&write.tx, self.import.row.id, &kept).await?;
        if !self.dry {
            let done = |(row, outcome): (&MappedRow, &Outcome)| {
                let typed = self.params.redo || self.edited.contains(&row.line);
                let failed = matches!(outcome, Outcome::Failed(_));
                (typed && !failed).then(|| i64::try_from(row.line).ok())?
            };
            let lines: Vec<i64> = looked.rows.iter().zip(&looked.outcomes).filter_map(done).collect();
            outcome::forget(&write.tx, self.import.row.id, &lines).await?;
        }
        save_summary(&write.tx, self.import.row.id, &next, None).await?;
        write.progress = Progress { done: next.summary.rows, total: self.total(&next), failed: next.summary.failed };
        write.checkpoint(json!(next));
        write.commit().await?;
        *at = next;
        Ok(())
    }

    /// Rows of the file as far as known; never fewer than are done.
    fn total(&self, at: &Checkpoint) -> i64 {
        store::row_count(&self.import.shape).unwrap_or_default().max(at.summary.rows)
    }

    #[async_recursion]
    async fn end(&self, at: &Checkpoint) -> Result<Json, JobError> {
        let ended = if self.dry { state::SIMULATED } else { state::DONE };
        let mut write = self.ctx.write().await?;
        save_summary(&write.tx, self.import.row.id, at, Some(ended)).await?;
        write.progress = Progress { done: at.summary.rows, total: at.summary.rows, failed: at.summary.failed };
        write.commit().await?;
        Ok(json!({ "import_id": self.import.row.id, "summary": at.summary }))
    }
}

/// Refuses a job that was stopped, replaced by another, and then retried: both
/// would do the same rows.
pub(super) fn check_turn(import: &Import, ctx: &JobCtx) -> Result<(), Problem> {
    if import.row.job_id == Some(ctx.id) { Ok(()) } else { Err(change::refused(import)) }
}

async fn save_summary(tx: &Tx, id: Uuid, at: &Checkpoint, ended: Option<&str>) -> Result<(), Problem> {
    let mut update = import::Entity::update_many()
        .col_expr(import::Column::Summary, Expr::val(json!(at.summary).to_string()))
        .filter(import::Column::TenantId.eq(tx.tenant().0))
        .filter(import::Column::Id.eq(id));
    if let Some(state) = ended {
        update = update.col_expr(import::Column::State, Expr::val(state));
    }
    update.exec(&**tx).await.refused().map(|_| ())
}

async fn next_batch(tx: &Tx, import: Uuid) -> Result<i64, Problem> {
    let last = import_batch::Entity::find()
        .select_only()
        .column(import_batch::Column::Seq)
        .filter(import_batch::Column::TenantId.eq(tx.tenant().0))
        .filter(import_batch::Column::ImportId.eq(import))
        .order_by_desc(import_batch::Column::Seq)
        .limit(1)
        .into_tuple::<i64>()
        .one(&**tx)
        .await
        .refused()?;
    Ok(last.unwrap_or_default() + 1)
}

/// What somebody typed anew, by line.
async fn edits(ctx: &JobCtx, import: Uuid) -> Result<HashMap<u64, Vec<String>>, Problem> {
    let tx = ctx.engine.db.read(ctx.session.tenant).await.refused()?;
    let rows = import_row::Entity::find()
        .filter(import_row::Column::TenantId.eq(tx.tenant().0))
        .filter(import_row::Column::ImportId.eq(import))
        .filter(Expr::cust("edited"))
        .all(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    let read = |row: import_row::Model| Some((u64::try_from(row.line).ok()?, serde_json::from_str(&row.cells).ok()?));
    Ok(rows.into_iter().filter_map(read).collect())
}
