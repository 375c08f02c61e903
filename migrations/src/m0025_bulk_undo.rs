//! What a bulk job left behind, so that it can be taken back.

use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let (id, integer) = if backend == DbBackend::Postgres { ("UUID", "BIGINT") } else { ("BLOB", "INTEGER") };
    vec![
        format!("ALTER TABLE job ADD COLUMN undone_by {id}"),
        format!("ALTER TABLE job_row ADD COLUMN version {integer}"),
    ]
}
