//! Teams, absences with their substitutes, the scope of a single grant, and for
//! whom somebody acted. Lists of one's own or one's team's rows find them by
//! who created them and whom they belong to.

use conexao_storage::schema::{
    ColumnType::{Boolean, Date, Id, Instant, Text},
    created_by_index, lines_table, record_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

/// Records that were there before tables of records had the index by themselves.
const EARLIER: &[&str] = &[
    "customer",
    "warranty",
    "user_account",
    "role",
    "invitation",
    "api_token",
    "webhook_subscription",
    "webhook_delivery",
    "message",
    "suppression",
];

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        record_table("team")
            .sorted_text("name", "name_sort")
            .unique_live("name")
            .optional("leader_id", Id)
            .references("leader_id", "user_account")
            .texts(&["purpose"]),
        lines_table("team_member", "team_id", "team").required("user_id", Id).references("user_id", "user_account"),
        record_table("absence")
            .sorted_text("number", "number_sort")
            .unique_live("number")
            .required("owner_id", Id)
            .references("owner_id", "user_account")
            .required("substitute_id", Id)
            .references("substitute_id", "user_account")
            .required("starts_on", Date)
            .sorted("starts_on")
            .required("ends_on", Date)
            .sorted("ends_on")
            .texts(&["reason"])
            .optional("with_administration", Boolean)
            .required("status", Text)
            .sorted("status")
            .optional("ended_at", Instant),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    let id = if backend == DbBackend::Postgres { "UUID" } else { "BLOB" };
    statements.extend([
        "ALTER TABLE role_grant ADD COLUMN scope TEXT".to_owned(),
        format!("ALTER TABLE audit ADD COLUMN for_id {id}"),
        "ALTER TABLE audit ADD COLUMN for_name TEXT".to_owned(),
        "CREATE INDEX audit_for_id_idx ON audit (tenant_id, for_id, at, seq) WHERE for_id IS NOT NULL".to_owned(),
    ]);
    statements.extend(EARLIER.iter().map(|table| created_by_index(table)));
    statements
}
