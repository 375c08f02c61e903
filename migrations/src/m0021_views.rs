//! Lists that somebody keeps: what narrows them, their order and columns.

use conexao_storage::schema::{
    ColumnType::{Boolean, Id, Instant, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    tenant_table("saved_view")
        .required("user_id", Id)
        .references("user_id", "user_account")
        .required("resource", Text)
        .required("name", Text)
        .required("query", Text)
        .optional("columns", Text)
        .required("shared", Boolean)
        .optional("role_id", Id)
        .references("role_id", "role")
        .required("created_at", Instant)
        .required("updated_at", Instant)
        .indexed(&["resource", "user_id"])
        .sql(backend)
}
