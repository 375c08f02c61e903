//! Several notices at once: by the hour or by the day in one mail, and what
//! waited while somebody was not to be disturbed.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    kernel::problem::Problem,
    locale::{self, Locale},
};
use conexao_integrations::email::template::Template;
use conexao_storage::{
    Tenant, Tx,
    entity::{notification, notification_rhythm},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    choice::{self, Choices, EMAIL, Every, SECURITY},
    out::{self, map, page},
};
use crate::{
    Engine, Session,
    messages::{self, Channel, DIGEST, Letter, Recipient, Route},
    refusal::Refused,
    tenants,
};

/// What the clock that looks may be late.
const LATE: TimeDelta = TimeDelta::seconds(30);
/// What was told so lately waits for the next summary: its transaction may not
/// have ended when this one looks.
const SETTLED: TimeDelta = TimeDelta::seconds(10);
/// Most notifications in one summary, and in few words.
const MOST: usize = 20;
const FEW: usize = 5;

/// Queues the summaries that are due.
pub(super) async fn due(engine: &Engine) -> Result<(), Problem> {
    tenants::each(engine, "summaries", |tenant| due_in(engine, tenant)).await
}

async fn due_in(engine: &Engine, tenant: Tenant) -> Result<(), Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let waits = Condition::any()
        .add(notification_rhythm::Column::Digest.eq(true))
        .add(notification_rhythm::Column::HeldSince.is_not_null());
    let rows = notification_rhythm::Entity::find()
        .filter(notification_rhythm::Column::TenantId.eq(tenant.0))
        .filter(waits)
        .all(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    let now = engine.now();
    for row in rows.into_iter().filter(|row| waits_for(row, now)) {
        one(engine, tenant, row.user_id, now).await?;
    }
    Ok(())
}

fn every(row: &notification_rhythm::Model) -> Every {
    row.digest_every.as_deref().and_then(Every::parse).unwrap_or_default()
}

fn digest_due(row: &notification_rhythm::Model, now: DateTime<Utc>) -> bool {
    row.digest && row.digested_at.is_none_or(|at| now - at >= every(row).period() - LATE)
}

fn waits_for(row: &notification_rhythm::Model, now: DateTime<Utc>) -> bool {
    row.held_since.is_some() || digest_due(row, now)
}

async fn one(engine: &Engine, tenant: Tenant, user: Uuid, now: DateTime<Utc>) -> Result<(), Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let found = notification_rhythm::Entity::find_by_id((tenant.0, user)).lock_exclusive().one(&*tx).await.refused()?;
    // Another node may have been faster.
    let Some(row) = found.filter(|row| waits_for(row, now)) else { return Ok(()) };
    let choices = choice::of(&tx, row.user_id).await?;
    let Some((session, to)) = out::reader(engine, &tx, row.user_id).await? else { return Ok(()) };
    if choices.quiet(now, session.time_zone).is_some() {
        return Ok(());
    }
    let (digest, held) = (digest_due(&row, now), row.held_since);
    let writer = Writer { engine, tx: &tx, session: &session, to: &to, choices: &choices, now };
    let (before, settled) = (row.digested_at, now - SETTLED);
    if digest {
        let since = before.unwrap_or(settled - every(&row).period());
        let source = format!("digest:{user}:{}", now.format("%Y-%m-%d-%H-%M"));
        writer.mail(since..settled, source).await?;
    }
    if let Some(since) = held {
        let base = format!("held:{user}:{}", since.timestamp_millis());
        let span = since..now + TimeDelta::milliseconds(1);
        // Mail of those who want one summary waits for it.
        if !row.digest {
            writer.mail(span.clone(), base.clone()).await?;
        }
        writer.short(span, &base).await?;
    }
    let mut row = row.into_active_model();
    row.digested_at = Set(if digest { Some(settled) } else { before });
    row.held_since = Set(None);
    row.update(&*tx).await.refused()?;
    tx.commit().await.refused()
}

/// Whoever gets summaries of what.
struct Writer<'a> {
    engine: &'a Engine,
    tx: &'a Tx,
    session: &'a Session,
    to: &'a Recipient,
    choices: &'a Choices,
    now: DateTime<Utc>,
}

impl Writer<'_> {
    /// What was told in a span, is unread and wanted on a channel, the newest
    /// first. What could not wait was told when it happened.
    async fn news(&self, span: Range<DateTime<Utc>>, channel: &str) -> Result<Vec<notification::Model>, Problem> {
        let mut news = notification::Entity::find()
            .filter(notification::Column::TenantId.eq(self.session.tenant.0))
            .filter(notification::Column::UserId.eq(self.session.user))
            .filter(notification::Column::DeletedAt.is_null())
            .filter(notification::Column::ReadAt.is_null())
            .filter(notification::Column::CreatedAt.gte(span.start))
            .filter(notification::Column::CreatedAt.lt(span.end))
            .order_by_desc(notification::Column::Id)
            .limit(100)
            .all(&**self.tx)
            .await
            .refused()?;
        news.retain(|one| one.category != SECURITY && self.choices.wants(&one.category, channel));
        Ok(news)
    }

    async fn mail(&self, span: Range<DateTime<Utc>>, source: String) -> Result<(), Problem> {
        let since = span.start;
        let news = self.news(span, EMAIL).await?;
        if news.is_empty() || !self.choices.wants(DIGEST, EMAIL) {
            return Ok(());
        }
        let when = |at| messages::when(at, self.session.time_zone, self.session.locale);
        let item = |one: &notification::Model| {
            let url = page(self.engine, one.resource.as_deref(), one.record_id);
            json!({ "title": one.title, "body": one.body, "url": url, "when": when(one.created_at) })
        };
        let items: Vec<Json> = news.iter().take(MOST).map(item).collect();
        let between = if self.session.locale == Locale::En { "to" } else { "a" };
        let values = map([
            ("name", json!(self.session.name)),
            ("period", json!(format!("{} {between} {}", when(since), when(self.now)))),
            ("items", json!(items)),
            ("more", json!(news.len().saturating_sub(MOST))),
            ("action_url", json!(self.engine.mail.page("/notificacoes"))),
            ("action", json!(locale::text(self.session.locale, "mail.digest.action"))),
            ("unsubscribe_url", Json::Null),
        ]);
        let letter = self.letter(Template::Digest, values, source);
        messages::post(self.engine, self.tx, letter).await.map(|_| ())
    }

    /// In few words, by the ways that have room for no more.
    async fn short(&self, span: Range<DateTime<Utc>>, base: &str) -> Result<(), Problem> {
        for channel in [Channel::Push, Channel::Sms, Channel::Slack] {
            let news = self.news(span.clone(), channel.as_str()).await?;
            if news.is_empty() {
                continue;
            }
            let title = locale::text(self.session.locale, "mail.held").replace("{n}", &news.len().to_string());
            let mut lines: Vec<&str> = news.iter().take(FEW).map(|one| one.title.as_str()).collect();
            if news.len() > FEW {
                lines.push("…");
            }
            for route in out::routes(self.engine, self.tx, self.session.user, channel).await? {
                let values = map([
                    ("title", json!(title)),
                    ("body", json!(lines.join("\n"))),
                    ("action_url", json!(self.engine.mail.page("/notificacoes"))),
                ]);
                let letter = self.letter(Template::Notification, values, out::source(base, &route));
                messages::post_by(self.engine, self.tx, letter, Route { topic: Some(DIGEST.to_owned()), ..route })
                    .await?;
            }
        }
        Ok(())
    }

    fn letter(&self, template: Template, values: Map<String, Json>, source: String) -> Letter {
        Letter {
            category: DIGEST,
            template,
            locale: self.session.locale,
            to: self.to.clone(),
            values,
            after: None,
            expires_at: Some(self.now + TimeDelta::days(2)),
            source,
        }
    }
}
