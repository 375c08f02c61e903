//! Jobs as people follow them: progress, results per row, the file they made.

use conexao_storage::schema::{ColumnType::{Boolean, Id, Instant, Integer, Json, Text}, tenant_table};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        tenant_table("job")
            .required("kind", Text)
            .required("title", Text)
            .required("state", Text)
            .required("params", Json)
            .required("done", Integer)
            .required("total", Integer)
            .required("failed", Integer)
            .optional("result", Json)
            .texts(&["error", "file_key", "file_name"])
            .required("attempts", Integer)
            .required("cancel_requested", Boolean)
            .optional("created_by", Id)
            .required("created_at", Instant)
            .optional("started_at", Instant)
            .optional("heartbeat_at", Instant)
            .optional("finished_at", Instant)
            .optional("checkpoint", Json)
            .indexed(&["state", "id"])
            .system(),
        tenant_table("job_row")
            .keyed_by(&["job_id", "line"])
            .required("job_id", Id)
            .references("job_id", "job")
            .required("line", Integer)
            .required("ok", Boolean)
            .optional("record_id", Id)
            .optional("errors", Json)
            .system(),
    ];
    tables.iter().flat_map(|t| t.sql(backend)).collect()
}
