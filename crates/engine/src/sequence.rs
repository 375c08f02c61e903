//! Per-tenant number sequences: never the same number twice, no gap that a
//! committed record would leave, because the row is locked to the commit.

use conexao_domain::kernel::problem::Problem;
use conexao_storage::Tx;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::refusal::Refused;

/// Draws `count` numbers under `name`; returns the first.
pub async fn draw(tx: &Tx, name: &str, count: i64) -> Result<i64, Problem> {
    let sql = "INSERT INTO sequence (tenant_id, name, value) VALUES ($1, $2, $3) \
               ON CONFLICT (tenant_id, name) DO UPDATE SET value = sequence.value + excluded.value RETURNING value";
    let values: [Value; 3] = [tx.tenant().0.into(), name.into(), count.into()];
    let row =
        tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.refused()?;
    let last: i64 = row.map(|r| r.try_get_by_index(0)).transpose().refused()?.unwrap_or_default();
    Ok(last - count + 1)
}
