//! An open transaction of either database.
//!
//! PostgreSQL's is not SeaORM's own: beginning it and setting the tenant are
//! one message instead of two, and giving up what only read is sent along when
//! the connection goes back to the pool instead of being waited for.

use std::fmt::Write;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, Executor, PgPool, Postgres, query::Query};
use tokio::sync::Mutex;

use crate::glance::Glance;

type Inner = sqlx::Transaction<'static, Postgres>;

/// A transaction that statements can be run in.
#[derive(Debug)]
pub enum Transaction {
    Sqlite(DatabaseTransaction),
    Postgres(Mutex<Inner>),
    /// Not a transaction at all: every statement sees the data as it is then.
    Glance(Glance),
}

/// A glance only reads, which PostgreSQL enforces, too.
fn reads_only() -> DbErr {
    DbErr::Custom("a glance only reads".to_owned())
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn exec_error(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

pub(crate) fn prepared(statement: Statement) -> Query<'static, Postgres, SqlxValues> {
    let values = statement.values.unwrap_or_else(|| sea_orm::sea_query::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

impl Transaction {
    /// Begins with the tenant set; `mode` and `tenant` are words of ours. A
    /// statement may take `patience` milliseconds, 0 is for ever.
    pub(crate) async fn begin_postgres(pool: &PgPool, mode: &str, tenant: &str, patience: u128) -> Result<Self, DbErr> {
        let mut begin = format!("BEGIN {mode}; SET LOCAL conexao.tenant = '{tenant}'");
        if patience > 0 {
            let _ = write!(begin, "; SET LOCAL statement_timeout = {patience}");
        }
        Ok(Self::Postgres(Mutex::new(pool.begin_with(AssertSqlSafe(begin)).await.map_err(exec_error)?)))
    }

    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.into_inner().commit().await.map_err(exec_error),
            Self::Glance(_) => Ok(()),
        }
    }

    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await,
            // Dropping it queues the rollback, which the pool sends.
            Self::Postgres(tx) => {
                drop(tx);
                Ok(())
            }
            Self::Glance(_) => Ok(()),
        }
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) | Self::Glance(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(tx) => tx.execute_raw(statement).await,
            Self::Postgres(tx) => {
                let done = prepared(statement).execute(&mut **tx.lock().await).await;
                done.map(ExecResult::from).map_err(exec_error)
            }
            Self::Glance(_) => Err(reads_only()),
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(tx) => tx.execute_unprepared(sql).await,
            Self::Postgres(tx) => {
                let done = tx.lock().await.execute(AssertSqlSafe(sql.to_owned())).await;
                done.map(ExecResult::from).map_err(exec_error)
            }
            Self::Glance(_) => Err(reads_only()),
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(tx) => tx.query_one_raw(statement).await,
            Self::Postgres(tx) => {
                let row = prepared(statement).fetch_optional(&mut **tx.lock().await).await;
                row.map(|row| row.map(QueryResult::from)).map_err(query_error)
            }
            Self::Glance(glance) => {
                let rows = glance.rows(statement).await.map_err(query_error)?;
                Ok(rows.into_iter().next().map(QueryResult::from))
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(tx) => tx.query_all_raw(statement).await,
            Self::Postgres(tx) => {
                let rows = prepared(statement).fetch_all(&mut **tx.lock().await).await;
                Ok(rows.map_err(query_error)?.into_iter().map(QueryResult::from).collect())
            }
            Self::Glance(glance) => {
                let rows = glance.rows(statement).await.map_err(query_error)?;
                Ok(rows.into_iter().map(QueryResult::from).collect())
            }
        }
    }
}
