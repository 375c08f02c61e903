//! Counts and sums of a list by one field.

use conexao_domain::kernel::{
    field::{Field, Kind},
    problem::{Code, Problem},
    query::ListQuery,
    resource::{Resource, SYSTEM_FIELDS},
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
    let by = one_of(gate.resource, by, |f| f.filter && f.kind.is_column() && !f.personal)?;
    let number = |f: &Field| !f.personal && matches!(f.kind, Kind::Money | Kind::Quantity | Kind::Integer { .. });
    let sum = sum.map(|name| one_of(gate.resource, name, number)).transpose()?;
    let facts = facts::plain(engine, &gate.session);
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let groups =
        conexao_storage::query::group(&tx, gate.resource, query, &gate.rows(), &facts, by, sum).await.refused()?;
    tx.rollback().await.refused()?;
    let shown = |(key, count, total): (Json, i64, Option<i128>)| {
        // What programs cannot read as a number of 64 bits is not told wrong.
        let total = total.map(i64::try_from).transpose().map_err(|_| Problem::field("sum", "range"))?;
        Ok(json!({ "key": key, "count": count, "sum": total }))
    };
    groups.into_iter().map(shown).collect()
}

/// The field of this name if it fits, or a refusal that names those that do.
fn one_of(resource: &'static Resource, name: &str, fits: impl Fn(&Field) -> bool) -> Result<&'static Field, Problem> {
    let mut fitting = resource.fields.iter().chain(SYSTEM_FIELDS).filter(|f| fits(f));
    let names = fitting.clone().map(|f| Json::from(f.name)).collect::<Vec<_>>();
    let unknown = || Problem::new(Code::UnknownParameter).detail(name).with("valid", names);
    fitting.find(|f| f.name == name).ok_or_else(unknown)
}
