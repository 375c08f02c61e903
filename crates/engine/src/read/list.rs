//! A page of a list.

use async_recursion::async_recursion;
use conexao_domain::kernel::{problem::Problem, query::ListQuery, record::Record};
use conexao_storage::query;
use serde::Serialize;

use super::present;
use crate::{Engine, Gate, facts, refusal::Refused};

/// Records of a page, the cursor of the next, and the exact count if asked for.
#[derive(Debug, Serialize)]
pub struct Listing {
    pub items: Vec<Record>,
    pub next: Option<String>,
    pub count: Option<i64>,
}

/// The page of `query` that the gate reaches; lines are left out, tags are not.
#[async_recursion]
pub async fn list(engine: &Engine, gate: &Gate, query: &ListQuery) -> Result<Listing, Problem> {
    let facts = facts::plain(engine, &gate.session);
    // With a count, both must be of the same moment.
    let tenant = gate.session.tenant;
    let tx = if query.count { engine.db.read(tenant).await } else { engine.db.glance(tenant).await }.refused()?;
    let page = query::page(&tx, gate.resource, query, &gate.rows(), &facts).await.refused()?;
    let count = if query.count {
        Some(query::count(&tx, gate.resource, query, &gate.rows(), &facts).await.refused()?)
    } else {
        None
    };
    let items = present(&tx, gate.resource, page.records, false).await?;
    tx.rollback().await.refused()?;
    Ok(Listing { items, next: page.next.map(|cursor| cursor.encode()), count })
}
