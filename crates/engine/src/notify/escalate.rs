//! What nobody read goes another way: first to the same person on a channel
//! they were not told on, then to who stands in for them or leads their team.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use conexao_domain::{
    identity::{absence::ABSENCE, team::TEAM},
    kernel::problem::Problem,
    locale,
};
use conexao_storage::{Tenant, Tx, entity::notification};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{
    Told,
    choice::{self, SECURITY},
    out,
    tell::tell,
};
use crate::{Engine, Session, live::Event, messages::Channel, refusal::Refused, tenants};

/// Most notices of one round.
const ROUND: u64 = 200;
/// What concerns nobody but the person.
const PERSONAL: &[&str] = &[SECURITY, "account", "privacy"];
/// Ways in the order they are tried: what disturbs most comes last.
const ORDER: [Channel; 4] = [Channel::Push, Channel::Slack, Channel::Email, Channel::Sms];

/// Takes every notice that waited long enough one way further.
pub(super) async fn due(engine: &Engine) -> Result<(), Problem> {
    for tenant in tenants::all(engine).await? {
        let tenant = Tenant(tenant.id);
        let tx = engine.db.read(tenant).await.refused()?;
        let rows = waiting(engine).filter(notification::Column::TenantId.eq(tenant.0)).limit(ROUND);
        let rows = rows.all(&*tx).await.refused()?;
        tx.rollback().await.refused()?;
        for row in rows {
            let events = one(engine, tenant, row.id).await?;
            engine.hub.publish(&engine.db, events).await;
        }
    }
    Ok(())
}

fn waiting(engine: &Engine) -> sea_orm::Select<notification::Entity> {
    notification::Entity::find()
        .filter(notification::Column::EscalateAt.lte(engine.now()))
        .filter(notification::Column::ReadAt.is_null())
        .filter(notification::Column::DeletedAt.is_null())
}

async fn one(engine: &Engine, tenant: Tenant, id: Uuid) -> Result<Vec<Event>, Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let now = engine.now();
    // Another node may have been faster, or the person.
    let found = waiting(engine)
        .filter(notification::Column::TenantId.eq(tenant.0))
        .filter(notification::Column::Id.eq(id))
        .lock_exclusive()
        .one(&*tx)
        .await
        .refused()?;
    let Some(row) = found else { return Ok(Vec::new()) };
    let choices = choice::of(&tx, row.user_id).await?;
    let minutes = choices.escalate_minutes.map_or(TimeDelta::zero(), |minutes| TimeDelta::minutes(minutes.into()));
    let (mut next, mut events) = (None, Vec::new());
    let stays = row.escalated == 0 && another_way(engine, &tx, &row, &choices).await?;
    if stays {
        next = (minutes > TimeDelta::zero()).then(|| now + minutes);
    } else if !PERSONAL.contains(&row.category.as_str()) {
        events = hand_over(engine, &tx, &row, now).await?;
    }
    let escalated = row.escalated.saturating_add(1);
    let mut active = notification::ActiveModel::from(row);
    active.escalated = Set(escalated);
    active.escalate_at = Set(next);
    active.update(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    Ok(events)
}

fn told(row: &notification::Model) -> Told {
    Told {
        user: row.user_id,
        category: row.category.clone(),
        event: row.event.clone(),
        title: row.title.clone(),
        body: row.body.clone(),
        resource: row.resource.clone(),
        record_id: row.record_id,
        source: row.source.clone(),
    }
}

/// The first channel that reaches the person and on which they were not told.
async fn another_way(
    engine: &Engine,
    tx: &Tx,
    row: &notification::Model,
    choices: &choice::Choices,
) -> Result<bool, Problem> {
    for channel in ORDER {
        if !choices.wants(&row.category, channel.as_str()) && out::post(engine, tx, &told(row), &[channel]).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Tells who stands in for the person, or leads their team, if they may read it.
async fn hand_over(
    engine: &Engine,
    tx: &Tx,
    row: &notification::Model,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Problem> {
    let Some((person, _)) = out::reader(engine, tx, row.user_id).await? else { return Ok(Vec::new()) };
    let today = now.with_timezone(&person.time_zone).date_naive();
    let mut candidates = substitutes(tx, row.user_id, today).await?;
    candidates.extend(leaders(tx, row.user_id).await?);
    for user in candidates.into_iter().filter(|user| *user != row.user_id) {
        let Some((session, _)) = out::reader(engine, tx, user).await? else { continue };
        if !may_read(&session, row.resource.as_deref()) {
            continue;
        }
        let minutes = (now - row.created_at).num_minutes().to_string();
        let body =
            locale::text(session.locale, "mail.escalated").replace("{name}", &person.name).replace("{n}", &minutes);
        let body = if row.body.is_empty() { body } else { format!("{body}\n{}", row.body) };
        let source = format!("escalated:{}", row.id);
        let news = Told { user, body, source, ..told(row) };
        return tell(engine, tx, now, vec![news]).await;
    }
    Ok(Vec::new())
}

fn may_read(session: &Session, resource: Option<&str>) -> bool {
    resource.is_none_or(|resource| session.can(&format!("{resource}.read")))
}

async fn users(tx: &Tx, select: &sea_orm::sea_query::SelectStatement) -> Result<Vec<Uuid>, Problem> {
    let rows = tx.query_all(select).await.refused()?;
    let found: Result<Vec<Option<Uuid>>, Problem> = rows.iter().map(|row| row.try_get_by_index(0).refused()).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// Who stands in for somebody today.
async fn substitutes(tx: &Tx, user: Uuid, today: NaiveDate) -> Result<Vec<Uuid>, Problem> {
    let mut select = Query::select();
    select
        .column("substitute_id")
        .from(ABSENCE.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("owner_id").eq(user))
        .and_where(Expr::col("status").eq("valid"))
        .and_where(Expr::col("starts_on").lte(today))
        .and_where(Expr::col("ends_on").gte(today))
        .and_where(Expr::col("deleted_at").is_null());
    users(tx, &select).await
}

/// Who leads a team of somebody.
async fn leaders(tx: &Tx, user: Uuid) -> Result<Vec<Uuid>, Problem> {
    let mut teams = Query::select();
    teams
        .column("team_id")
        .from("team_member")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("user_id").eq(user));
    let mut select = Query::select();
    select
        .column("leader_id")
        .from(TEAM.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("leader_id").is_not_null())
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(Expr::col("id").in_subquery(teams))
        .order_by("name", sea_orm::Order::Asc);
    users(tx, &select).await
}
