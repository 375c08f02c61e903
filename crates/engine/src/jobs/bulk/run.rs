//! The bulk job.

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
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    Params,
    batch::{self, Act, BATCH, Checkpoint, Item},
    gate, parse_query,
    tags::{TAG, Tags},
};
use crate::{
    Gate, facts,
    jobs::{JobCtx, JobError, JobKind, JobWrite, center::page_of_rows},
    refusal::Refused,
    write,
};

/// Ids read at once.
const PAGE: u64 = 200;
#[derive(Debug)]
pub(in crate::jobs) struct Bulk;

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

fn item((line, id): (i64, Uuid)) -> Item {
    Item { line, id, left: None }
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
        let mut at = Checkpoint::of(ctx);
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
            batch::batch(&task, &mut at, &batch).await?;
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
            let ids = self.params.request.ids.iter().skip(done).copied();
            return Ok((at.line + 1..).zip(ids).map(item).collect());
        }
        let tx = self.ctx.engine.db.read(self.ctx.session.tenant).await.refused()?;
        let items = match &self.query {
            Some(query) if !at.redo => {
                let ids = query::ids(&tx, self.gate.resource, query, &self.gate.rows(), &self.facts, at.after)
                    .await
                    .refused()?;
                (at.line + 1..).zip(ids).map(item).collect()
            }
            _ => {
                let rows = page_of_rows(&tx, self.ctx.id, true, at.line, PAGE).await?;
                rows.into_iter().filter_map(|row| Some(item((row.line, row.record_id?)))).collect()
            }
        };
        tx.rollback().await.refused()?;
        Ok(items)
    }
}

#[async_trait]
impl Act for Task<'_> {
    fn ctx(&self) -> &JobCtx {
        self.ctx
    }

    async fn apply(&self, write: &mut JobWrite, item: Item) -> Result<Option<i64>, Problem> {
        let (engine, gate, request, id) = (&self.ctx.engine, &self.gate, &self.params.request, item.id);
        let noted = write.noted();
        let version = match request.action.as_str() {
            "patch" => write::apply_patch(engine, write, gate, id, None, &request.values).await?.version(),
            TAG => write::apply_tags(engine, write, gate, id, (&self.tags.add, &self.tags.remove)).await?.version(),
            // The record is as it was before, but for its version.
            "delete" => write::apply_remove(write, gate, id, None).await?.version() + 1,
            step => write::apply_step(engine, write, gate, id, None, step, &request.values).await?.version(),
        };
        Ok((write.noted() > noted).then_some(version))
    }
}
