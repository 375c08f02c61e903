//! Whether live records refer to a record, so that it cannot go. Whom a record
//! belongs to or who made it (`Kind::User`) does not hold a user back: names
//! of removed users stay readable.

use conexao_domain::{
    kernel::{
        field::{Field, Kind, Lines},
        problem::Problem,
        resource::Resource,
    },
    registry::RESOURCES,
};
use conexao_storage::Tx;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::refusal::Refused;

/// Field, the lines it stands in if any, and the column that refers.
type Place = (&'static str, Option<&'static Lines>, &'static Field);

fn places(owner: &'static Resource, target: &Resource) -> Vec<Place> {
    let refers = |field: &&Field| field.kind == Kind::Reference(target.name);
    let own = owner.fields.iter().filter(refers).map(|field| (field.name, None, field));
    let lines = owner
        .lines()
        .flat_map(|(field, lines)| lines.fields.iter().filter(refers).map(move |c| (field.name, Some(lines), c)));
    own.chain(lines).collect()
}

/// The first place that refers to the record and how many live records do.
pub(super) async fn used(tx: &Tx, target: &Resource, id: Uuid) -> Result<Option<Json>, Problem> {
    for owner in RESOURCES {
        for (name, lines, column) in places(owner, target) {
            let count = count(tx, owner, lines, column, id).await?;
            if count > 0 {
                return Ok(Some(json!({ "resource": owner.name, "field": name, "count": count })));
            }
        }
    }
    Ok(None)
}

async fn count(
    tx: &Tx,
    owner: &Resource,
    lines: Option<&Lines>,
    column: &'static Field,
    id: Uuid,
) -> Result<i64, Problem> {
    let refers = Expr::col(column.name).eq(id);
    let tenant = || Expr::col("tenant_id").eq(tx.tenant().0);
    let condition = match lines {
        None => refers,
        Some(lines) => {
            let mut owners = Query::select();
            owners.column(lines.parent).from(lines.table).and_where(tenant()).and_where(refers);
            Expr::col("id").in_subquery(owners)
        }
    };
    let mut select = Query::select();
    select
        .expr(Expr::cust("COUNT(*)"))
        .from(owner.table)
        .and_where(tenant())
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(condition);
    let row = tx.query_one(&select).await.refused()?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose().refused()?.unwrap_or_default())
}
