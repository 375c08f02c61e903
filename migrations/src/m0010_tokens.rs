//! API tokens, their use, and secrets of records.

use conexao_storage::schema::{
    ColumnType::{Id, Instant, Integer, Text},
    lines_table, record_table, tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        tenant_table("secret")
            .required("resource", Text)
            .required("record_id", Id)
            .required("kept", Text)
            .required("created_at", Instant)
            .optional("expires_at", Instant)
            // A token is found by its hash.
            .unique(&["kept"])
            .indexed(&["record_id", "created_at"]),
        record_table("api_token")
            .sorted_text("name", "name_sort")
            .required("kind", Text)
            .optional("owner_id", Id)
            .references("owner_id", "user_account")
            .texts(&["hint", "last_used_ip"])
            .required("status", Text)
            .sorted("status")
            .optional("expires_at", Instant)
            .sorted("expires_at")
            .optional("per_minute", Integer)
            .optional("last_used_at", Instant)
            .sorted("last_used_at")
            .optional("revoked_at", Instant),
        lines_table("api_token_scope", "api_token_id", "api_token").required("permission", Text),
        lines_table("api_token_role", "api_token_id", "api_token")
            .required("role_id", Id)
            .references("role_id", "role"),
        lines_table("api_token_network", "api_token_id", "api_token").required("network", Text),
        tenant_table("token_usage")
            .keyed_by(&["token_id", "hour", "route", "status"])
            .required("token_id", Id)
            .references("token_id", "api_token")
            .required("hour", Instant)
            .required("route", Text)
            .required("status", Integer)
            .required("calls", Integer),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    // A job that a token started may do what the token may, and no more.
    let id = if backend == DbBackend::Postgres { "UUID" } else { "BLOB" };
    statements.push(format!("ALTER TABLE job ADD COLUMN token_id {id}"));
    statements
}
