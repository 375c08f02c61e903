//! How users want to be told: per category in the application and by mail, as
//! it happens or once a day, and when not to be disturbed.

use chrono::{DateTime, NaiveTime, Timelike, Utc};
use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        resource::Resource,
    },
    registry,
};
use conexao_storage::{
    Tenant, Tx,
    entity::{notification_choice, notification_rhythm},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use crate::{Engine, Session, refusal::Refused};

/// In the application.
pub const IN_APP: &str = "app";
/// By e-mail.
pub const EMAIL: &str = "email";

/// Whether a user is told of a category on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub category: String,
    pub channel: String,
    pub wanted: bool,
}

/// How a user wants to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Every category on every channel.
    pub choices: Vec<Choice>,
    /// Mail once a day instead of as it happens.
    pub digest: bool,
    /// No mail from this time of day in the tenant's zone…
    pub quiet_from: Option<String>,
    /// … until this one, `HH:MM`; the night may lie between.
    pub quiet_until: Option<String>,
}

/// Every category that users are told of.
pub fn categories() -> Vec<&'static str> {
    let notices = registry::RESOURCES.iter().flat_map(|resource: &&Resource| resource.notices);
    let mut all: Vec<&str> =
        notices.map(|notice| notice.category).chain(registry::CATEGORIES.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What nobody chose: everything in the application, nothing by mail.
fn usual(channel: &str) -> bool {
    channel == IN_APP
}

/// How a user wants to be told, chosen or usual.
pub(super) async fn of(tx: &Tx, user: Uuid) -> Result<Choices, Problem> {
    let tenant = tx.tenant().0;
    let chosen = notification_choice::Entity::find()
        .filter(notification_choice::Column::TenantId.eq(tenant))
        .filter(notification_choice::Column::UserId.eq(user))
        .all(&**tx)
        .await
        .refused()?;
    let rhythm = notification_rhythm::Entity::find_by_id((tenant, user)).one(&**tx).await.refused()?;
    let one = |category: &str, channel: &str| {
        let found = chosen.iter().find(|row| row.category == category && row.channel == channel);
        let wanted = found.map_or_else(|| usual(channel), |row| row.wanted);
        Choice { category: category.to_owned(), channel: channel.to_owned(), wanted }
    };
    let choices = categories().into_iter().flat_map(|category| [one(category, IN_APP), one(category, EMAIL)]).collect();
    Ok(rhythm.map_or_else(Choices::default, |row| Choices {
        choices: Vec::new(),
        digest: row.digest,
        quiet_from: row.quiet_from,
        quiet_until: row.quiet_until,
    }))
    .map(|rhythm| Choices { choices, ..rhythm })
}

impl Choices {
    /// Whether the user is told of a category on a channel.
    pub(super) fn wants(&self, category: &str, channel: &str) -> bool {
        let found = self.choices.iter().find(|one| one.category == category && one.channel == channel);
        found.map_or_else(|| usual(channel), |one| one.wanted)
    }

    /// When mail may go out: now, or when the quiet hours end.
    pub(super) fn mail_at(&self, now: DateTime<Utc>, zone: chrono_tz::Tz) -> DateTime<Utc> {
        let hour =
            |text: &Option<String>| text.as_deref().and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
        let (Some(from), Some(until)) = (hour(&self.quiet_from), hour(&self.quiet_until)) else { return now };
        let time = now.with_timezone(&zone).time();
        let quiet = if from <= until { from <= time && time < until } else { from <= time || time < until };
        if !quiet {
            return now;
        }
        let day = 24 * 3600;
        let wait = (day + until.num_seconds_from_midnight() - time.num_seconds_from_midnight()) % day;
        now + chrono::TimeDelta::seconds(wait.into())
    }
}

/// How the session's user wants to be told.
pub async fn choices(engine: &Engine, session: &Session) -> Result<Choices, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let choices = of(&tx, session.user).await?;
    tx.rollback().await.refused()?;
    Ok(choices)
}

/// Keeps how the session's user wants to be told; choices not named stay.
pub async fn choose(engine: &Engine, session: &Session, wanted: Choices) -> Result<(), Problem> {
    let user = session.person().filter(|_| session.token.is_none());
    let user = user.ok_or_else(|| Problem::new(Code::Forbidden).detail("token"))?;
    for (field, text) in [("quiet_from", &wanted.quiet_from), ("quiet_until", &wanted.quiet_until)] {
        if text.as_deref().is_some_and(|text| NaiveTime::parse_from_str(text, "%H:%M").is_err()) {
            return Err(Problem::field(field, "time"));
        }
    }
    let known = categories();
    for one in &wanted.choices {
        if !known.contains(&one.category.as_str()) || ![IN_APP, EMAIL].contains(&one.channel.as_str()) {
            return Err(Problem::field("choices", "choice"));
        }
    }
    let tx = engine.db.write(session.tenant).await.refused()?;
    for one in wanted.choices {
        put(&tx, user, one).await?;
    }
    let row = notification_rhythm::Model {
        tenant_id: tx.tenant().0,
        user_id: user,
        digest: wanted.digest,
        quiet_from: wanted.quiet_from,
        quiet_until: wanted.quiet_until,
        digested_at: None,
    };
    let columns = [
        notification_rhythm::Column::Digest,
        notification_rhythm::Column::QuietFrom,
        notification_rhythm::Column::QuietUntil,
    ];
    let keys = [notification_rhythm::Column::TenantId, notification_rhythm::Column::UserId];
    let over = OnConflict::columns(keys).update_columns(columns).to_owned();
    let row = notification_rhythm::ActiveModel::from(row).reset_all();
    notification_rhythm::Entity::insert(row).on_conflict(over).exec_without_returning(&*tx).await.refused()?;
    tx.commit().await.refused()
}

async fn put(tx: &Tx, user: Uuid, one: Choice) -> Result<(), Problem> {
    use notification_choice::Column::{Category, Channel, TenantId, UserId, Wanted};
    let row = notification_choice::Model {
        tenant_id: tx.tenant().0,
        user_id: user,
        category: one.category,
        channel: one.channel,
        wanted: one.wanted,
    };
    let over = OnConflict::columns([TenantId, UserId, Category, Channel]).update_column(Wanted).to_owned();
    let row = notification_choice::ActiveModel::from(row).reset_all();
    notification_choice::Entity::insert(row).on_conflict(over).exec_without_returning(&**tx).await.refused().map(|_| ())
}

/// Ends mail about notices to whoever a token of ours was made for. `false`
/// when it is none of ours; a second time changes nothing.
pub async fn unsubscribe(engine: &Engine, token: &str) -> Result<bool, Problem> {
    let Some(who) = engine.mail.unsubscriber(token) else { return Ok(false) };
    let tx = engine.db.write(Tenant(who.tenant)).await.refused()?;
    // Choices are per category of notices; the mail is about all of them.
    for category in categories() {
        let choice = Choice { category: category.to_owned(), channel: EMAIL.to_owned(), wanted: false };
        put(&tx, who.recipient, choice).await?;
    }
    tx.commit().await.refused()?;
    Ok(true)
}

/// Whether a token to unsubscribe is one of ours.
pub fn is_unsubscriber(engine: &Engine, token: &str) -> bool {
    engine.mail.unsubscriber(token).is_some()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn mail_waits_for_the_end_of_the_quiet_hours() {
        let zone = chrono_tz::America::Sao_Paulo;
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let night = Choices {
            quiet_from: Some("22:00".to_owned()),
            quiet_until: Some("07:30".to_owned()),
            ..Choices::default()
        };
        // São Paulo is three hours behind.
        for (now, then) in [
            ("2026-03-10T15:00:00Z", "2026-03-10T15:00:00Z"),
            ("2026-03-11T02:00:00Z", "2026-03-11T10:30:00Z"),
            ("2026-03-11T01:00:00Z", "2026-03-11T10:30:00Z"),
            ("2026-03-11T10:29:00Z", "2026-03-11T10:30:00Z"),
            ("2026-03-11T10:30:00Z", "2026-03-11T10:30:00Z"),
        ] {
            assert_eq!(night.mail_at(at(now), zone), at(then), "{now}");
        }
        let lunch =
            Choices { quiet_from: Some("12:00".into()), quiet_until: Some("13:00".into()), ..Choices::default() };
        assert_eq!(lunch.mail_at(at("2026-03-10T15:30:00Z"), zone), at("2026-03-10T16:00:00Z"));
        assert_eq!(Choices::default().mail_at(at("2026-03-10T15:30:00Z"), zone), at("2026-03-10T15:30:00Z"));
    }

    #[test]
    fn what_nobody_chose_is_told_in_the_application_only() {
        let none = Choices::default();
        assert!(none.wants("comment", IN_APP) && !none.wants("comment", EMAIL));
    }
}
