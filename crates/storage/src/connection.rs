//! Opening the database; the only file that knows connection settings.

use std::{ops::Deref, sync::Arc, time::Duration};

use log::LevelFilter;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use crate::{StorageError, glance::Glances, names::Names};

/// Most connections to an SQLite file; each has memory of its own. The task
/// queue's own statements wait for the turn to write within SQLite, each with a
/// connection in its hand: with fewer there is none left for what the one whose
/// turn it is has to look up.
const SQLITE_CONNECTIONS: u32 = 8;

/// From this time on a statement is worth a line in the log: its text, which has
/// no values in it.
const SLOW: Duration = Duration::from_secs(1);

/// How long anybody waits for a connection, or for the turn to write.
const PATIENCE: Duration = Duration::from_secs(20);

/// A pool of connections to one database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) pool: DatabaseConnection,
    pub(crate) names: Names,
    pub(crate) glances: Option<Arc<Glances>>,
    /// Whose turn it is to write to SQLite, which has one writer: the others
    /// wait here in order, and keep no connection from readers while they do.
    turn: Option<Arc<Mutex<()>>>,
    /// Milliseconds after which PostgreSQL gives a statement up; 0 is never.
    pub(crate) patience: u128,
}

/// The pool with the turn to write.
#[derive(Debug)]
pub struct Alone<'a> {
    pool: &'a DatabaseConnection,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Deref for Alone<'_> {
    type Target = DatabaseConnection;

    fn deref(&self) -> &Self::Target {
        self.pool
    }
}

impl Db {
    /// Connects to `sqlite://path?mode=rwc` or `postgres://…` with at most
    /// `connections` connections.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StorageError> {
        // SQLite reads with as many as there are cores and writes with one.
        let connections = if url.starts_with("sqlite") { connections.min(SQLITE_CONNECTIONS) } else { connections };
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .sqlx_logging_level(LevelFilter::Off)
            .sqlx_slow_statements_logging_settings(LevelFilter::Warn, SLOW);
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .foreign_keys(true)
                .busy_timeout(PATIENCE)
                .pragma("journal_mode", "WAL")
                // FULL: an acknowledged write survives a power cut, not only a crash.
                .pragma("synchronous", "FULL")
                // In kB, and every connection has its own: what is not in it is
                // in the system's cache.
                .pragma("cache_size", "-4000")
                .pragma("temp_store", "MEMORY")
        });
        let pool = Database::connect(options).await?;
        let turn = (pool.get_database_backend() == DbBackend::Sqlite).then(Arc::default);
        Ok(Self { pool, names: Names::default(), glances: None, turn, patience: 0 })
    }

    /// The same for one thread of several that answers requests: with at most
    /// `connections` of its own for reading, and statements that PostgreSQL
    /// gives up after `patience`, for nobody waits longer. SQLite has no use for
    /// them, and a pooler that hands every transaction to another session does
    /// not allow the connections: give it none.
    pub fn for_thread(&self, connections: u32, patience: Duration) -> Self {
        let most = usize::try_from(connections).unwrap_or_default();
        let patience = patience.as_millis();
        let glances = (self.is_postgres() && most > 0)
            .then(|| Glances::new(&self.pool.get_postgres_connection_pool().connect_options(), most, patience));
        Self { glances, patience, ..self.clone() }
    }

    /// Waits for the turn to write, which ends with what is returned. `None`
    /// where writers do not wait for each other.
    pub(crate) async fn turn(&self) -> Result<Option<OwnedMutexGuard<()>>, StorageError> {
        let Some(turn) = &self.turn else { return Ok(None) };
        let mine = timeout(PATIENCE, Arc::clone(turn).lock_owned()).await;
        mine.map(Some).map_err(|_| StorageError::Unreachable("another write takes too long".to_owned()))
    }

    /// For one statement that writes and needs no transaction.
    pub async fn alone(&self) -> Result<Alone<'_>, StorageError> {
        Ok(Alone { pool: &self.pool, _turn: self.turn().await? })
    }

    /// The pool itself, for looking, and for migrations and the task queue, which
    /// bring their own SQL.
    pub fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    pub fn is_postgres(&self) -> bool {
        self.pool.get_database_backend() == DbBackend::Postgres
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StorageError> {
        Ok(self.pool.ping().await?)
    }

    /// Whether the PostgreSQL role is one that row-level security does not bind.
    pub async fn bypasses_row_security(&self) -> Result<bool, StorageError> {
        let sql = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
        let row = self.pool.query_one_raw(Statement::from_string(self.pool.get_database_backend(), sql)).await?;
        Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or(true))
    }
}
