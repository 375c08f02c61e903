//! What every record can carry: tags, comments, files.

use conexao_storage::schema::{
    ColumnType::{Id, Instant, Integer, Json, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        tenant_table("tag_link")
            .keyed_by(&["resource", "record_id", "tag"])
            .required("resource", Text)
            .required("record_id", Id)
            .required("tag", Text)
            .indexed(&["resource", "tag", "record_id"]),
        tenant_table("comment")
            .required("resource", Text)
            .required("record_id", Id)
            .required("author_id", Id)
            .references("author_id", "user_account")
            .required("text", Text)
            .required("mentions", Json)
            .required("created_at", Instant)
            .optional("deleted_at", Instant)
            .indexed(&["resource", "record_id", "id"]),
        tenant_table("attachment")
            .required("resource", Text)
            .required("record_id", Id)
            .required("name", Text)
            .required("media_type", Text)
            .required("size", Integer)
            .required("sha256", Text)
            .required("file_key", Text)
            .optional("thumbnail_key", Text)
            .optional("created_by", Id)
            .required("created_at", Instant)
            .optional("deleted_at", Instant)
            .indexed(&["resource", "record_id", "id"]),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    // What the sweep looks for.
    statements.push(
        "CREATE INDEX attachment_removed_idx ON attachment (tenant_id, id) WHERE deleted_at IS NOT NULL".to_owned(),
    );
    statements
}
