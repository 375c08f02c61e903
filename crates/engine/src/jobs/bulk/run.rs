//! The bulk job. Records are changed in small transactions that carry the
//! checkpoint; a batch in which one record refuses is undone and done again
//! record by record, so that one never takes another with it.

use std::collections::VecDeque;

use async_trait::async_trait;
use conexao_domain::{
    kernel::{
        plan::Facts,
        problem::{Code, Problem},
        query::ListQuery,
        resource::Resource,
    },
    registry,
};
use conexao_storage::{entity::job, query};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    Params, gate, parse_query,
    tags::{TAG, Tags},
};
use crate::{
    Gate, facts,
    jobs::{JobCtx, JobError, JobKind, JobWrite, center::page_of_rows},
    refusal::Refused,
    write,
};

/// Records of one transaction.
const BATCH: usize = 25;
/// Ids read at once.
const PAGE: u64 = 200;
/// Tries for a record that others change at the same time.
const TRIES: usize = 5;

#[derive(Debug)]
pub(in crate::jobs) struct Bulk;

/// How far the job is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Checkpoint {
    /// The last line done.
    line: i64,
    /// The record of that line: a query goes on after it.
    after: Option<Uuid>,
    /// Only lines that failed before.
    redo: bool,
}

/// A line and the record it is about.
type Item = (i64, Uuid);

/// What the whole job works with.
struct Task<'a> {
    ctx: &'a JobCtx,
    gate: Gate,
    params: Params,
    query: Option<ListQuery>,
    /// For the action that is about them.
    tags: Tags,
    /// The moment of the request, so that "today" stays the same on resuming.
    facts: Facts,
}

impl Bulk {
    pub const NAME: &str = "bulk";
}

#[async_trait]
impl JobKind for Bulk {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let task = Task::new(ctx)?;
        let mut at: Checkpoint =
            ctx.checkpoint.clone().and_then(|c| serde_json::from_value(c).ok()).unwrap_or_default();
        task.count().await?;
        let mut items = VecDeque::new();
        loop {
            ctx.proceed()?;
            if items.is_empty() {
                items.extend(task.next(&at).await?);
            }
            let batch: Vec<Item> = items.drain(..items.len().min(BATCH)).collect();
            if batch.is_empty() {
                let progress = ctx.progress();
                return Ok(json!({ "done": progress.done - progress.failed, "failed": progress.failed }));
            }
            task.batch(&mut at, &batch).await?;
        }
    }

    fn again(&self, _: &job::Model) -> Option<Json> {
        Some(json!(Checkpoint { redo: true, ..Checkpoint::default() }))
    }
}

impl<'a> Task<'a> {
    fn new(ctx: &'a JobCtx) -> Result<Self, Problem> {
        let wrong = |_| Problem::new(Code::Malformed).detail("params");
        let params: Params = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        let resource: &'static Resource = registry::by_name(&params.resource).ok_or_else(Problem::not_found)?;
        let gate = gate(&ctx.session, resource, &params.request.action)?;
        let mut query = params.request.query.as_deref().map(|text| parse_query(resource, text)).transpose()?;
        if let Some(query) = &mut query {
            query.limit = PAGE;
        }
        let facts = facts::of(&gate.session, ctx.created_at);
        let tagged = params.request.action == TAG;
        let tags = if tagged { Tags::read(&params.request.values)? } else { Tags::default() };
        Ok(Self { ctx, gate, params, query, tags, facts })
    }

    /// Sets the total of a query at the very start.
    async fn count(&self) -> Result<(), JobError> {
        let Some(query) = self.query.as_ref().filter(|_| self.ctx.checkpoint.is_none()) else { return Ok(()) };
        let tx = self.ctx.engine.db.read(self.ctx.session.tenant).await.refused()?;
        let total = query::count(&tx, self.gate.resource, query, &self.gate.rows(), &self.facts).await.refused()?;
        tx.rollback().await.refused()?;
        let mut progress = self.ctx.progress();
        progress.total = total;
        self.ctx.report(progress).await
    }

    /// The next lines after the checkpoint.
    async fn next(&self, at: &Checkpoint) -> Result<Vec<Item>, Problem> {
        if !at.redo && self.query.is_none() {
            let done = usize::try_from(at.line).unwrap_or_default();
            return Ok((at.line + 1..).zip(self.params.request.ids.iter().skip(done).copied()).collect());
        }
        let tx = self.ctx.engine.db.read(self.ctx.session.tenant).await.refused()?;
        let items = match &self.query {
            Some(query) if !at.redo => {
                let ids = query::ids(&tx, self.gate.resource, query, &self.gate.rows(), &self.facts, at.after)
                    .await
                    .refused()?;
                (at.line + 1..).zip(ids).collect()
            }
            _ => {
                let rows = page_of_rows(&tx, self.ctx.id, true, at.line, PAGE).await?;
                rows.into_iter().filter_map(|row| Some((row.line, row.record_id?))).collect()
            }
        };
        tx.rollback().await.refused()?;
        Ok(items)
    }

    /// All records of the batch in one transaction, or else one by one.
    async fn batch(&self, at: &mut Checkpoint, items: &[Item]) -> Result<(), JobError> {
        if self.together(at, items).await? {
            return Ok(());
        }
        for item in items {
            self.ctx.proceed()?;
            self.alone(at, *item).await?;
        }
        Ok(())
    }

    /// `false`: one of them refuses, and nothing was written.
    async fn together(&self, at: &mut Checkpoint, items: &[Item]) -> Result<bool, JobError> {
        let mut write = self.ctx.write().await?;
        for (line, id) in items {
            if self.apply(&mut write, *id).await.is_err() {
                return Ok(false);
            }
            write.row(*line, Some(*id), Ok(()));
        }
        self.advance(at, write, items, true).await?;
        Ok(true)
    }

    async fn alone(&self, at: &mut Checkpoint, (line, id): Item) -> Result<(), JobError> {
        let mut tries = TRIES;
        loop {
            let mut write = self.ctx.write().await?;
            let problem = match self.apply(&mut write, id).await {
                Ok(()) => {
                    write.row(line, Some(id), Ok(()));
                    return self.advance(at, write, &[(line, id)], true).await;
                }
                Err(problem) => problem,
            };
            // Dropping the write undoes whatever the record had already changed.
            drop(write);
            tries -= 1;
            match problem.code {
                Code::Stale | Code::Unavailable if tries > 0 => {}
                Code::Unavailable | Code::Internal => return Err(problem.into()),
                _ => {
                    let mut write = self.ctx.write().await?;
                    write.row(line, Some(id), Err(&problem));
                    return self.advance(at, write, &[(line, id)], false).await;
                }
            }
        }
    }

    async fn apply(&self, write: &mut JobWrite, id: Uuid) -> Result<(), Problem> {
        let (engine, gate, request) = (&self.ctx.engine, &self.gate, &self.params.request);
        match request.action.as_str() {
            "patch" => drop(write::apply_patch(engine, write, gate, id, None, &request.values).await?),
            TAG => {
                let Tags { add, remove } = &self.tags;
                drop(write::apply_tags(engine, write, gate, id, (add, remove)).await?);
            }
            "delete" => drop(write::apply_remove(write, gate, id, None).await?),
            step => drop(write::apply_step(engine, write, gate, id, None, step, &request.values).await?),
        }
        Ok(())
    }

    /// Commits, and with it that these lines are done.
    async fn advance(
        &self,
        at: &mut Checkpoint,
        mut write: JobWrite,
        items: &[Item],
        ok: bool,
    ) -> Result<(), JobError> {
        let count = i64::try_from(items.len()).unwrap_or_default();
        match (at.redo, ok) {
            (false, _) => {
                write.progress.done += count;
                write.progress.failed += if ok { 0 } else { count };
            }
            (true, true) => write.progress.failed -= count,
            (true, false) => {}
        }
        let last = items.last().copied();
        let next = Checkpoint {
            line: last.map_or(at.line, |(line, _)| line),
            after: last.map(|(_, id)| id).or(at.after),
            redo: at.redo,
        };
        write.checkpoint(json!(next));
        write.commit().await?;
        *at = next;
        Ok(())
    }
}
