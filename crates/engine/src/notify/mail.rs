//! Notifications by mail: as they happen, or together once a day.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    identity::user::USER,
    kernel::problem::Problem,
    locale::{self, Locale},
    registry,
};
use conexao_integrations::email::template::Template;
use conexao_storage::{
    Tenant, Tx,
    entity::{notification, notification_rhythm},
    table,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    Told,
    choice::{self, Choices, EMAIL},
};
use crate::{
    Engine, Session,
    identity::session_in,
    messages::{self, Letter, Recipient},
    refusal::Refused,
    tenants,
};

/// A day, less what the clock that looks may be late.
const DAY: TimeDelta = TimeDelta::minutes(23 * 60 + 30);
/// Most notifications in one summary.
const MOST: u64 = 20;

/// Who is written to, if it is a user who may come in.
async fn reader(tx: &Tx, user: Uuid) -> Result<Option<(Session, Recipient)>, Problem> {
    let Ok(session) = session_in(tx, user).await else { return Ok(None) };
    let found = table::by_ids(tx, &USER, &[user], false).await.refused()?.pop();
    let Some(address) = found.as_ref().and_then(|user| user.text("email")) else { return Ok(None) };
    let name = Some(session.name.clone());
    let to = Recipient { address: address.to_owned(), name, user: Some(user), customer: None };
    Ok(Some((session, to)))
}

/// Where a notification leads.
fn page(engine: &Engine, resource: Option<&str>, record: Option<Uuid>) -> String {
    let path = resource.and_then(registry::by_name).zip(record).map(|(kind, id)| format!("/{}/{id}", kind.route));
    engine.mail.page(path.as_deref().unwrap_or("/notificacoes"))
}

fn map<const N: usize>(values: [(&str, Json); N]) -> Map<String, Json> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Queues mail about something a user was told, if they want mail about it.
pub(super) async fn post(
    engine: &Engine,
    tx: &Tx,
    now: DateTime<Utc>,
    choices: &Choices,
    told: &Told,
) -> Result<(), Problem> {
    if choices.digest || !choices.wants(&told.category, EMAIL) {
        return Ok(());
    }
    let Some((session, to)) = reader(tx, told.user).await? else { return Ok(()) };
    let values = [
        ("name", json!(session.name)),
        ("title", json!(told.title)),
        ("body", json!(told.body)),
        ("action_url", json!(page(engine, told.resource.as_deref(), told.record_id))),
        ("action", Json::Null),
        ("unsubscribe_url", Json::Null),
    ];
    let letter = Letter {
        category: "notice",
        template: Template::Notification,
        locale: session.locale,
        to,
        values: map(values),
        after: Some(choices.mail_at(now, session.time_zone)),
        expires_at: None,
        source: format!("notice:{}:{}", told.user, told.source),
    };
    messages::post(engine, tx, letter).await.map(|_| ())
}

/// Queues the summaries that are due.
pub(crate) async fn digest(engine: &Engine) -> Result<(), Problem> {
    for tenant in tenants::all(engine).await? {
        let tenant = Tenant(tenant.id);
        let tx = engine.db.read(tenant).await.refused()?;
        let rows = notification_rhythm::Entity::find()
            .filter(notification_rhythm::Column::TenantId.eq(tenant.0))
            .filter(notification_rhythm::Column::Digest.eq(true))
            .all(&*tx)
            .await
            .refused()?;
        tx.rollback().await.refused()?;
        let now = engine.now();
        for row in rows.into_iter().filter(|row| row.digested_at.is_none_or(|at| now - at >= DAY)) {
            summary(engine, tenant, row, now).await?;
        }
    }
    Ok(())
}

async fn summary(
    engine: &Engine,
    tenant: Tenant,
    row: notification_rhythm::Model,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let choices = choice::of(&tx, row.user_id).await?;
    let Some((session, to)) = reader(&tx, row.user_id).await? else { return Ok(()) };
    if choices.mail_at(now, session.time_zone) != now {
        return Ok(());
    }
    let since = row.digested_at.unwrap_or(now - TimeDelta::days(1));
    let mut news = notification::Entity::find()
        .filter(notification::Column::TenantId.eq(tenant.0))
        .filter(notification::Column::UserId.eq(row.user_id))
        .filter(notification::Column::DeletedAt.is_null())
        .filter(notification::Column::ReadAt.is_null())
        .filter(notification::Column::CreatedAt.gt(since))
        .order_by_desc(notification::Column::Id)
        .limit(MOST * 5)
        .all(&*tx)
        .await
        .refused()?;
    news.retain(|one| choices.wants(&one.category, EMAIL));
    if !news.is_empty() {
        let source = format!("digest:{}:{}", row.user_id, now.format("%Y-%m-%d-%H"));
        messages::post(engine, &tx, letter(engine, &session, to, &news, (since, now), source)).await?;
    }
    let mut row = row.into_active_model();
    row.digested_at = Set(Some(now));
    row.update(&*tx).await.refused()?;
    tx.commit().await.refused()
}

fn letter(
    engine: &Engine,
    session: &Session,
    to: Recipient,
    news: &[notification::Model],
    (since, now): (DateTime<Utc>, DateTime<Utc>),
    source: String,
) -> Letter {
    let when = |at| messages::when(at, session.time_zone, session.locale);
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let items: Vec<Json> = news
        .iter()
        .take(most)
        .map(|one| {
            let url = page(engine, one.resource.as_deref(), one.record_id);
            json!({ "title": one.title, "body": one.body, "url": url, "when": when(one.created_at) })
        })
        .collect();
    let between = if session.locale == Locale::En { "to" } else { "a" };
    let values = [
        ("name", json!(session.name)),
        ("period", json!(format!("{} {between} {}", when(since), when(now)))),
        ("items", json!(items)),
        ("more", json!(news.len().saturating_sub(most))),
        ("action_url", json!(engine.mail.page("/notificacoes"))),
        ("action", json!(locale::text(session.locale, "mail.digest.action"))),
        ("unsubscribe_url", Json::Null),
    ];
    Letter {
        category: "digest",
        template: Template::Digest,
        locale: session.locale,
        to,
        values: map(values),
        after: None,
        expires_at: Some(now + TimeDelta::days(2)),
        source,
    }
}
