//! What nobody read goes up a ladder: to the same person on a channel they were
//! not told on, to who stands in for them or leads their team, to administrators.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use conexao_domain::{
    identity::{absence::ABSENCE, team::TEAM},
    kernel::problem::Problem,
    locale,
    settings::{
        Company,
        ladder::{Rung, Step},
    },
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
    audience::holding,
    choice::{self, SECURITY},
    out,
    tell::tell,
};
use crate::{Engine, Session, live::Event, messages::Channel, refusal::Refused, tenants};

/// Most notices of one round.
const ROUND: u64 = 200;
/// What concerns nobody but the person.
const PERSONAL: &[&str] = &[SECURITY, "account", "privacy"];
/// How the source begins of what was told in somebody's stead.
const HANDED: &str = "escalated:";
/// Ways in the order they are tried: what disturbs most comes last.
const ORDER: [Channel; 4] = [Channel::Push, Channel::Slack, Channel::Email, Channel::Sms];

/// Takes every notice that waited long enough one way further.
pub(super) async fn due(engine: &Engine) -> Result<(), Problem> {
    tenants::each(engine, "escalations", |tenant| due_in(engine, tenant)).await
}

async fn due_in(engine: &Engine, tenant: Tenant) -> Result<(), Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let rows = waiting(engine).filter(notification::Column::TenantId.eq(tenant.0)).limit(ROUND);
    let rows = rows.all(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    for row in rows {
        let events = one(engine, tenant, row.id).await?;
        engine.hub.publish(&engine.db, events).await;
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
    let ladder = ladder(&choices, &engine.house(tenant).await?.company);
    let (mut at, mut done) = (usize::try_from(row.escalated).unwrap_or_default(), None);
    // A step that leads to nobody is no reason to wait for the next one.
    while let Some(step) = ladder.get(at).filter(|_| done.is_none()) {
        done = climb(engine, &tx, &row, &choices, step.to, now).await?;
        at += 1;
    }
    let next = ladder.get(at).filter(|_| done.is_some()).map(|step| now + TimeDelta::minutes(step.minutes));
    let mut active = notification::ActiveModel::from(row);
    active.escalated = Set(i32::try_from(at).unwrap_or(i32::MAX));
    active.escalate_at = Set(next);
    active.update(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    Ok(done.unwrap_or_default())
}

/// The steps for somebody's notices: their own two where they chose how long to
/// wait, else the company's.
fn ladder(choices: &choice::Choices, company: &Company) -> Vec<Step> {
    match choices.escalate_minutes {
        Some(minutes) => [Rung::OtherWay, Rung::StandIn].map(|to| Step { minutes: minutes.into(), to }).to_vec(),
        None => company.escalation(),
    }
}

/// How long a notice waits for its reader before the first step. What was
/// handed on is handed on no further.
pub(super) fn first_wait(choices: &choice::Choices, company: &Company, source: &str) -> Option<TimeDelta> {
    let ladder = if source.starts_with(HANDED) { Vec::new() } else { ladder(choices, company) };
    ladder.first().map(|step| TimeDelta::minutes(step.minutes))
}

/// Takes one step; `None` when it leads to nobody.
async fn climb(
    engine: &Engine,
    tx: &Tx,
    row: &notification::Model,
    choices: &choice::Choices,
    to: Rung,
    now: DateTime<Utc>,
) -> Result<Option<Vec<Event>>, Problem> {
    if to == Rung::OtherWay {
        return Ok(another_way(engine, tx, row, choices).await?.then(Vec::new));
    }
    if PERSONAL.contains(&row.category.as_str()) {
        return Ok(None);
    }
    let Some((person, _)) = out::reader(engine, tx, row.user_id).await? else { return Ok(None) };
    let candidates = if to == Rung::StandIn {
        let today = now.with_timezone(&person.time_zone).date_naive();
        let mut near = substitutes(tx, row.user_id, today).await?;
        near.extend(leaders(tx, row.user_id).await?);
        near
    } else {
        holding(tx, "settings.manage").await?.into_iter().map(|(user, _)| user).collect()
    };
    let readers = readers(engine, tx, row, candidates).await?;
    // One stands in; administrators are told all.
    let most = if to == Rung::StandIn { 1 } else { readers.len() };
    let mut told = Vec::new();
    for session in readers.iter().take(most) {
        told.push(handed(row, &person, session, now));
    }
    if told.is_empty() { Ok(None) } else { tell(engine, tx, now, told).await.map(Some) }
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

/// Those among others who may read what a notice is about.
async fn readers(
    engine: &Engine,
    tx: &Tx,
    row: &notification::Model,
    candidates: Vec<Uuid>,
) -> Result<Vec<Session>, Problem> {
    let mut readers = Vec::new();
    for user in candidates.into_iter().filter(|user| *user != row.user_id) {
        let found = out::reader(engine, tx, user).await?.map(|(session, _)| session);
        readers.extend(found.filter(|session| may_read(session, row.resource.as_deref())));
    }
    Ok(readers)
}

/// The notice as somebody else hears it.
fn handed(row: &notification::Model, person: &Session, reader: &Session, now: DateTime<Utc>) -> Told {
    let minutes = (now - row.created_at).num_minutes().to_string();
    let body = locale::text(reader.locale, "mail.escalated").replace("{name}", &person.name).replace("{n}", &minutes);
    let body = if row.body.is_empty() { body } else { format!("{body}\n{}", row.body) };
    Told { user: reader.user, body, source: format!("{HANDED}{}", row.id), ..told(row) }
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
