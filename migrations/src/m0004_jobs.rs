//! Jobs as people follow them: progress, results per row, the file they made.

use conexao_storage::schema::{
    ColumnType::{Boolean, Id, Instant, Integer, Json, Text},
    tenant_table,
};
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
            .texts(&["error", "resource", "file_key", "file_name"])
            .required("attempts", Integer)
            // Grows whenever somebody takes the job up: who holds an older one may no longer write.
            .defaulted("lease", Integer, "0")
            .required("cancel_requested", Boolean)
            .optional("created_by", Id)
            .required("created_at", Instant)
            .optional("run_at", Instant)
            .optional("started_at", Instant)
            .optional("heartbeat_at", Instant)
            .optional("finished_at", Instant)
            .optional("checkpoint", Json)
            .indexed(&["state", "id"])
            .indexed(&["created_by", "id"])
            .indexed(&["finished_at"])
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
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    statements.push("CREATE INDEX job_row_failed_idx ON job_row (tenant_id, job_id, line) WHERE NOT ok".to_owned());
    statements
}
