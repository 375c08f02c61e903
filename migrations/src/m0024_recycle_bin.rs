//! What was removed, newest first.

use conexao_storage::schema::removed_index;
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

/// Records that were there before tables of records had the index by themselves.
const EARLIER: &[&str] = &[
    "customer",
    "warranty",
    "user_account",
    "role",
    "team",
    "absence",
    "invitation",
    "api_token",
    "webhook_subscription",
    "webhook_delivery",
    "message",
    "suppression",
    "privacy_request",
    "consent",
    "legal_hold",
];

fn statements(_: DbBackend) -> Vec<String> {
    EARLIER.iter().map(|table| removed_index(table)).collect()
}
