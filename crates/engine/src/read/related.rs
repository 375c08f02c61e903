//! How many records of other resources refer to this one.

use async_recursion::async_recursion;
use conexao_domain::{
    kernel::{plan::Facts, problem::Problem, query, record::Record, resource::Resource},
    registry,
};
use conexao_storage::Tx;
use serde_json::{Value as Json, json};

use crate::{Session, refusal::Refused};

/// Counts per related resource the session may read.
#[async_recursion]
pub async fn related(
    tx: &Tx,
    session: &Session,
    resource: &Resource,
    record: &Record,
    facts: &Facts,
) -> Result<Vec<Json>, Problem> {
    let mut counts = Vec::new();
    for related in resource.related {
        let Some(target) = registry::by_name(related.resource) else { continue };
        let Ok(gate) = session.gate(target, "read") else { continue };
        let filter = format!("filter[{}]", related.field);
        let query = query::parse(target, [(filter.as_str(), record.id())].into_iter(), &[])?;
        let count = conexao_storage::query::count(tx, target, &query, &gate.rows(), facts).await.refused()?;
        counts.push(json!({ "resource": related.resource, "field": related.field, "count": count }));
    }
    Ok(counts)
}
