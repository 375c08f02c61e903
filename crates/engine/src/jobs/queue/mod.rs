//! The task queue: apalis on the product's own database, so that a task exists
//! if and only if the transaction that asked for it was committed. The only
//! place that knows apalis, and which of its two back ends is in use.
//!
//! Delivery is at least once: whoever does the work makes it count once.

mod postgres;
mod sqlite;
mod worker;

use std::time::Duration;

use chrono::{DateTime, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::Db;
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, SqlitePool};
use uuid::Uuid;

pub(crate) use worker::work;

/// What a task asks for. Old tasks may wait in the queue across an upgrade, so
/// variants are added, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// Follow an event of the outbox.
    Event { tenant: i32, id: Uuid },
    /// Take up a job.
    Job { tenant: i32, id: Uuid },
    /// Do what is due at a moment.
    Tick { name: String, at: DateTime<Utc> },
}

/// Short work does not wait behind long work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    Events,
    Jobs,
}

impl Lane {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Events => "conexao.events",
            Self::Jobs => "conexao.jobs",
        }
    }
}

/// A task to be queued.
#[derive(Debug, Clone)]
pub(crate) struct NewTask {
    pub work: Work,
    /// A second task with the same key is not queued.
    pub key: String,
    /// How long it waits at least, in whole seconds.
    pub delay: Duration,
}

impl NewTask {
    fn lane(&self) -> Lane {
        if matches!(self.work, Work::Job { .. }) { Lane::Jobs } else { Lane::Events }
    }

    /// The task as apalis stores it. It is given up by nobody but its handler.
    fn build(&self) -> apalis::prelude::Task<Vec<u8>> {
        const FOREVER: usize = 1_000_000;
        let arguments = serde_json::to_vec(&self.work).unwrap_or_default();
        let task = apalis::prelude::TaskBuilder::new(arguments).idempotency_key(&self.key).max_attempts(FOREVER);
        if self.delay.is_zero() { task.build() } else { task.run_after(self.delay).build() }
    }
}

/// A row of the outbox as the relay sees it.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub tenant: i32,
    pub id: Uuid,
    pub event: String,
    pub resource: String,
    pub record_id: Option<Uuid>,
    pub payload: String,
}

type WaitingRow = (i32, Uuid, String, String, Option<Uuid>, String);

impl From<WaitingRow> for Waiting {
    fn from((tenant, id, event, resource, record_id, payload): WaitingRow) -> Self {
        Self { tenant, id, event, resource, record_id, payload }
    }
}

/// The queue in one of the two databases. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) enum Queue {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

fn problem(error: &dyn std::error::Error) -> Problem {
    tracing::error!(error = %error, "task queue");
    Problem::new(Code::Unavailable)
}

impl Queue {
    pub fn of(db: &Db) -> Self {
        if db.is_postgres() {
            Self::Postgres(db.pool().get_postgres_connection_pool().clone())
        } else {
            Self::Sqlite(db.pool().get_sqlite_connection_pool().clone())
        }
    }

    /// Brings the queue's own tables up to date.
    pub async fn migrate(&self) -> Result<(), Problem> {
        // Not `setup()`: on SQLite that also turns `synchronous` off, and with
        // it the promise that what was acknowledged survives.
        let done = match self {
            Self::Sqlite(pool) => apalis_sqlite::SqliteStorage::migrations().run(pool).await,
            Self::Postgres(pool) => apalis_postgres::PostgresStorage::migrations().run(pool).await,
        };
        done.map_err(|error| problem(&error))
    }

    /// Takes up to `limit` rows out of the outbox, oldest first, and queues the
    /// tasks `plan` makes of them, all in one transaction. Rows that another
    /// node is taking are left to it.
    pub async fn relay(
        &self,
        limit: i64,
        now: DateTime<Utc>,
        plan: impl Fn(&Waiting) -> Vec<NewTask> + Send,
    ) -> Result<Vec<Waiting>, Problem> {
        match self {
            Self::Sqlite(pool) => sqlite::relay(pool, limit, now, plan).await.map_err(|error| problem(&error)),
            Self::Postgres(pool) => postgres::relay(pool, limit, now, plan).await.map_err(|error| problem(&error)),
        }
    }

    /// Queues a task unless its key was seen before.
    pub async fn push(&self, task: NewTask) -> Result<(), Problem> {
        match self {
            Self::Sqlite(pool) => sqlite::push(pool, task).await.map_err(|error| problem(&error)),
            Self::Postgres(pool) => postgres::push(pool, task).await.map_err(|error| problem(&error)),
        }
    }

    /// Tasks not done yet, waiting ones included.
    pub async fn open(&self) -> Result<i64, Problem> {
        let counted = match self {
            Self::Sqlite(pool) => sqlite::open(pool).await,
            Self::Postgres(pool) => postgres::open(pool).await,
        };
        counted.map_err(|error| problem(&error))
    }

    /// Removes what was done before the moment, and workers long gone.
    pub async fn purge(&self, before: DateTime<Utc>) -> Result<u64, Problem> {
        let purged = match self {
            Self::Sqlite(pool) => sqlite::purge(pool, before).await,
            Self::Postgres(pool) => postgres::purge(pool, before).await,
        };
        purged.map_err(|error| problem(&error))
    }
}
