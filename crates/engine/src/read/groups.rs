//! Counts and sums of a list by one field.

use conexao_domain::kernel::{
    field::Kind,
    problem::{Code, Problem},
    query::ListQuery,
};
use serde_json::{Value as Json, json};

use crate::{Engine, Gate, facts, refusal::Refused};

/// `[{key, count, sum}]` of the matching records grouped by `by`.
pub async fn groups(
    engine: &Engine,
    gate: &Gate,
    query: &ListQuery,
    by: &str,
    sum: Option<&str>,
) -> Result<Vec<Json>, Problem> {
    let unknown = |name: &str| Problem::new(Code::UnknownParameter).detail(name);
    let by = gate.resource.filterable(by).filter(|f| f.kind.is_column() && !f.personal).ok_or_else(|| unknown(by))?;
    let summed = |name: &str| {
        gate.resource.field(name).filter(|f| matches!(f.kind, Kind::Money | Kind::Quantity | Kind::Integer { .. }))
    };
    let sum = sum.map(|name| summed(name).ok_or_else(|| unknown(name))).transpose()?;
    let facts = facts::plain(engine, &gate.session);
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let groups =
        conexao_storage::query::group(&tx, gate.resource, query, &gate.rows(), &facts, by, sum).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(groups.into_iter().map(|(key, count, sum)| json!({ "key": key, "count": count, "sum": sum })).collect())
}
