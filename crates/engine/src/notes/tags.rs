//! Tags in use, for suggestions.

use conexao_domain::kernel::problem::Problem;
use sea_orm::{
    ConnectionTrait, Order,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, Query},
};
use serde::Serialize;

use crate::{Engine, Gate, refusal::Refused};

/// Most tags in an answer.
const LIMIT: u64 = 100;

/// A tag and how many records carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tag {
    pub tag: String,
    pub count: i64,
}

/// The tags of live records the gate reaches, the most used first; only those
/// that begin with `prefix`, whatever the case.
pub async fn tags(engine: &Engine, gate: &Gate, prefix: &str) -> Result<Vec<Tag>, Problem> {
    if !gate.resource.has_tags() {
        return Ok(Vec::new());
    }
    let tenant = gate.session.tenant.0;
    let live = Query::select()
        .column("id")
        .from(gate.resource.table)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("deleted_at").is_null())
        .cond_where(gate.rows())
        .to_owned();
    let mut select = Query::select();
    select
        .column("tag")
        .expr(Expr::cust("COUNT(*)"))
        .from("tag_link")
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("resource").eq(gate.resource.name))
        .and_where(Expr::col("record_id").in_subquery(live))
        .add_group_by([Expr::col("tag")])
        .order_by_expr(Expr::cust("COUNT(*)"), Order::Desc)
        .order_by("tag", Order::Asc)
        .limit(LIMIT);
    if !prefix.is_empty() {
        let escaped = prefix.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let begins = LikeExpr::new(format!("{escaped}%")).escape('\\');
        select.and_where(Expr::expr(Func::lower(Expr::col("tag"))).like(begins));
    }
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let rows = tx.query_all(&select).await.refused()?;
    tx.rollback().await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<Tag, Problem> {
        Ok(Tag { tag: row.try_get_by_index(0).refused()?, count: row.try_get_by_index(1).refused()? })
    };
    rows.iter().map(read).collect()
}
