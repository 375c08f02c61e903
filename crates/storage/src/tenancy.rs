//! Transactions that belong to one tenant. On PostgreSQL the tenant is set for
//! the transaction and row-level security refuses everything else.

use async_recursion::async_recursion;
use std::{
    ops::Deref,
    sync::atomic::{AtomicBool, Ordering},
};

use conexao_domain::kernel::resource::Resource;
use sea_orm::{
    ConnectionTrait, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait, sea_query::SelectStatement,
};
use tokio::sync::OwnedMutexGuard;

use crate::{Db, StorageError, names::Names, transaction::Transaction};

/// Number of a tenant; part of every key of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tenant(pub i32);

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Read,
    Write,
}

impl Purpose {
    /// What PostgreSQL is told of it; SQLite gives readers one picture anyway.
    const fn mode(self) -> &'static str {
        match self {
            Self::Read => "ISOLATION LEVEL REPEATABLE READ, READ ONLY",
            Self::Write => "READ WRITE",
        }
    }
}

/// An open transaction of one tenant, or of the system's own plumbing.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction,
    tenant: Option<Tenant>,
    purpose: Purpose,
    names: Names,
    /// Whether a commit makes what is remembered of names wrong.
    renames: AtomicBool,
    /// Given up after the transaction, which is above.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Db {
    /// A transaction for reading: one picture for all its statements, rolled
    /// back at the end.
    #[async_recursion]
    pub async fn read(&self, tenant: Tenant) -> Result<Tx, StorageError> {
        self.begin(Some(tenant), Purpose::Read, SqliteTransactionMode::Deferred).await
    }

    /// For reading with one statement, or with several that need not agree on
    /// the moment. Cheaper than [`Db::read`] where the thread has connections
    /// for it, the same elsewhere.
    #[async_recursion]
    pub async fn glance(&self, tenant: Tenant) -> Result<Tx, StorageError> {
        let Some(glances) = &self.glances else { return self.read(tenant).await };
        let inner = Transaction::Glance(glances.glance(tenant.0).await?);
        let (names, renames) = (self.names.clone(), AtomicBool::new(false));
        Ok(Tx { inner, tenant: Some(tenant), purpose: Purpose::Read, names, renames, _turn: None })
    }

    /// A transaction for writing. On SQLite it takes the write lock at once,
    /// so that a later statement cannot fail for want of it.
    #[async_recursion]
    pub async fn write(&self, tenant: Tenant) -> Result<Tx, StorageError> {
        self.begin(Some(tenant), Purpose::Write, SqliteTransactionMode::Immediate).await
    }

    /// A transaction across tenants, for log-in by e-mail, the outbox relay
    /// and the job runner. Row-level security lets it see their tables only.
    #[async_recursion]
    pub async fn system(&self) -> Result<Tx, StorageError> {
        self.begin(None, Purpose::Write, SqliteTransactionMode::Immediate).await
    }

    /// Like [`Db::system`] for looking only: takes no write lock.
    #[async_recursion]
    pub async fn system_read(&self) -> Result<Tx, StorageError> {
        self.begin(None, Purpose::Read, SqliteTransactionMode::Deferred).await
    }

    async fn begin(
        &self,
        tenant: Option<Tenant>,
        purpose: Purpose,
        mode: SqliteTransactionMode,
    ) -> Result<Tx, StorageError> {
        let turn = if purpose == Purpose::Write { self.turn().await? } else { None };
        let inner = if self.is_postgres() {
            let setting = tenant.map_or_else(|| "system".to_owned(), |t| t.0.to_string());
            let pool = self.pool.get_postgres_connection_pool();
            Transaction::begin_postgres(pool, purpose.mode(), &setting, self.patience).await?
        } else {
            let options = TransactionOptions { sqlite_transaction_mode: Some(mode), ..TransactionOptions::default() };
            Transaction::Sqlite(self.pool.begin_with_options(options).await?)
        };
        let (names, renames) = (self.names.clone(), AtomicBool::new(false));
        Ok(Tx { inner, tenant, purpose, names, renames, _turn: turn })
    }
}

impl Tx {
    /// The tenant of the transaction; 0, which is nobody, for the system's.
    pub fn tenant(&self) -> Tenant {
        self.tenant.unwrap_or(Tenant(0))
    }

    /// What is remembered of names. A writing transaction has nothing of the
    /// kind: it sees its own changes, and others must not yet.
    pub fn names(&self) -> Option<&Names> {
        (self.purpose == Purpose::Read).then_some(&self.names)
    }

    /// Notes that records of `resource` change.
    pub(crate) fn changes(&self, resource: &Resource) {
        if Names::remembers(resource) {
            self.renames.store(true, Ordering::Relaxed);
        }
    }

    /// The database's plan for a statement, a line per step.
    pub(crate) async fn explain(&self, select: &SelectStatement) -> Result<String, StorageError> {
        let backend = self.get_database_backend();
        // SQLite puts the text in the fourth column, PostgreSQL in the only one.
        let (prefix, column) = if backend == DbBackend::Postgres { ("EXPLAIN", 0) } else { ("EXPLAIN QUERY PLAN", 3) };
        let mut statement = backend.build(select);
        statement.sql = format!("{prefix} {}", statement.sql);
        let rows = self.query_all_raw(statement).await?;
        let lines: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get_by_index(column)).collect();
        Ok(lines?.join("\n"))
    }

    #[async_recursion]
    pub async fn commit(self) -> Result<(), StorageError> {
        self.inner.commit().await?;
        if self.renames.load(Ordering::Relaxed) {
            self.names.forget();
        }
        Ok(())
    }

    /// Ends a transaction that only read, or whose writes are not wanted.
    #[async_recursion]
    pub async fn rollback(self) -> Result<(), StorageError> {
        Ok(self.inner.rollback().await?)
    }
}

impl Deref for Tx {
    type Target = Transaction;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}
