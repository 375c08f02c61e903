//! Connections for reading with one statement, on PostgreSQL.
//!
//! A transaction costs as much again as a small query. These connections are
//! read-only and keep the tenant they were last told, so that a statement goes
//! out alone; row-level security holds as in a transaction. They are never part
//! of the common pool, where a tenant left behind would be somebody else's.

use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{DbErr, RuntimeErr, Statement};
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection,
    postgres::{PgConnectOptions, PgRow},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::transaction::prepared;

/// An open connection and the tenant it is set to.
#[derive(Debug)]
struct Tagged {
    tenant: i32,
    connection: PgConnection,
}

/// Connections of one thread: one that is waited for on another wakes both.
#[derive(Debug)]
pub(crate) struct Glances {
    options: PgConnectOptions,
    free: Arc<Semaphore>,
    idle: Mutex<Vec<Tagged>>,
}

impl Glances {
    pub(crate) fn new(options: &PgConnectOptions, most: usize, patience: u128) -> Arc<Self> {
        let patience = patience.to_string();
        let settings = [("default_transaction_read_only", "on"), ("statement_timeout", patience.as_str())];
        let options = options.clone().options(settings);
        Arc::new(Self { options, free: Arc::new(Semaphore::new(most)), idle: Mutex::default() })
    }

    /// A place to read from, once one is free. Connects when it is first used.
    pub(crate) async fn glance(self: &Arc<Self>, tenant: i32) -> Result<Glance, DbErr> {
        let permit = Arc::clone(&self.free).acquire_owned().await;
        let permit = permit.map_err(|error| DbErr::Conn(RuntimeErr::Internal(error.to_string())))?;
        Ok(Glance { home: Arc::clone(self), tenant, _permit: permit })
    }

    /// An idle connection, of the tenant if there is one.
    fn take(&self, tenant: i32) -> Option<Tagged> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        match idle.iter().rposition(|tagged| tagged.tenant == tenant) {
            Some(at) => Some(idle.swap_remove(at)),
            None => idle.pop(),
        }
    }

    fn put(&self, tagged: Tagged) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(tagged);
    }

    /// What one broken connection says of the others: the server was away.
    fn forget(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Leave to use one of the connections. A connection whose statement fails, or
/// is given up half-way, is closed rather than used again.
#[derive(Debug)]
pub struct Glance {
    home: Arc<Glances>,
    tenant: i32,
    _permit: OwnedSemaphorePermit,
}

impl Glance {
    pub(crate) async fn rows(&self, statement: Statement) -> Result<Vec<PgRow>, sqlx::Error> {
        if let Some(tagged) = self.home.take(self.tenant) {
            match self.run(tagged, statement.clone()).await {
                // It broke while nobody used it. Reading again does no harm.
                Err(sqlx::Error::Io(_)) => self.home.forget(),
                answer => return answer,
            }
        }
        // No tenant has this number, so that the first statement sets its own.
        let connection = PgConnection::connect_with(&self.home.options).await?;
        self.run(Tagged { tenant: -1, connection }, statement).await
    }

    async fn run(&self, mut tagged: Tagged, statement: Statement) -> Result<Vec<PgRow>, sqlx::Error> {
        if tagged.tenant != self.tenant {
            let set = format!("SET conexao.tenant = '{}'", self.tenant);
            tagged.connection.execute(AssertSqlSafe(set)).await?;
            tagged.tenant = self.tenant;
        }
        let rows = prepared(statement).fetch_all(&mut tagged.connection).await?;
        self.home.put(tagged);
        Ok(rows)
    }
}
