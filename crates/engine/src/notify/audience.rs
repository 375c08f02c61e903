//! Who holds a permission, to be told of what they look after.

use conexao_domain::{
    identity::{role::covers, user::USER},
    kernel::problem::Problem,
    locale::Locale,
};
use conexao_storage::Tx;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use crate::refusal::Refused;

/// Active users with a role that grants the permission, and their language.
pub(crate) async fn holding(tx: &Tx, permission: &str) -> Result<Vec<(Uuid, Locale)>, Problem> {
    let tenant = tx.tenant().0;
    let of_tenant = |table: &'static str, columns: &[&'static str]| -> SelectStatement {
        let mut select = Query::select();
        select.columns(columns.iter().copied()).from(table).and_where(Expr::col("tenant_id").eq(tenant));
        select
    };
    let mut grants = Vec::new();
    for row in tx.query_all(&of_tenant("role_grant", &["role_id", "permission"])).await.refused()? {
        let (role, grant): (Uuid, String) = (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        if covers(&grant, permission) {
            grants.push(role);
        }
    }
    let mut roles = of_tenant("role", &["id"]);
    roles.and_where(Expr::col("deleted_at").is_null()).and_where(Expr::col("id").is_in(grants));
    let mut holders = of_tenant("user_role", &["user_id"]);
    holders.and_where(Expr::col("role_id").in_subquery(roles));
    let mut users = of_tenant(USER.table, &["id", "locale"]);
    users
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(Expr::col("id").in_subquery(holders));
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, Locale), Problem> {
        let language: String = row.try_get_by_index(1).refused()?;
        let language = if language == Locale::En.tag() { Locale::En } else { Locale::PtBr };
        Ok((row.try_get_by_index(0).refused()?, language))
    };
    tx.query_all(&users).await.refused()?.iter().map(read).collect()
}
