//! What a tenant is there for, its state, its clock; credentials of what it is
//! connected to; entries of the audit that were written under a moved clock.

use conexao_storage::schema::{
    ColumnType::{Instant, Integer, Json, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let postgres = backend == DbBackend::Postgres;
    let (number, instant) = if postgres { ("BIGINT", "TIMESTAMPTZ") } else { ("INTEGER", "TEXT") };
    let mut statements: Vec<String> = [
        "kind TEXT NOT NULL DEFAULT 'production'".to_owned(),
        format!("version {number} NOT NULL DEFAULT 1"),
        // Why it was suspended, for those who are kept out.
        "reason TEXT".to_owned(),
        "clock TEXT NOT NULL DEFAULT '{\"mode\":\"real\"}'".to_owned(),
        // The company whose settings an environment for trying things out took over.
        "origin INTEGER".to_owned(),
    ]
    .iter()
    .map(|column| format!("ALTER TABLE tenant ADD COLUMN {column}"))
    .collect();
    let demo = if postgres { "demo" } else { "demo <> 0" };
    statements.push(format!("UPDATE tenant SET kind = 'demo' WHERE {demo}"));
    statements.push("ALTER TABLE tenant DROP COLUMN demo".to_owned());
    // An installation has one operator.
    statements.push("CREATE UNIQUE INDEX tenant_operator_key ON tenant (kind) WHERE kind = 'operator'".to_owned());
    statements.push(format!("ALTER TABLE audit ADD COLUMN clock {instant}"));
    let integration = tenant_table("integration")
        .required("name", Text)
        .required("version", Integer)
        .required("plain", Json)
        .required("hints", Json)
        .required("updated_at", Instant)
        .texts(&["updated_by", "trial"])
        .optional("tried_at", Instant)
        .optional("used_at", Instant)
        .unique(&["name"]);
    statements.extend(integration.sql(backend));
    statements
}
