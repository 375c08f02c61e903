//! Storage errors in the product's terms.

use conexao_domain::kernel::problem::{Code, FieldProblem, Problem};
use conexao_storage::StorageError;

/// What a caller learns of a storage error; unknown causes are logged and hidden.
pub fn problem(error: StorageError) -> Problem {
    match error {
        StorageError::Stale => Problem::new(Code::Stale),
        StorageError::Duplicate(message) => duplicate(&message),
        StorageError::Reference(_) => Problem::new(Code::InUse),
        StorageError::Collision(message) => {
            tracing::warn!(%message, "transactions collided");
            Problem::new(Code::Unavailable)
        }
        StorageError::TooSlow(message) => {
            tracing::error!(%message, "a statement was given up");
            Problem::new(Code::Unavailable)
        }
        StorageError::Unreachable(message) => {
            tracing::error!(%message, "the database does not answer");
            Problem::new(Code::Unavailable)
        }
        StorageError::Database(error) => {
            tracing::error!(%error, "database");
            Problem::new(Code::Internal)
        }
    }
}

/// Names the field of the unique index that refused: SQLite says
/// `table.column`, PostgreSQL the index name `table_column_key`.
fn duplicate(message: &str) -> Problem {
    let mut problem = Problem::new(Code::Duplicate);
    for resource in conexao_domain::registry::RESOURCES {
        for field in resource.fields.iter().filter(|f| f.unique) {
            let (sqlite, postgres) =
                (format!("{}.{}", resource.table, field.name), format!("{}_{}_key", resource.table, field.name));
            if message.contains(&sqlite) || message.contains(&postgres) {
                problem.fields.push(FieldProblem::new(field.name, "taken"));
            }
        }
    }
    problem
}

/// Converts the error of a storage call; for `?` in the engine.
pub trait Refused<T> {
    fn refused(self) -> Result<T, Problem>;
}

impl<T> Refused<T> for Result<T, StorageError> {
    fn refused(self) -> Result<T, Problem> {
        self.map_err(problem)
    }
}

impl<T> Refused<T> for Result<T, sea_orm::DbErr> {
    fn refused(self) -> Result<T, Problem> {
        self.map_err(|error| problem(error.into()))
    }
}
