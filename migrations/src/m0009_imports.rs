//! Imports: files, their rows that failed, and what can be taken back.

use conexao_storage::schema::{
    ColumnType::{Boolean, Id, Instant, Integer, Json, Text},
    tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        tenant_table("import")
            .required("resource", Text)
            .required("file_name", Text)
            .required("file_key", Text)
            .required("file_size", Integer)
            .required("state", Text)
            .required("shape", Json)
            .required("sample", Json)
            .required("options", Json)
            .required("mapping", Json)
            .required("mode", Text)
            .optional("key_field", Text)
            .required("layout", Text)
            .required("summary", Json)
            .optional("job_id", Id)
            .optional("created_by", Id)
            .required("created_at", Instant)
            .required("updated_at", Instant)
            .optional("cleared_at", Instant)
            .indexed(&["resource", "id"])
            // The last mapping of a layout.
            .indexed(&["resource", "layout", "updated_at"]),
        tenant_table("import_row")
            .keyed_by(&["import_id", "line"])
            .required("import_id", Id)
            .references("import_id", "import")
            .required("line", Integer)
            .required("state", Text)
            .required("cells", Json)
            .required("errors", Json)
            .defaulted("edited", Boolean, "FALSE"),
        // One row for each transaction of an import, not for each record: a
        // million records are two thousand rows here.
        tenant_table("import_batch")
            .keyed_by(&["import_id", "seq"])
            .required("import_id", Id)
            .references("import_id", "import")
            .required("seq", Integer)
            .required("changes", Json),
    ];
    tables.iter().flat_map(|t| t.sql(backend)).collect()
}
