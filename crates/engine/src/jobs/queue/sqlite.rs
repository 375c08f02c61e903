//! The queue on SQLite: one writer at a time, so claims need no lock of their own.

use apalis_sqlite::queries::push_tasks;
use chrono::{DateTime, Utc};
use sqlx::SqlitePool;

use super::{Lane, NewTask, Waiting, WaitingRow};

type Failure = apalis_sqlite::Error;

pub(super) async fn relay(
    pool: &SqlitePool,
    limit: i64,
    now: DateTime<Utc>,
    plan: impl Fn(&Waiting) -> Vec<NewTask> + Send,
) -> Result<Vec<Waiting>, Failure> {
    // Looking first leaves the write lock to others while there is nothing to do.
    let waiting: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM outbox WHERE relayed_at IS NULL LIMIT 1").fetch_optional(pool).await?;
    if waiting.is_none() {
        return Ok(Vec::new());
    }
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    let sql = "SELECT tenant_id, id, event, resource, record_id, payload FROM outbox WHERE relayed_at IS NULL ORDER BY id LIMIT $1";
    let rows: Vec<WaitingRow> = sqlx::query_as(sql).bind(limit).fetch_all(&mut *tx).await?;
    let rows: Vec<Waiting> = rows.into_iter().map(Waiting::from).collect();
    for task in rows.iter().flat_map(plan) {
        push_tasks(&mut *tx, task.lane().name(), &[task.build()]).await?;
    }
    // Nobody else writes meanwhile: what waits up to the last row is what was taken.
    if let Some(last) = rows.last() {
        let mark = sqlx::query("UPDATE outbox SET relayed_at = $1 WHERE relayed_at IS NULL AND id <= $2");
        mark.bind(now).bind(last.id).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(rows)
}

pub(super) async fn push(pool: &SqlitePool, task: NewTask) -> Result<(), Failure> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    push_tasks(&mut *tx, task.lane().name(), &[task.build()]).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn open(pool: &SqlitePool) -> Result<i64, sqlx::Error> {
    let sql = "SELECT COUNT(*) FROM Jobs WHERE job_type IN ($1, $2) AND status NOT IN ('Done', 'Killed')";
    sqlx::query_scalar(sql).bind(Lane::Events.name()).bind(Lane::Jobs.name()).fetch_one(pool).await
}

pub(super) async fn purge(pool: &SqlitePool, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let mut purged = 0;
    loop {
        let sql = "DELETE FROM Jobs WHERE id IN (SELECT id FROM Jobs WHERE status IN ('Done', 'Killed') AND done_at < $1 LIMIT 1000)";
        let some = sqlx::query(sql).bind(before.timestamp()).execute(pool).await?.rows_affected();
        purged += some;
        if some < 1000 {
            break;
        }
    }
    let sql =
        "DELETE FROM Workers WHERE last_seen < $1 AND NOT EXISTS (SELECT 1 FROM Jobs WHERE Jobs.lock_by = Workers.id)";
    sqlx::query(sql).bind(before.timestamp()).execute(pool).await?;
    Ok(purged)
}
