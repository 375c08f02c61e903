//! Messages that go out, addresses nobody writes to, links that let somebody
//! in once, invitations, and what users want to be told how.

use conexao_storage::schema::{
    ColumnType::{Boolean, Id, Instant, Integer, Text},
    lines_table, plain_table, record_table, tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        // The dispatcher looks across tenants for what is due.
        record_table("message")
            .texts(&["subject", "body", "channel", "category", "template", "language", "address", "recipient"])
            .optional("customer_id", Id)
            .references("customer_id", "customer")
            .optional("user_id", Id)
            .references("user_id", "user_account")
            .required("status", Text)
            .sorted("status")
            .optional("attempts", Integer)
            .optional("next_at", Instant)
            .optional("begun_at", Instant)
            .optional("sent_at", Instant)
            .optional("finished_at", Instant)
            .optional("expires_at", Instant)
            .texts(&["provider_id", "error", "source", "link"])
            // An event that comes again makes no second message.
            .unique(&["source"])
            .indexed(&["address", "finished_at"])
            .system(),
        // What fills the template, encrypted, as long as it is needed.
        tenant_table("message_content")
            .keyed_by(&["message_id"])
            .required("message_id", Id)
            .references("message_id", "message")
            .required("sealed", Text),
        record_table("suppression")
            .required("address", Text)
            .required("reason", Text)
            .texts(&["note"])
            .unique_live("address"),
        record_table("invitation")
            .required("email", Text)
            .texts(&["name"])
            .required("status", Text)
            .sorted("status")
            .optional("expires_at", Instant)
            .sorted("expires_at")
            .optional("sent_at", Instant)
            .optional("accepted_at", Instant)
            .optional("user_id", Id)
            .references("user_id", "user_account"),
        lines_table("invitation_role", "invitation_id", "invitation")
            .required("role_id", Id)
            .references("role_id", "role"),
        tenant_table("account_link")
            .required("purpose", Text)
            .optional("user_id", Id)
            .references("user_id", "user_account")
            .optional("invitation_id", Id)
            .references("invitation_id", "invitation")
            .texts(&["email", "name", "password_hash"])
            .required("token_hash", Text)
            .required("created_at", Instant)
            .required("expires_at", Instant)
            .optional("used_at", Instant)
            .unique(&["token_hash"]),
        tenant_table("notification_choice")
            .keyed_by(&["user_id", "category", "channel"])
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("category", Text)
            .required("channel", Text)
            .required("wanted", Boolean),
        tenant_table("notification_rhythm")
            .keyed_by(&["user_id"])
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("digest", Boolean)
            .texts(&["quiet_from", "quiet_until"])
            .optional("digested_at", Instant),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    statements.push("CREATE INDEX message_due_idx ON message (next_at) WHERE next_at IS NOT NULL".to_owned());
    // Somebody forgot a password: noted before anybody looks whether they exist.
    statements.push(plain_table(
        backend,
        "recovery_request",
        &[("id", Id), ("email", Text), ("ip", Text), ("created_at", Instant)],
    ));
    statements
}
