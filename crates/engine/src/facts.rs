//! Facts: what plans and guards may know beyond the record itself.

use async_recursion::async_recursion;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{
        plan::Facts,
        problem::Problem,
        record::Record,
        resource::{FactSource, Resource},
    },
    registry,
};
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::{Engine, Session, refusal::Refused};

/// The moment by the tenant's clock and the actor, without data of other records.
pub fn plain(engine: &Engine, session: &Session) -> Facts {
    of(session, engine.now())
}

/// Like [`plain`], at a given moment of the world.
pub(crate) fn of(session: &Session, now: DateTime<Utc>) -> Facts {
    let (zone, now) = (session.time_zone, session.house.clock.show(now));
    let (today, company) = (now.with_timezone(&zone).date_naive(), Arc::clone(&session.house.company));
    Facts { now, today, zone, actor: session.user.to_string(), data: Map::new(), company }
}

/// Adds the facts `resource` declares, for `record`.
#[async_recursion]
pub async fn complete(
    tx: &Tx,
    resource: &'static Resource,
    record: &Record,
    mut facts: Facts,
) -> Result<Facts, Problem> {
    for fact in resource.facts {
        let value = match fact.source {
            FactSource::Referenced(field) => referenced(tx, resource, record, field).await?,
            FactSource::Count { resource, field } => count(tx, resource, field, record).await?,
        };
        facts.data.insert(fact.name.to_owned(), value);
    }
    Ok(facts)
}

async fn referenced(tx: &Tx, resource: &Resource, record: &Record, field: &str) -> Result<Json, Problem> {
    let target = resource.field(field).and_then(|f| match f.kind {
        conexao_domain::kernel::field::Kind::Reference(name) => registry::by_name(name),
        _ => None,
    });
    let id = record.text(field).and_then(|id| Uuid::parse_str(id).ok());
    let (Some(target), Some(id)) = (target, id) else { return Ok(Json::Null) };
    let found = table::by_ids(tx, target, &[id], false).await.refused()?;
    Ok(found.into_iter().next().map_or(Json::Null, |r| Json::Object(r.0)))
}

async fn count(tx: &Tx, resource: &str, field: &'static str, record: &Record) -> Result<Json, Problem> {
    let (Some(target), Ok(id)) = (registry::by_name(resource), Uuid::parse_str(record.id())) else {
        return Ok(0.into());
    };
    let mut select = Query::select();
    select
        .expr(Expr::cust("COUNT(*)"))
        .from(target.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col(field).eq(id))
        .and_where(Expr::col("deleted_at").is_null());
    let row = tx.query_one(&select).await.refused()?;
    let count: i64 = row.map(|r| r.try_get_by_index(0)).transpose().refused()?.unwrap_or_default();
    Ok(count.into())
}
