//! Whether the keys at hand open what is stored encrypted, for whoever looks
//! after an installation: a key that was lost or exchanged shows late.

use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tenant, Tx};
use sea_orm::{
    ConnectionTrait, Order,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use crate::{Engine, refusal::Refused, vault::Place};

/// Tables with the column that names a value and the one that holds it.
const TABLES: [(&str, &str, &str); 4] = [
    ("secret", "id", "kept"),
    ("message_content", "message_id", "sealed"),
    ("push_subscription", "id", "sealed"),
    ("erasure", "id", "sealed"),
];
/// Values looked at, of the oldest and of the newest.
const SOME: u64 = 25;

/// How many values of a tenant were tried, and how many of them no key opens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tried {
    pub all: u64,
    pub closed: u64,
}

/// Opens some of what a tenant has stored, old and new; what is in it is not
/// looked at.
pub async fn try_some(engine: &Engine, tenant: Tenant) -> Result<Tried, Problem> {
    let mut tried = Tried::default();
    let tx = engine.db.read(tenant).await.refused()?;
    for (table, key, column) in TABLES {
        for order in [Order::Asc, Order::Desc] {
            for (id, sealed) in some(&tx, (table, key, column), order).await? {
                let place = Place { tenant: tenant.0, table, column, id };
                tried.all += 1;
                tried.closed += u64::from(engine.vault.unseal(&sealed, &place).is_err());
            }
        }
    }
    tx.rollback().await.refused()?;
    Ok(tried)
}

async fn some(
    tx: &Tx,
    (table, key, column): (&'static str, &'static str, &'static str),
    order: Order,
) -> Result<Vec<(Uuid, String)>, Problem> {
    let mut select = Query::select();
    select
        .columns([key, column])
        .from(table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        // Others are hashes, which nothing opens.
        .and_where(Expr::col(column).like("x1:%"))
        .order_by(key, order)
        .limit(SOME);
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?))).collect()
}
