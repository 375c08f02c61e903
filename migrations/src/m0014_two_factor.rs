//! The second factor of a log-in, log-ins that wait for it, and devices that
//! were trusted to do without.

use conexao_storage::schema::{
    ColumnType::{Id, Instant, Integer, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        // The secret itself is in the table `secret`, where keys are rotated.
        tenant_table("second_factor")
            .keyed_by(&["user_id"])
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("created_at", Instant)
            .optional("confirmed_at", Instant)
            .required("last_step", Integer),
        tenant_table("recovery_code")
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("code_hash", Text)
            .optional("used_at", Instant),
        tenant_table("login_challenge")
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("token_hash", Text)
            .required("origin_hash", Text)
            .required("attempts", Integer)
            .required("created_at", Instant)
            .required("expires_at", Instant)
            .optional("used_at", Instant),
        tenant_table("trusted_device")
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("token_hash", Text)
            .texts(&["device"])
            .required("created_at", Instant)
            .required("expires_at", Instant),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    statements.push("ALTER TABLE role ADD COLUMN requires_two_factor BOOLEAN".to_owned());
    statements.push("CREATE INDEX session_used_idx ON session (tenant_id, last_used_at, id)".to_owned());
    statements
}
