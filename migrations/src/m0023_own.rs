//! What people set up for themselves: keys, and dashboards.

use conexao_storage::schema::{
    ColumnType::{Boolean, Id, Instant, Json, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        tenant_table("user_preference")
            .keyed_by(&["user_id"])
            .required("user_id", Id)
            .references("user_id", "user_account")
            .optional("shortcuts", Json)
            .required("shortcuts_off", Boolean)
            .required("updated_at", Instant),
        tenant_table("dashboard")
            .keyed_by(&["user_id", "name"])
            .required("user_id", Id)
            .references("user_id", "user_account")
            .required("name", Text)
            .required("widgets", Json)
            .required("updated_at", Instant),
    ];
    tables.iter().flat_map(|table| table.sql(backend)).collect()
}
