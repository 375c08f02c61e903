//! The journal: audit chain, outbox, number sequences, first answers.

use conexao_storage::schema::{
    ColumnType::{Id, Instant, Integer, Json, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        tenant_table("audit")
            .keyed_by(&["seq"])
            .required("seq", Integer)
            .required("at", Instant)
            .optional("actor_id", Id)
            .required("actor_name", Text)
            .required("resource", Text)
            .optional("record_id", Id)
            .required("action", Text)
            .required("changes", Json)
            .texts(&["ip", "request_id"])
            .required("hash", Text)
            .indexed(&["resource", "record_id", "seq"]),
        tenant_table("audit_head")
            .keyed_by(&["chain"])
            .required("chain", Text)
            .required("seq", Integer)
            .required("hash", Text),
        tenant_table("outbox")
            .required("event", Text)
            .required("resource", Text)
            .optional("record_id", Id)
            .required("payload", Json)
            .required("created_at", Instant)
            .optional("relayed_at", Instant)
            .system(),
        tenant_table("sequence").keyed_by(&["name"]).required("name", Text).required("value", Integer),
        tenant_table("idempotency")
            .keyed_by(&["actor", "key"])
            .required("actor", Text)
            .required("key", Text)
            .required("request_hash", Text)
            .optional("status", Integer)
            .optional("headers", Json)
            .optional("body", Text)
            .required("created_at", Instant)
            .indexed(&["created_at"]),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    // What waits to be relayed, across tenants, oldest first.
    statements.push("CREATE INDEX outbox_waiting_idx ON outbox (id) WHERE relayed_at IS NULL".to_owned());
    statements
}
