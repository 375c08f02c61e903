//! Reaction: an event becomes a delivery for each subscription that wants it.

use async_trait::async_trait;
use conexao_domain::{
    integration::{
        delivery::DELIVERY,
        webhook::{self, WEBHOOK},
    },
    kernel::{canonical::write_instant, problem::Problem, record::Record, resource::Resource},
    registry,
};
use conexao_storage::{Tx, entity::outbox, query, table};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{envelope, filter};
use crate::{
    Session, facts,
    react::{Event, ReactCtx, Reaction},
    refusal::Refused,
};

/// Earlier events of the record that are looked after.
const EARLIER: u64 = 200;

/// Feeds webhooks. Events are followed out of order; so each one also brings
/// along those before it of the same record, and a record's deliveries exist
/// in order. That each exists once is the unique index's business.
#[derive(Debug)]
pub struct Feed;

fn told(event: &str) -> Option<&'static Resource> {
    let resource = event.split_once('.').and_then(|(name, _)| registry::by_name(name))?;
    registry::events_of(resource).iter().any(|known| known == event).then_some(resource)
}

#[async_trait]
impl Reaction for Feed {
    fn name(&self) -> &'static str {
        "webhooks"
    }

    fn follows(&self, event: &str) -> bool {
        told(event).is_some()
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let Some(resource) = told(&event.name) else { return Ok(()) };
        let engine = ctx.engine;
        let tx = engine.db.read(ctx.session.tenant).await.refused()?;
        let wanting = wanting(&tx, &event.name).await?;
        tx.rollback().await.refused()?;
        for subscription in &wanting {
            let tx = engine.db.write(ctx.session.tenant).await.refused()?;
            // One at a time for each subscription: two nodes must not bring the same.
            let id = Uuid::parse_str(subscription.id()).unwrap_or_default();
            table::lock(&tx, &WEBHOOK, id).await.refused()?;
            let facts = facts::of(&ctx.session, engine.now());
            for event in missing(&tx, subscription, event).await? {
                add(&tx, &ctx.session, resource, subscription, &event, &facts).await?;
            }
            tx.commit().await.refused()?;
        }
        if !wanting.is_empty() {
            engine.webhooks.notify_one();
        }
        Ok(())
    }
}

/// Active subscriptions that want the event.
async fn wanting(tx: &Tx, event: &str) -> Result<Vec<Record>, Problem> {
    let mut select = Query::select();
    select
        .from(WEBHOOK.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("deleted_at").is_null());
    let mut found = table::select(tx, &WEBHOOK, &mut select).await.refused()?;
    table::fill(tx, &WEBHOOK, &mut found).await.refused()?;
    found.retain(|subscription| webhook::wants(subscription, event));
    Ok(found)
}

/// The event and those before it of the same record that the subscription
/// wants and has no delivery of, oldest first.
async fn missing(tx: &Tx, subscription: &Record, event: &Event) -> Result<Vec<outbox::Model>, Problem> {
    let mut query = outbox::Entity::find().filter(outbox::Column::TenantId.eq(tx.tenant().0));
    query = match event.record_id {
        None => query.filter(outbox::Column::Id.eq(event.id)),
        Some(record) => query.filter(outbox::Column::RecordId.eq(record)).filter(outbox::Column::Id.lte(event.id)),
    };
    if let Some(since) = subscription.instant("active_since") {
        query = query.filter(outbox::Column::CreatedAt.gte(since));
    }
    let mut events = query.order_by_desc(outbox::Column::Id).limit(EARLIER).all(&**tx).await.refused()?;
    events.retain(|event| told(&event.event).is_some() && webhook::wants(subscription, &event.event));
    let known = known(tx, subscription, &events).await?;
    events.retain(|event| !known.contains(&event.id.to_string()));
    events.reverse();
    Ok(events)
}

/// Ids of those events that have a delivery to the subscription.
async fn known(tx: &Tx, subscription: &Record, events: &[outbox::Model]) -> Result<Vec<String>, Problem> {
    let mut select = Query::select();
    select
        .column("event_id")
        .from(DELIVERY.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("subscription_id").eq(Uuid::parse_str(subscription.id()).unwrap_or_default()))
        .and_where(Expr::col("event_id").is_in(events.iter().map(|event| event.id.to_string())));
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| row.try_get_by_index(0).refused()).collect()
}

/// Adds the delivery unless the filter says otherwise. Written by itself and
/// not through the journal: nobody did it, and it is the telling of something
/// that is in the journal.
async fn add(
    tx: &Tx,
    session: &Session,
    resource: &'static Resource,
    subscription: &Record,
    event: &outbox::Model,
    facts: &conexao_domain::kernel::plan::Facts,
) -> Result<(), Problem> {
    if !passes(tx, resource, subscription, event, facts).await? {
        return Ok(());
    }
    let record = match event.record_id {
        Some(id) => envelope::record(tx, resource, id).await?,
        None => None,
    };
    let now = write_instant(facts.now);
    let text = |value: &str| Json::from(value);
    let fields = [
        ("id", text(&Uuid::now_v7().to_string())),
        ("version", 1.into()),
        ("created_at", text(&now)),
        ("updated_at", text(&now)),
        ("created_by", session.user_id().map(|id| id.to_string()).into()),
        ("subscription_id", text(subscription.id())),
        ("event", text(&event.event)),
        ("event_id", text(&event.id.to_string())),
        ("resource", text(resource.name)),
        ("record_id", event.record_id.map(|id| id.to_string()).into()),
        ("status", text("pending")),
        ("attempts", 0.into()),
        ("next_at", text(&now)),
        ("begun_at", text(&now)),
        ("request_body", envelope::of(event, record.as_ref()).into()),
    ];
    let delivery = Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    table::insert(tx, &DELIVERY, &[(delivery, String::new())]).await.refused()
}

/// Whether the record is one the filter lets through, as it is now. A removed
/// record no longer fits any filter, so its removal is always told.
async fn passes(
    tx: &Tx,
    resource: &'static Resource,
    subscription: &Record,
    event: &outbox::Model,
    facts: &conexao_domain::kernel::plan::Facts,
) -> Result<bool, Problem> {
    // A filter that no longer fits lets nothing through.
    let Ok(wanted) = filter(subscription, resource) else { return Ok(false) };
    let Some((wanted, id)) = wanted.zip(event.record_id).filter(|_| !event.event.ends_with(".delete")) else {
        return Ok(true);
    };
    let only = Condition::all().add(Expr::col("id").eq(id));
    let found = query::ids(tx, resource, &wanted, &only, facts, None).await.refused()?;
    Ok(!found.is_empty())
}
