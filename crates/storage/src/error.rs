//! What storage can refuse, in terms the engine can act on.

use sea_orm::{DbErr, SqlErr};

#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A unique index refused the row; holds the database's message.
    #[error("duplicate: {0}")]
    Duplicate(String),
    /// A foreign key refused the row or its removal.
    #[error("reference: {0}")]
    Reference(String),
    /// The row's version is no longer the expected one.
    #[error("stale row")]
    Stale,
    /// A statement took longer than anybody waits.
    #[error("too slow: {0}")]
    TooSlow(String),
    /// Two transactions collided; the whole transaction may be tried again.
    #[error("collision: {0}")]
    Collision(String),
    /// No connection came: the database is away, or all are busy for too long.
    #[error("no connection: {0}")]
    Unreachable(String),
    #[error(transparent)]
    Database(DbErr),
}

impl From<DbErr> for StorageError {
    fn from(error: DbErr) -> Self {
        if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
            return Self::Unreachable(error.to_string());
        }
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(message)) => Self::Duplicate(message),
            Some(SqlErr::ForeignKeyConstraintViolation(message)) => Self::Reference(message),
            _ => {
                let text = error.to_string();
                if text.contains("canceling statement due to statement timeout") {
                    return Self::TooSlow(text);
                }
                if text.contains("error communicating with database") {
                    return Self::Unreachable(text);
                }
                let collided = ["database is locked", "deadlock detected", "could not serialize"];
                if collided.iter().any(|c| text.contains(c)) { Self::Collision(text) } else { Self::Database(error) }
            }
        }
    }
}
