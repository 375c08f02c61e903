//! The audit as something to look through, and what its verification found.

use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let instant = if matches!(backend, DbBackend::Postgres) { "TIMESTAMPTZ" } else { "TEXT" };
    let mut statements = vec![
        format!("ALTER TABLE audit_head ADD COLUMN verified_at {instant}"),
        "ALTER TABLE audit_head ADD COLUMN verified_seq BIGINT".to_owned(),
        "ALTER TABLE audit_head ADD COLUMN broken_at BIGINT".to_owned(),
        "CREATE INDEX audit_at_idx ON audit (tenant_id, at, seq)".to_owned(),
    ];
    // Each filter of the explorer walks an index of its own, newest first.
    let filters = ["actor_id", "record_id", "ip", "request_id"];
    statements.extend(filters.map(|column| {
        format!("CREATE INDEX audit_{column}_idx ON audit (tenant_id, {column}, at, seq) WHERE {column} IS NOT NULL")
    }));
    statements.extend(
        ["action", "resource"]
            .map(|column| format!("CREATE INDEX audit_{column}_at_idx ON audit (tenant_id, {column}, at, seq)")),
    );
    statements
}
