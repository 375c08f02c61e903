//! Looking into the database past the API.

use conexao_storage::{StorageError, Tenant};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde_json::Value as Json;

use super::{App, catalog};

/// Rows of a statement run as a tenant.
pub async fn query(app: &App, tenant: Tenant, sql: &str) -> Vec<Json> {
    let tx = app.engine.db.read(tenant).await.unwrap();
    let rows = tx.query_all_raw(Statement::from_string(catalog::backend(app), sql)).await;
    let rows = rows.unwrap_or_else(|e| panic!("{sql}: {e}"));
    let found = rows.iter().map(|row| Json::from_query_result(row, "").unwrap()).collect();
    tx.rollback().await.unwrap();
    found
}

/// Runs a statement as a tenant and commits it; how many rows it touched.
pub async fn execute(app: &App, tenant: Tenant, sql: &str) -> Result<u64, StorageError> {
    let tx = app.engine.db.write(tenant).await?;
    let done = tx.execute_unprepared(sql).await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}

/// Everything a tenant has, table by table, to compare before and after.
pub async fn dump(app: &App, tenant: Tenant) -> Vec<(String, Vec<Json>)> {
    let mut all = Vec::new();
    for table in catalog::tables(app).await {
        if table.column("tenant_id").is_some() {
            let sql = format!(
                "SELECT * FROM {} WHERE tenant_id = {} ORDER BY {}",
                table.name,
                tenant.0,
                table.primary_key.join(", ")
            );
            all.push((table.name, query(app, tenant, &sql).await));
        }
    }
    all
}
