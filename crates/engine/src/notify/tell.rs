//! Telling users something: in the application, and beyond it where they want.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{canonical::write_instant, problem::Problem};
use conexao_storage::{
    Tx,
    entity::{notification, notification_rhythm},
};
use futures_util::future::BoxFuture;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    choice::{self, Choices, EMAIL, IN_APP, SECURITY},
    escalate, out,
};
use crate::{
    Engine,
    live::{Event, Kind},
    refusal::Refused,
    rights,
};

/// Something to tell one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub user: Uuid,
    /// `category.<name>` in the locales.
    pub category: String,
    pub event: String,
    pub title: String,
    pub body: String,
    pub resource: Option<String>,
    pub record_id: Option<Uuid>,
    /// What caused it; a user is told of a source once.
    pub source: String,
}

/// Writes what users did not hear yet, where they want to hear it. Returns the live events to publish once
/// the transaction is committed.
///
/// Boxed with its type forgotten: many writes tell something, and the compiler
/// would look through all of this again for each of them.
pub fn tell<'a>(
    engine: &'a Engine,
    tx: &'a Tx,
    now: DateTime<Utc>,
    told: Vec<Told>,
) -> BoxFuture<'a, Result<Vec<Event>, Problem>> {
    Box::pin(told_all(engine, tx, now, told))
}

async fn told_all(engine: &Engine, tx: &Tx, now: DateTime<Utc>, told: Vec<Told>) -> Result<Vec<Event>, Problem> {
    tell_but(engine, tx, now, told, None).await
}

/// The same, but nobody stands in for others to hear what they did themselves
/// (`actor`). What is told to somebody absent is told to the substitute too.
pub(crate) async fn tell_but(
    engine: &Engine,
    tx: &Tx,
    now: DateTime<Utc>,
    mut told: Vec<Told>,
    actor: Option<Uuid>,
) -> Result<Vec<Event>, Problem> {
    told.extend(rights::also_told(tx, now, &told, actor).await?);
    let house = engine.house(tx.tenant()).await?;
    let mut events = Vec::with_capacity(told.len());
    for told in told {
        if heard(tx, &told).await? {
            continue;
        }
        let choices = choice::of(tx, told.user).await?;
        let (in_app, channels) = (choices.wants(&told.category, IN_APP), out::wanted(&choices, &told.category));
        if !in_app && channels.is_empty() {
            continue;
        }
        let quiet = send(engine, tx, now, &choices, &told).await?;
        let wait = escalate::first_wait(&choices, &house.company, &told.source);
        let row = notification::Model {
            tenant_id: tx.tenant().0,
            id: Uuid::now_v7(),
            user_id: told.user,
            category: told.category,
            event: told.event,
            title: told.title,
            body: told.body,
            resource: told.resource,
            record_id: told.record_id,
            source: told.source,
            created_at: now,
            read_at: None,
            deleted_at: None,
            in_app,
            escalate_at: wait.map(|wait| quiet.unwrap_or(now) + wait),
            escalated: 0,
        };
        let shown = shown(&row);
        let user = row.user_id;
        // Between the look and the insert another node may have been faster.
        let once = OnConflict::columns([
            notification::Column::TenantId,
            notification::Column::UserId,
            notification::Column::Source,
        ])
        .do_nothing()
        .to_owned();
        let active = notification::ActiveModel::from(row).reset_all();
        let inserted =
            notification::Entity::insert(active).on_conflict(once).exec_without_returning(&**tx).await.refused()?;
        if inserted > 0 && in_app {
            let id = shown.get("id").and_then(Json::as_str).and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default();
            events.push(Event { id, tenant: tx.tenant().0, kind: Kind::Notification, user: Some(user), data: shown });
        }
    }
    Ok(events)
}

/// Sends what is to be told outside of the application, unless it has to wait;
/// answers until when the user is not to be disturbed.
async fn send(
    engine: &Engine,
    tx: &Tx,
    now: DateTime<Utc>,
    choices: &Choices,
    told: &Told,
) -> Result<Option<DateTime<Utc>>, Problem> {
    let mut channels = out::wanted(choices, &told.category);
    // What is about security waits for nothing.
    if told.category == SECURITY {
        out::post(engine, tx, told, &channels).await?;
        return Ok(None);
    }
    let quiet = out::quiet(engine, tx, choices, now).await?;
    if quiet.is_some() {
        hold(tx, told.user, now).await?;
        return Ok(quiet);
    }
    channels.retain(|channel| !choices.digest || channel.as_str() != EMAIL);
    out::post(engine, tx, told, &channels).await?;
    Ok(None)
}

/// Notes that something waits for the end of the quiet.
async fn hold(tx: &Tx, user: Uuid, now: DateTime<Utc>) -> Result<(), Problem> {
    notification_rhythm::Entity::update_many()
        .col_expr(notification_rhythm::Column::HeldSince, Expr::val(now))
        .filter(notification_rhythm::Column::TenantId.eq(tx.tenant().0))
        .filter(notification_rhythm::Column::UserId.eq(user))
        .filter(notification_rhythm::Column::HeldSince.is_null())
        .exec(&**tx)
        .await
        .refused()
        .map(|_| ())
}

async fn heard(tx: &Tx, told: &Told) -> Result<bool, Problem> {
    let found = notification::Entity::find()
        .filter(notification::Column::TenantId.eq(tx.tenant().0))
        .filter(notification::Column::UserId.eq(told.user))
        .filter(notification::Column::Source.eq(&told.source))
        .one(&**tx)
        .await
        .refused()?;
    Ok(found.is_some())
}

/// A notification as its user sees it.
pub(super) fn shown(row: &notification::Model) -> Json {
    json!({
        "id": row.id,
        "category": row.category,
        "event": row.event,
        "title": row.title,
        "body": row.body,
        "resource": row.resource,
        "record_id": row.record_id,
        "read_at": row.read_at.map(write_instant),
        "created_at": write_instant(row.created_at),
    })
}
