//! Records in small transactions that carry the checkpoint. A batch in which one
//! record refuses is undone and done again record by record, so that one never
//! takes another with it.

use async_trait::async_trait;
use conexao_domain::kernel::problem::{Code, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::jobs::{JobCtx, JobError, JobWrite};

/// Records of one transaction.
pub(super) const BATCH: usize = 25;
/// Tries for a record that others change at the same time.
const TRIES: usize = 5;

/// How far the job is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// The last line done.
    pub line: i64,
    /// The record of that line: a query goes on after it.
    pub after: Option<Uuid>,
    /// Only lines that failed before.
    pub redo: bool,
}

impl Checkpoint {
    /// Where the last try of the job got to.
    pub fn of(ctx: &JobCtx) -> Self {
        ctx.checkpoint.clone().and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default()
    }
}

/// A line and the record it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item {
    pub line: i64,
    pub id: Uuid,
    /// The version that is taken back.
    pub left: Option<i64>,
}

/// What is done to each record.
#[async_trait]
pub(super) trait Act: Sync {
    fn ctx(&self) -> &JobCtx;

    /// Does it inside an open write; answers the version the record has then, if
    /// it changed.
    async fn apply(&self, write: &mut JobWrite, item: Item) -> Result<Option<i64>, Problem>;
}

/// All records of the batch in one transaction, or else one by one.
pub(super) async fn batch(act: &impl Act, at: &mut Checkpoint, items: &[Item]) -> Result<(), JobError> {
    if together(act, at, items).await? {
        return Ok(());
    }
    for item in items {
        act.ctx().proceed()?;
        alone(act, at, *item).await?;
    }
    Ok(())
}

/// `false`: one of them refuses, and nothing was written.
async fn together(act: &impl Act, at: &mut Checkpoint, items: &[Item]) -> Result<bool, JobError> {
    let mut write = act.ctx().write().await?;
    for item in items {
        let Ok(left) = act.apply(&mut write, *item).await else { return Ok(false) };
        write.row_left(item.line, item.id, left);
    }
    advance(at, write, items, true).await?;
    Ok(true)
}

async fn alone(act: &impl Act, at: &mut Checkpoint, item: Item) -> Result<(), JobError> {
    let mut tries = TRIES;
    loop {
        let mut write = act.ctx().write().await?;
        let problem = match act.apply(&mut write, item).await {
            Ok(left) => {
                write.row_left(item.line, item.id, left);
                return advance(at, write, &[item], true).await;
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
                let mut write = act.ctx().write().await?;
                write.row(item.line, Some(item.id), Err(&problem));
                return advance(at, write, &[item], false).await;
            }
        }
    }
}

/// Commits, and with it that these lines are done.
async fn advance(at: &mut Checkpoint, mut write: JobWrite, items: &[Item], ok: bool) -> Result<(), JobError> {
    let count = i64::try_from(items.len()).unwrap_or_default();
    match (at.redo, ok) {
        (false, _) => {
            write.progress.done += count;
            write.progress.failed += if ok { 0 } else { count };
        }
        (true, true) => write.progress.failed -= count,
        (true, false) => {}
    }
    let last = items.last();
    let next = Checkpoint {
        line: last.map_or(at.line, |item| item.line),
        after: last.map(|item| item.id).or(at.after),
        redo: at.redo,
    };
    write.checkpoint(json!(next));
    write.commit().await?;
    *at = next;
    Ok(())
}
