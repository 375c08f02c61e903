//! Which deliveries may be sent now, and taking one up.

use async_recursion::async_recursion;
use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    integration::{delivery::DELIVERY, webhook::WEBHOOK},
    kernel::{problem::Problem, record::Record},
};
use conexao_storage::{Tenant, table};
use sea_orm::{
    ConnectionTrait, Statement, Value,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{envelope, sender::Outgoing};
use crate::{Engine, refusal::Refused, secrets, tenants};

/// How long whoever takes a delivery up has it; after that it counts as
/// abandoned and is sent again.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A delivery that was taken up.
#[derive(Debug)]
pub(super) struct Taken {
    pub tenant: Tenant,
    pub id: Uuid,
    pub subscription: Uuid,
    pub delivery: Record,
    /// Until when it is ours; whoever finds another moment has lost it.
    pub until: DateTime<Utc>,
    pub message: Outgoing,
}

/// Deliveries whose moment has come, of active subscriptions that are not
/// `busy`, and of companies that are neither suspended nor `full`; of each record
/// only the oldest that waits, so that they go in order.
#[async_recursion]
pub(super) async fn find(
    engine: &Engine,
    limit: usize,
    busy: &[Uuid],
    full: &[i32],
) -> Result<Vec<(Tenant, Uuid, Uuid)>, Problem> {
    let places: Vec<String> = (0..busy.len()).map(|n| format!("${}", n + 2)).collect();
    let others =
        if busy.is_empty() { String::new() } else { format!("AND d.subscription_id NOT IN ({}) ", places.join(", ")) };
    let rest =
        if full.is_empty() { String::new() } else { format!("AND d.tenant_id NOT IN ({}) ", tenants::numbers(full)) };
    let active = tenants::active("d");
    let sql = format!(
        "SELECT d.tenant_id, d.id, d.subscription_id FROM webhook_delivery d \
         JOIN webhook_subscription s ON s.tenant_id = d.tenant_id AND s.id = d.subscription_id \
         WHERE d.status = 'pending' AND d.next_at <= $1 AND d.deleted_at IS NULL \
         AND s.status = 'active' AND s.deleted_at IS NULL AND {active} {others}{rest}\
         AND NOT EXISTS (SELECT 1 FROM webhook_delivery e WHERE e.tenant_id = d.tenant_id \
         AND e.subscription_id = d.subscription_id AND e.record_id = d.record_id AND e.event_id < d.event_id \
         AND e.status = 'pending' AND e.deleted_at IS NULL) ORDER BY d.next_at LIMIT {limit}"
    );
    let moment = Value::ChronoDateTimeUtc(Some(engine.now()));
    let values = std::iter::once(moment).chain(busy.iter().map(|id| Value::Uuid(Some(*id))));
    let tx = engine.db.system_read().await.refused()?;
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let rows = tx.query_all_raw(statement).await.refused()?;
    tx.rollback().await.refused()?;
    let read = |row: &sea_orm::QueryResult| {
        let tenant = Tenant(row.try_get_by_index(0).refused()?);
        Ok((tenant, row.try_get_by_index(1).refused()?, row.try_get_by_index(2).refused()?))
    };
    rows.iter().map(read).collect()
}

/// Takes a delivery up, unless somebody was faster: counts the attempt and
/// puts its moment behind the lease.
#[async_recursion]
pub(super) async fn take(engine: &Engine, tenant: Tenant, id: Uuid) -> Result<Option<Taken>, Problem> {
    let now = engine.now();
    let until = now + LEASE;
    let tx = engine.db.write(tenant).await.refused()?;
    let mut update = Query::update();
    update
        .table(DELIVERY.table)
        .value("attempts", Expr::cust("COALESCE(attempts, 0) + 1"))
        .value("next_at", until)
        .and_where(Expr::col("tenant_id").eq(tenant.0))
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("status").eq("pending"))
        .and_where(Expr::col("next_at").lte(now));
    let mine = tx.execute(&update).await.refused()?.rows_affected() == 1;
    let delivery = table::by_ids(&tx, &DELIVERY, &[id], false).await.refused()?.pop();
    let Some(mut delivery) = delivery.filter(|_| mine) else { return Ok(None) };
    let Some(subscription) = delivery.text("subscription_id").and_then(|id| Uuid::parse_str(id).ok()) else {
        return Ok(None);
    };
    let Some(to) = table::by_ids(&tx, &WEBHOOK, &[subscription], false).await.refused()?.pop() else { return Ok(None) };
    if delivery.text("request_body").is_none() {
        delivery.set("request_body", envelope::ping(id, &to, now));
    }
    let keys = secrets::sealed(engine, &tx, subscription, now).await?;
    tx.commit().await.refused()?;
    let text = |record: &Record, field: &str| record.text(field).unwrap_or_default().to_owned();
    let message = Outgoing {
        url: text(&to, "url"),
        id: delivery.id().to_owned(),
        event: text(&delivery, "event"),
        body: text(&delivery, "request_body"),
        secrets: keys.into_iter().map(Into::into).collect(),
        at: now,
    };
    Ok(Some(Taken { tenant, id, subscription, delivery, until, message }))
}
