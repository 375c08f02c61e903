//! Messages by SMS, push and Slack beside mail: what became of each, where
//! browsers and people are reached, pauses, tenants' own texts, and how notices
//! find their way.

use conexao_storage::schema::{
    ColumnType::{Boolean, Id, Instant, Integer, Small, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        // Attempts and what providers said of a message later.
        tenant_table("message_event")
            .required("message_id", Id)
            .references("message_id", "message")
            .required("at", Instant)
            .required("kind", Text)
            .required("status", Text)
            .texts(&["code", "detail"])
            // News that come again are the same news.
            .required("key", Text)
            .unique(&["message_id", "key"]),
        tenant_table("push_subscription")
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("endpoint_hash", Text)
            .required("sealed", Text)
            .required("host", Text)
            .texts(&["device"])
            .required("created_at", Instant)
            .optional("used_at", Instant)
            .unique(&["endpoint_hash"]),
        tenant_table("push_key")
            .keyed_by(&["name"])
            .required("name", Text)
            .required("sealed", Text)
            .required("created_at", Instant),
        // Where a person is reached by SMS and in Slack.
        tenant_table("user_channel")
            .keyed_by(&["user_id", "channel"])
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("channel", Text)
            .required("sealed", Text)
            .required("hint", Text)
            .texts(&["code_hash"])
            .optional("code_expires_at", Instant)
            .required("tries", Small)
            .optional("confirmed_at", Instant),
        tenant_table("notification_default")
            .keyed_by(&["category", "channel"])
            .required("category", Text)
            .required("channel", Text)
            .required("wanted", Boolean),
        // The dispatcher looks across tenants for what is due.
        tenant_table("channel_state")
            .keyed_by(&["channel"])
            .required("channel", Text)
            .optional("paused_at", Instant)
            .texts(&["paused_by"])
            .optional("free_at", Instant)
            .texts(&["problem"])
            .optional("problem_at", Instant)
            .system(),
        tenant_table("message_template")
            .keyed_by(&["template", "language"])
            .required("template", Text)
            .required("language", Text)
            .required("subject", Text)
            .required("text", Text)
            .required("html", Text)
            .required("version", Integer)
            .required("updated_at", Instant),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    statements.extend(columns(backend));
    statements.push("CREATE INDEX message_record_idx ON message (tenant_id, resource, record_id)".to_owned());
    statements.push(
        "CREATE INDEX notification_escalate_idx ON notification (tenant_id, escalate_at) WHERE escalate_at IS NOT NULL"
            .to_owned(),
    );
    statements
}

fn columns(backend: DbBackend) -> Vec<String> {
    let postgres = matches!(backend, DbBackend::Postgres);
    let (id, instant, number) = if postgres { ("UUID", "TIMESTAMPTZ", "BIGINT") } else { ("BLOB", "TEXT", "INTEGER") };
    let added = [
        ("message", "phone", "TEXT"),
        ("message", "topic", "TEXT"),
        ("message", "resource", "TEXT"),
        ("message", "record_id", "TEXT"),
        ("message", "subscription_id", id),
        ("message", "provider_status", "TEXT"),
        ("message", "delivered_at", instant),
        ("message", "segments", number),
        ("message", "cost_micros", number),
        ("message", "cost_currency", "TEXT"),
        ("suppression", "phone", "TEXT"),
        ("notification", "in_app", "BOOLEAN NOT NULL DEFAULT TRUE"),
        ("notification", "escalate_at", instant),
        ("notification", "escalated", "INTEGER NOT NULL DEFAULT 0"),
        ("notification_rhythm", "digest_every", "TEXT"),
        ("notification_rhythm", "undisturbed_until", instant),
        ("notification_rhythm", "held_since", instant),
        ("notification_rhythm", "escalate_minutes", "INTEGER"),
    ];
    let mut statements: Vec<String> =
        added.map(|(table, column, kind)| format!("ALTER TABLE {table} ADD COLUMN {column} {kind}")).into();
    // An address or a telephone number, no longer always the first.
    statements.extend(relaxed(postgres));
    statements
}

/// `suppression.address` may be missing. SQLite cannot drop a condition of a
/// column, so the column moves.
fn relaxed(postgres: bool) -> Vec<String> {
    let unique = "CREATE UNIQUE INDEX suppression_phone_key ON suppression (tenant_id, phone) WHERE deleted_at IS NULL";
    if postgres {
        return vec!["ALTER TABLE suppression ALTER COLUMN address DROP NOT NULL".to_owned(), unique.to_owned()];
    }
    [
        "DROP INDEX suppression_address_key",
        "ALTER TABLE suppression RENAME COLUMN address TO address_before",
        "ALTER TABLE suppression ADD COLUMN address TEXT",
        "UPDATE suppression SET address = address_before",
        "ALTER TABLE suppression DROP COLUMN address_before",
        "CREATE UNIQUE INDEX suppression_address_key ON suppression (tenant_id, address) WHERE deleted_at IS NULL",
        unique,
    ]
    .map(str::to_owned)
    .into()
}
