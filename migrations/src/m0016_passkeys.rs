//! Passkeys and their ceremonies, names to log in with, photos of people, and
//! wrong attempts where no account can count them.

use conexao_storage::schema::{
    ColumnType::{Id, Instant, Integer, Text},
    plain_table, tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        // Somebody who comes in by passkey says no more than which: log-in
        // looks it up before any tenant is known.
        tenant_table("passkey")
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("credential_id", Text)
            .required("name", Text)
            .required("kept", Text)
            .required("created_at", Instant)
            .optional("last_used_at", Instant)
            .optional("blocked_at", Instant)
            .system(),
        tenant_table("user_photo")
            .keyed_by(&["user_id"])
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("attachment_id", Id)
            .references("attachment_id", "attachment"),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    statements.extend([
        // Of no two people, whatever their company.
        "CREATE UNIQUE INDEX passkey_credential_key ON passkey (credential_id)".to_owned(),
        plain_table(
            backend,
            "passkey_ceremony",
            &[
                ("id", Id),
                ("purpose", Text),
                ("owner", Text),
                ("state", Text),
                ("created_at", Instant),
                ("expires_at", Instant),
            ],
        ),
        "CREATE INDEX passkey_ceremony_expires_idx ON passkey_ceremony (expires_at)".to_owned(),
        plain_table(
            backend,
            "failed_attempt",
            &[("who", Text), ("failures", Integer), ("locked_until", Instant), ("seen_at", Instant)],
        ),
        "CREATE INDEX failed_attempt_seen_idx ON failed_attempt (seen_at)".to_owned(),
        "ALTER TABLE user_account ADD COLUMN username TEXT".to_owned(),
        "ALTER TABLE user_account ADD COLUMN density TEXT NOT NULL DEFAULT 'comfortable'".to_owned(),
        "CREATE UNIQUE INDEX user_account_username_key ON user_account (tenant_id, username) WHERE deleted_at IS NULL"
            .to_owned(),
        "CREATE INDEX user_account_username_idx ON user_account (username) WHERE deleted_at IS NULL".to_owned(),
        "CREATE INDEX account_link_email_idx ON account_link (tenant_id, email, created_at) WHERE email IS NOT NULL"
            .to_owned(),
    ]);
    statements
}
