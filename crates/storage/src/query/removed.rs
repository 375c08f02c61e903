//! What was removed and can come back, newest first.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::resource::Resource;
use sea_orm::{
    Condition, ConnectionTrait, Order,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::pattern;
use crate::{StorageError, Tx};

/// A removed record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    pub id: Uuid,
    pub version: i64,
    pub at: DateTime<Utc>,
}

/// At most `limit` removed records that have the words and are older than
/// `before` (moment and id), restricted by `extra` (the gate's row scope).
pub async fn removed(
    tx: &Tx,
    resource: &Resource,
    words: &str,
    extra: &Condition,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<Removed>, StorageError> {
    let mut select = Query::select();
    select
        .columns(["id", "version", "deleted_at"])
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_not_null())
        .cond_where(extra.clone())
        .order_by("deleted_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(limit);
    for word in words.split_whitespace() {
        select.and_where(pattern::contains(tx.get_database_backend(), "search_text", word));
    }
    if let Some((at, id)) = before {
        let row = Expr::tuple([Expr::col("deleted_at"), Expr::col("id")]);
        select.and_where(row.lt(Expr::tuple([Expr::val(at), Expr::val(id)])));
    }
    let rows = tx.query_all(&select).await?;
    let read = |row: &sea_orm::QueryResult| -> Result<Removed, StorageError> {
        Ok(Removed { id: row.try_get_by_index(0)?, version: row.try_get_by_index(1)?, at: row.try_get_by_index(2)? })
    };
    rows.iter().map(read).collect()
}
