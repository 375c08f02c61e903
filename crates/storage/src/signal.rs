//! Short messages between the nodes of an installation. PostgreSQL carries
//! them; with SQLite there is one node, which hears itself without help.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sqlx::postgres::PgListener;

use crate::{Db, StorageError};

const CHANNEL: &str = "conexao";

/// Longest message in bytes that the database carries.
pub const MAX: usize = 7_900;

/// An open ear for messages.
#[derive(Debug)]
pub struct Signals(PgListener);

impl Db {
    /// Sends to every listening node, this one included. `false`: there is no
    /// other node, and nobody but the caller will hear it.
    pub async fn signal(&self, message: &str) -> Result<bool, StorageError> {
        if !self.is_postgres() {
            return Ok(false);
        }
        let values = [CHANNEL.into(), message.into()];
        self.pool
            .execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values))
            .await?;
        Ok(true)
    }

    /// Starts to listen; `None` where [`Db::signal`] answers `false`. Keeps a
    /// connection of the pool.
    pub async fn signals(&self) -> Result<Option<Signals>, StorageError> {
        if !self.is_postgres() {
            return Ok(None);
        }
        let listen = async {
            let mut listener = PgListener::connect_with(self.pool.get_postgres_connection_pool()).await?;
            listener.listen(CHANNEL).await?;
            Ok(listener)
        };
        let listener: Result<PgListener, sqlx::Error> = listen.await;
        let listener = listener.map_err(|error| StorageError::Database(sea_orm::DbErr::Custom(error.to_string())))?;
        Ok(Some(Signals(listener)))
    }
}

impl Signals {
    /// The next message. `None`: the connection broke and messages may be lost;
    /// the next call connects again.
    pub async fn next(&mut self) -> Result<Option<String>, StorageError> {
        let received = self.0.try_recv().await;
        let received = received.map_err(|error| StorageError::Database(sea_orm::DbErr::Custom(error.to_string())))?;
        Ok(received.map(|notification| notification.payload().to_owned()))
    }
}
