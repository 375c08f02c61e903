//! The queue on PostgreSQL: nodes claim rows past each other.

use std::collections::HashSet;

use apalis_postgres::queries::push_tasks;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool, error::DatabaseError};
use uuid::Uuid;

use super::{Lane, NewTask, Waiting, WaitingRow};

type Failure = apalis_postgres::Error;

pub(super) async fn relay(
    pool: &PgPool,
    limit: i64,
    now: DateTime<Utc>,
    plan: impl Fn(&Waiting) -> Vec<NewTask> + Send,
) -> Result<Vec<Waiting>, Failure> {
    let mut tx = pool.begin().await?;
    // Row-level security: the outbox of every tenant, and nothing else.
    sqlx::query("SELECT set_config('conexao.tenant', 'system', true)").execute(&mut *tx).await?;
    let sql = "SELECT tenant_id, id, event, resource, record_id, payload FROM outbox \
               WHERE relayed_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED";
    let rows: Vec<WaitingRow> = sqlx::query_as(sql).bind(limit).fetch_all(&mut *tx).await?;
    let rows: Vec<Waiting> = rows.into_iter().map(Waiting::from).collect();
    if rows.is_empty() {
        return Ok(rows);
    }
    let tasks: Vec<NewTask> = rows.iter().flat_map(plan).collect();
    push_new(&mut tx, &tasks).await?;
    let (tenants, ids): (Vec<i32>, Vec<Uuid>) = rows.iter().map(|row| (row.tenant, row.id)).unzip();
    let sql = "UPDATE outbox SET relayed_at = $1 FROM unnest($2::int[], $3::uuid[]) AS taken (tenant_id, id) \
               WHERE outbox.tenant_id = taken.tenant_id AND outbox.id = taken.id";
    sqlx::query(sql).bind(now).bind(tenants).bind(ids).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Queues tasks whose key is new. apalis leaves duplicates to the unique index,
/// which would undo the whole transaction.
async fn push_new(connection: &mut PgConnection, tasks: &[NewTask]) -> Result<(), Failure> {
    for lane in [Lane::Events, Lane::Jobs] {
        let tasks: Vec<&NewTask> = tasks.iter().filter(|task| task.lane() == lane).collect();
        if tasks.is_empty() {
            continue;
        }
        let keys: Vec<&str> = tasks.iter().map(|task| task.key.as_str()).collect();
        let sql = "SELECT idempotency_key FROM apalis.jobs WHERE job_type = $1 AND idempotency_key = ANY($2)";
        let mut known: HashSet<String> = sqlx::query_scalar(sql)
            .bind(lane.name())
            .bind(keys)
            .fetch_all(&mut *connection)
            .await?
            .into_iter()
            .collect();
        let new = tasks.into_iter().filter(|task| known.insert(task.key.clone())).map(NewTask::build).collect();
        push_tasks(&mut *connection, lane.name(), new).await?;
    }
    Ok(())
}

pub(super) async fn push(pool: &PgPool, task: NewTask) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    match push_new(&mut tx, std::slice::from_ref(&task)).await {
        Ok(()) => Ok(tx.commit().await?),
        // Another node was faster.
        Err(Failure::Database(error)) if error.as_database_error().is_some_and(DatabaseError::is_unique_violation) => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn open(pool: &PgPool) -> Result<i64, sqlx::Error> {
    let sql = "SELECT COUNT(*) FROM apalis.jobs WHERE job_type IN ($1, $2) AND status NOT IN ('Done', 'Killed')";
    sqlx::query_scalar(sql).bind(Lane::Events.name()).bind(Lane::Jobs.name()).fetch_one(pool).await
}

pub(super) async fn purge(pool: &PgPool, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let mut purged = 0;
    loop {
        let sql = "DELETE FROM apalis.jobs WHERE id IN (SELECT id FROM apalis.jobs WHERE status IN ('Done', 'Killed') AND done_at < $1 LIMIT 1000)";
        let some = sqlx::query(sql).bind(before).execute(pool).await?.rows_affected();
        purged += some;
        if some < 1000 {
            break;
        }
    }
    let sql = "DELETE FROM apalis.workers WHERE last_seen < $1 AND NOT EXISTS (SELECT 1 FROM apalis.jobs WHERE jobs.lock_by = workers.id)";
    sqlx::query(sql).bind(before).execute(pool).await?;
    Ok(purged)
}
