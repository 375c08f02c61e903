//! Tenants, the keys that sign access tokens, and the shared search index.

use conexao_storage::schema::{
    ColumnType::{Boolean, Instant, Json, Small, Text},
    plain_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let mut statements = vec![
        plain_table(
            backend,
            "tenant",
            &[
                ("id", Small),
                ("slug", Text),
                ("name", Text),
                ("time_zone", Text),
                ("status", Text),
                ("demo", Boolean),
                ("settings", Json),
                ("created_at", Instant),
            ],
        ),
        "CREATE UNIQUE INDEX tenant_slug_key ON tenant (slug)".to_owned(),
        plain_table(backend, "signing_key", &[("id", Text), ("created_at", Instant)]),
    ];
    if backend == DbBackend::Postgres {
        statements.push("CREATE EXTENSION IF NOT EXISTS pg_trgm".to_owned());
    } else {
        // The key table gives each searchable row a stable rowid in the index.
        statements.push(
            "CREATE TABLE search_key (rid INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, resource_table TEXT NOT NULL, record_id BLOB NOT NULL, \
             UNIQUE (tenant_id, resource_table, record_id))"
                .to_owned(),
        );
        statements.push(
            "CREATE VIRTUAL TABLE search_index USING fts5(text, content='', contentless_delete=1, tokenize='trigram', detail='full')".to_owned(),
        );
    }
    statements
}
