//! Users, roles, what proves who somebody is, and their sessions.

use conexao_storage::schema::{
    ColumnType::{Id, Instant, Integer, Text},
    lines_table, record_table, tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        record_table("role")
            .sorted_text("name", "name_sort")
            .required("key", Text)
            .required("scope", Text)
            .unique_live("key"),
        lines_table("role_grant", "role_id", "role").required("permission", Text),
        // Log-in looks a user up by e-mail before any tenant is known.
        record_table("user_account")
            .sorted_text("name", "name_sort")
            .required("email", Text)
            .required("status", Text)
            .required("locale", Text)
            .required("theme", Text)
            .optional("last_login_at", Instant)
            .sorted("last_login_at")
            .sorted("status")
            .unique_live("email")
            .system(),
        lines_table("user_role", "user_id", "user_account").required("role_id", Id).references("role_id", "role"),
        tenant_table("credential")
            .keyed_by(&["user_id"])
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("password_hash", Text)
            .required("failures", Integer)
            .optional("locked_until", Instant)
            .required("updated_at", Instant),
        tenant_table("session")
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("token_hash", Text)
            .required("generation", Integer)
            .required("created_at", Instant)
            .required("last_used_at", Instant)
            .required("expires_at", Instant)
            .optional("revoked_at", Instant)
            .texts(&["ip", "device"]),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    statements.push("CREATE INDEX user_account_login_idx ON user_account (email) WHERE deleted_at IS NULL".to_owned());
    statements
}
