//! What lets somebody in is sent before the rest, however much waits.

use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(_: DbBackend) -> Vec<String> {
    let due = "next_at IS NOT NULL AND category = 'account'";
    vec![format!("CREATE INDEX message_account_due_idx ON message (next_at) WHERE {due}")]
}
