//! What users were told in the application.

use conexao_storage::schema::{
    ColumnType::{Id, Instant, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let table = tenant_table("notification")
        .required("user_id", Id)
        .references("user_id", "user_account")
        .required("category", Text)
        .required("event", Text)
        .required("title", Text)
        .required("body", Text)
        .optional("resource", Text)
        .optional("record_id", Id)
        // The event that caused it: a redelivery adds no second notification.
        .required("source", Text)
        .required("created_at", Instant)
        .optional("read_at", Instant)
        .optional("deleted_at", Instant)
        .unique(&["user_id", "source"])
        .sorted("user_id");
    let mut statements = table.sql(backend);
    statements.push("CREATE INDEX notification_unread_idx ON notification (tenant_id, user_id) WHERE read_at IS NULL AND deleted_at IS NULL".to_owned());
    statements
}
