//! Webhook subscriptions and what was sent to them.

use conexao_storage::schema::{
    ColumnType::{Id, Instant, Integer, Text},
    lines_table, record_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        // The dispatcher looks across tenants for what is due.
        record_table("webhook_subscription")
            .sorted_text("name", "name_sort")
            .required("url", Text)
            .required("status", Text)
            .sorted("status")
            .texts(&["filter"])
            .optional("last_success_at", Instant)
            .sorted("last_success_at")
            .optional("failing_since", Instant)
            .sorted("failing_since")
            .optional("active_since", Instant)
            .optional("rotated_at", Instant)
            .system(),
        lines_table("webhook_event", "webhook_subscription_id", "webhook_subscription").required("event", Text),
        record_table("webhook_delivery")
            .texts(&["event"])
            .required("subscription_id", Id)
            .references("subscription_id", "webhook_subscription")
            .required("status", Text)
            .sorted("status")
            .optional("response_status", Integer)
            .optional("attempts", Integer)
            .optional("duration_ms", Integer)
            .optional("next_at", Instant)
            .optional("begun_at", Instant)
            .optional("finished_at", Instant)
            .texts(&["error", "event_id", "resource", "record_id"])
            .texts(&["request_headers", "request_body", "response_headers", "response_body"])
            // A redelivered event makes no second delivery.
            .unique(&["subscription_id", "event_id"])
            .indexed(&["subscription_id", "record_id", "event_id"])
            .system(),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    statements.push(
        "CREATE INDEX webhook_delivery_due_idx ON webhook_delivery (next_at) WHERE status = 'pending'".to_owned(),
    );
    // Earlier events of the same record, so that it is told of them in order.
    statements.push(
        "CREATE INDEX outbox_record_idx ON outbox (tenant_id, record_id, id) WHERE record_id IS NOT NULL".to_owned(),
    );
    statements
}
