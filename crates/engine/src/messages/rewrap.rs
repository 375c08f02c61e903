//! What fills waiting messages, under another master key.

use conexao_domain::kernel::problem::Problem;
use conexao_storage::Tenant;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::post::place;
use crate::{Engine, refusal::Refused};

/// Wraps what fills the messages of a tenant with the key in use; returns how
/// many were under another. Few wait at any moment, so it is one transaction.
pub async fn rewrap(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let mut select = Query::select();
    select.columns(["message_id", "sealed"]).from("message_content").and_where(Expr::col("tenant_id").eq(tenant.0));
    let mut changed = 0;
    for row in tx.query_all(&select).await.refused()? {
        let (id, sealed): (Uuid, String) = (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        let Some(sealed) = engine.vault.rewrap(&sealed, &place(tenant, id))? else { continue };
        let mut update = Query::update();
        update
            .table("message_content")
            .value("sealed", sealed)
            .and_where(Expr::col("tenant_id").eq(tenant.0))
            .and_where(Expr::col("message_id").eq(id));
        tx.execute(&update).await.refused()?;
        changed += 1;
    }
    tx.commit().await.refused()?;
    Ok(changed)
}
