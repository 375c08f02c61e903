//! Transactions that belong to one tenant. On PostgreSQL the tenant is set for
//! the transaction and row-level security refuses everything else.

use std::ops::Deref;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};

use crate::{Db, StorageError};

/// Number of a tenant; part of every key of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tenant(pub i32);

/// An open transaction of one tenant, or of the system's own plumbing.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    tenant: Option<Tenant>,
}

impl Db {
    /// A transaction for reading: one consistent picture, rolled back at the end.
    pub async fn read(&self, tenant: Tenant) -> Result<Tx, StorageError> {
        self.begin(Some(tenant), SqliteTransactionMode::Deferred).await
    }

    /// A transaction for writing. On SQLite it takes the write lock at once,
    /// so that a later statement cannot fail for want of it.
    pub async fn write(&self, tenant: Tenant) -> Result<Tx, StorageError> {
        self.begin(Some(tenant), SqliteTransactionMode::Immediate).await
    }

    /// A transaction across tenants, for log-in by e-mail, the outbox relay
    /// and the job runner. Row-level security lets it see their tables only.
    pub async fn system(&self) -> Result<Tx, StorageError> {
        self.begin(None, SqliteTransactionMode::Immediate).await
    }

    async fn begin(&self, tenant: Option<Tenant>, mode: SqliteTransactionMode) -> Result<Tx, StorageError> {
        let options = TransactionOptions { sqlite_transaction_mode: Some(mode), ..TransactionOptions::default() };
        let inner = self.pool.begin_with_options(options).await?;
        if self.is_postgres() {
            let setting = tenant.map_or_else(|| "system".to_owned(), |t| t.0.to_string());
            let sql = "SELECT set_config('conexao.tenant', $1, true)";
            inner.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [setting.into()])).await?;
        }
        Ok(Tx { inner, tenant })
    }
}

impl Tx {
    /// The tenant of the transaction; 0, which is nobody, for the system's.
    pub fn tenant(&self) -> Tenant {
        self.tenant.unwrap_or(Tenant(0))
    }

    pub async fn commit(self) -> Result<(), StorageError> {
        Ok(self.inner.commit().await?)
    }

    /// Ends a transaction that only read, or whose writes are not wanted.
    pub async fn rollback(self) -> Result<(), StorageError> {
        Ok(self.inner.rollback().await?)
    }
}

impl Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}
