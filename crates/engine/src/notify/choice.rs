//! How users want to be told: each category on each channel, as it happens or
//! together, when not to be disturbed, and what follows when nobody reads.

use chrono::{DateTime, NaiveTime, TimeDelta, Timelike, Utc};
use conexao_domain::{
    kernel::{problem::Problem, resource::Resource},
    registry,
};
use conexao_storage::{
    Tenant, Tx,
    entity::{notification_choice, notification_default, notification_rhythm},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use crate::{Engine, Session, messages::DIGEST, refusal::Refused};

/// In the application.
pub const IN_APP: &str = "app";
/// By e-mail.
pub const EMAIL: &str = "email";
/// Every channel, in the order people read them.
pub const CHANNELS: &[&str] = &[IN_APP, EMAIL, "push", "sms", "slack"];
/// What nobody may miss altogether.
pub const SECURITY: &str = "security";
/// Longest wait before somebody else is told, in minutes.
const LONGEST: i32 = 7 * 24 * 60;

/// Whether a user is told of a category on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub category: String,
    pub channel: String,
    pub wanted: bool,
}

/// How often notices are put together in one mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Every {
    Hour,
    #[default]
    Day,
}

impl Every {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// `hour` or `day`.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Hour, Self::Day].into_iter().find(|every| every.as_str() == name)
    }

    pub(super) const fn period(self) -> TimeDelta {
        match self {
            Self::Hour => TimeDelta::hours(1),
            Self::Day => TimeDelta::days(1),
        }
    }
}

/// How a user wants to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Every category on every channel.
    pub choices: Vec<Choice>,
    /// One mail about several notices instead of one each.
    pub digest: bool,
    pub digest_every: Every,
    /// Nothing but what is in the application from this time of day in the
    /// tenant's zone…
    pub quiet_from: Option<String>,
    /// … until this one, `HH:MM`; the night may lie between.
    pub quiet_until: Option<String>,
    /// The same until this moment.
    pub undisturbed_until: Option<DateTime<Utc>>,
    /// Minutes after which what nobody read goes another way.
    pub escalate_minutes: Option<i32>,
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

/// Every category with the channels it may go by; summaries are mail.
fn cells() -> impl Iterator<Item = (&'static str, &'static str)> {
    let each = categories().into_iter().flat_map(|category| CHANNELS.iter().map(move |channel| (category, *channel)));
    each.chain([(DIGEST, EMAIL)])
}

/// What nobody chose: everything in the application, security by mail too.
fn usual(category: &str, channel: &str) -> bool {
    channel == IN_APP || channel == EMAIL && [SECURITY, DIGEST].contains(&category)
}

/// How a user wants to be told: chosen, else as the company set, else as usual.
pub(super) async fn of(tx: &Tx, user: Uuid) -> Result<Choices, Problem> {
    let tenant = tx.tenant().0;
    let chosen = notification_choice::Entity::find()
        .filter(notification_choice::Column::TenantId.eq(tenant))
        .filter(notification_choice::Column::UserId.eq(user))
        .all(&**tx)
        .await
        .refused()?;
    let set = defaults_in(tx).await?;
    let rhythm = notification_rhythm::Entity::find_by_id((tenant, user)).one(&**tx).await.refused()?;
    let one = |(category, channel): (&str, &str)| {
        let found = chosen.iter().find(|row| row.category == category && row.channel == channel);
        let wanted = found.map_or_else(|| wants(&set, category, channel), |row| row.wanted);
        Choice { category: category.to_owned(), channel: channel.to_owned(), wanted }
    };
    let choices = cells().map(one).collect();
    Ok(rhythm.map_or_else(Choices::default, |row| Choices {
        choices: Vec::new(),
        digest: row.digest,
        digest_every: row.digest_every.as_deref().and_then(Every::parse).unwrap_or_default(),
        quiet_from: row.quiet_from,
        quiet_until: row.quiet_until,
        undisturbed_until: row.undisturbed_until,
        escalate_minutes: row.escalate_minutes,
    }))
    .map(|rhythm| Choices { choices, ..rhythm })
}

async fn defaults_in(tx: &Tx) -> Result<Vec<Choice>, Problem> {
    let rows = notification_default::Entity::find()
        .filter(notification_default::Column::TenantId.eq(tx.tenant().0))
        .all(&**tx)
        .await
        .refused()?;
    let read =
        |row: notification_default::Model| Choice { category: row.category, channel: row.channel, wanted: row.wanted };
    Ok(rows.into_iter().map(read).collect())
}

fn wants(set: &[Choice], category: &str, channel: &str) -> bool {
    let found = set.iter().find(|one| one.category == category && one.channel == channel);
    found.map_or_else(|| usual(category, channel), |one| one.wanted)
}

impl Choices {
    /// Whether the user is told of a category on a channel.
    pub(super) fn wants(&self, category: &str, channel: &str) -> bool {
        wants(&self.choices, category, channel)
    }

    /// When the user may be disturbed again; nothing when it is now.
    pub(super) fn quiet(&self, now: DateTime<Utc>, zone: chrono_tz::Tz) -> Option<DateTime<Utc>> {
        let undisturbed = self.undisturbed_until.filter(|until| *until > now);
        undisturbed.max(self.night(now, zone))
    }

    fn night(&self, now: DateTime<Utc>, zone: chrono_tz::Tz) -> Option<DateTime<Utc>> {
        let hour =
            |text: &Option<String>| text.as_deref().and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
        let (from, until) = (hour(&self.quiet_from)?, hour(&self.quiet_until)?);
        let time = now.with_timezone(&zone).time();
        let quiet = if from <= until { from <= time && time < until } else { from <= time || time < until };
        let day = 24 * 3600;
        let wait = (day + until.num_seconds_from_midnight() - time.num_seconds_from_midnight()) % day;
        quiet.then(|| now + TimeDelta::seconds(wait.into()))
    }
}

/// How the session's user wants to be told.
pub async fn choices(engine: &Engine, session: &Session) -> Result<Choices, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let choices = of(&tx, session.user).await?;
    tx.rollback().await.refused()?;
    Ok(choices)
}

/// Refuses what does not exist, and silence about security.
fn check(before: &[Choice], wanted: &[Choice]) -> Result<(), Problem> {
    if wanted.iter().any(|one| !cells().any(|cell| cell == (one.category.as_str(), one.channel.as_str()))) {
        return Err(Problem::field("choices", "choice"));
    }
    let after = |channel: &str| {
        let new = wanted.iter().rev().find(|one| one.category == SECURITY && one.channel == channel);
        new.map_or_else(|| wants(before, SECURITY, channel), |one| one.wanted)
    };
    if after(IN_APP) || after(EMAIL) { Ok(()) } else { Err(Problem::field("choices", "security_everywhere")) }
}

/// Keeps how the session's user wants to be told; choices not named stay.
pub async fn choose(engine: &Engine, session: &Session, wanted: Choices) -> Result<(), Problem> {
    let user = session.in_person()?;
    for (field, text) in [("quiet_from", &wanted.quiet_from), ("quiet_until", &wanted.quiet_until)] {
        if text.as_deref().is_some_and(|text| NaiveTime::parse_from_str(text, "%H:%M").is_err()) {
            return Err(Problem::field(field, "time"));
        }
    }
    if wanted.escalate_minutes.is_some_and(|minutes| !(1..=LONGEST).contains(&minutes)) {
        return Err(Problem::field("escalate_minutes", "range"));
    }
    let tx = engine.db.write(session.tenant).await.refused()?;
    check(&of(&tx, user).await?.choices, &wanted.choices)?;
    for one in &wanted.choices {
        put(&tx, user, one).await?;
    }
    rhythm(&tx, user, wanted).await?;
    tx.commit().await.refused()
}

async fn rhythm(tx: &Tx, user: Uuid, wanted: Choices) -> Result<(), Problem> {
    use notification_rhythm::Column::{
        Digest, DigestEvery, EscalateMinutes, QuietFrom, QuietUntil, TenantId, UndisturbedUntil, UserId,
    };
    let row = notification_rhythm::Model {
        tenant_id: tx.tenant().0,
        user_id: user,
        digest: wanted.digest,
        quiet_from: wanted.quiet_from,
        quiet_until: wanted.quiet_until,
        digested_at: None,
        digest_every: Some(wanted.digest_every.as_str().to_owned()),
        undisturbed_until: wanted.undisturbed_until,
        held_since: None,
        escalate_minutes: wanted.escalate_minutes,
    };
    let columns = [Digest, QuietFrom, QuietUntil, DigestEvery, UndisturbedUntil, EscalateMinutes];
    let over = OnConflict::columns([TenantId, UserId]).update_columns(columns).to_owned();
    let row = notification_rhythm::ActiveModel::from(row).reset_all();
    notification_rhythm::Entity::insert(row).on_conflict(over).exec_without_returning(&**tx).await.refused().map(|_| ())
}

async fn put(tx: &Tx, user: Uuid, one: &Choice) -> Result<(), Problem> {
    use notification_choice::Column::{Category, Channel, TenantId, UserId, Wanted};
    let row = notification_choice::Model {
        tenant_id: tx.tenant().0,
        user_id: user,
        category: one.category.clone(),
        channel: one.channel.clone(),
        wanted: one.wanted,
    };
    let over = OnConflict::columns([TenantId, UserId, Category, Channel]).update_column(Wanted).to_owned();
    let row = notification_choice::ActiveModel::from(row).reset_all();
    notification_choice::Entity::insert(row).on_conflict(over).exec_without_returning(&**tx).await.refused().map(|_| ())
}

/// Ends one kind of mail to whoever a token of ours was made for: the category
/// it was about, or summaries. Answers the category; nothing when the token is
/// none of ours. A second time changes nothing.
pub async fn unsubscribe(engine: &Engine, token: &str) -> Result<Option<String>, Problem> {
    let Some(who) = engine.mail.unsubscriber(token) else { return Ok(None) };
    let tx = engine.db.write(Tenant(who.tenant)).await.refused()?;
    let end = |category: &str| Choice { category: category.to_owned(), channel: EMAIL.to_owned(), wanted: false };
    // Links of mail from before categories were told apart say only that it was a notice.
    let ended: Vec<Choice> = if who.category == "notice" {
        categories().into_iter().filter(|category| *category != SECURITY).map(end).collect()
    } else {
        vec![end(&who.category)]
    };
    for one in &ended {
        put(&tx, who.recipient, one).await?;
        // Somewhere it has to be told.
        if one.category == SECURITY {
            put(&tx, who.recipient, &Choice { channel: IN_APP.to_owned(), wanted: true, ..one.clone() }).await?;
        }
    }
    tx.commit().await.refused()?;
    Ok(Some(who.category))
}

/// The category a token to unsubscribe is about, if it is one of ours.
pub fn unsubscribes(engine: &Engine, token: &str) -> Option<String> {
    engine.mail.unsubscriber(token).map(|who| who.category)
}

/// How people are told who did not choose.
pub async fn defaults(engine: &Engine, session: &Session) -> Result<Vec<Choice>, Problem> {
    session.require("settings.manage")?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let set = defaults_in(&tx).await?;
    tx.rollback().await.refused()?;
    let one = |(category, channel): (&str, &str)| Choice {
        category: category.to_owned(),
        channel: channel.to_owned(),
        wanted: wants(&set, category, channel),
    };
    Ok(cells().map(one).collect())
}

/// Keeps how people are told who did not choose; what is not named stays.
pub async fn set_defaults(engine: &Engine, session: &Session, wanted: Vec<Choice>) -> Result<(), Problem> {
    use notification_default::Column::{Category, Channel, TenantId, Wanted};
    session.require("settings.manage")?;
    let mut write = crate::Write::begin(engine, session).await?;
    let before = defaults_in(&write.tx).await?;
    check(&before, &wanted)?;
    let mut changes = serde_json::Map::new();
    for one in wanted {
        let old = wants(&before, &one.category, &one.channel);
        if old == one.wanted {
            continue;
        }
        changes.insert(format!("{}.{}", one.category, one.channel), serde_json::json!([old, one.wanted]));
        let row = notification_default::Model {
            tenant_id: session.tenant.0,
            category: one.category,
            channel: one.channel,
            wanted: one.wanted,
        };
        let over = OnConflict::columns([TenantId, Category, Channel]).update_column(Wanted).to_owned();
        let row = notification_default::ActiveModel::from(row).reset_all();
        notification_default::Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&*write.tx)
            .await
            .refused()?;
    }
    if changes.is_empty() {
        return Ok(());
    }
    let action = "notice_defaults".to_owned();
    write.note(crate::journal::Entry { resource: "notification", record_id: None, action, changes });
    write.commit(200, &serde_json::Value::Null).await
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_quiet_ends_when_it_was_said() {
        let zone = chrono_tz::America::Sao_Paulo;
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let night = Choices {
            quiet_from: Some("22:00".to_owned()),
            quiet_until: Some("07:30".to_owned()),
            ..Choices::default()
        };
        // São Paulo is three hours behind.
        for (now, then) in [
            ("2026-03-10T15:00:00Z", None),
            ("2026-03-11T02:00:00Z", Some("2026-03-11T10:30:00Z")),
            ("2026-03-11T01:00:00Z", Some("2026-03-11T10:30:00Z")),
            ("2026-03-11T10:29:00Z", Some("2026-03-11T10:30:00Z")),
            ("2026-03-11T10:30:00Z", None),
        ] {
            assert_eq!(night.quiet(at(now), zone), then.map(at), "{now}");
        }
        let lunch =
            Choices { quiet_from: Some("12:00".into()), quiet_until: Some("13:00".into()), ..Choices::default() };
        assert_eq!(lunch.quiet(at("2026-03-10T15:30:00Z"), zone), Some(at("2026-03-10T16:00:00Z")));
        assert_eq!(Choices::default().quiet(at("2026-03-10T15:30:00Z"), zone), None);
        // Whichever ends later counts.
        let busy = Choices { undisturbed_until: Some(at("2026-03-11T12:00:00Z")), ..night };
        assert_eq!(busy.quiet(at("2026-03-11T02:00:00Z"), zone), Some(at("2026-03-11T12:00:00Z")));
        assert_eq!(busy.quiet(at("2026-03-11T12:00:00Z"), zone), None);
    }

    #[test]
    fn what_nobody_chose_is_told_in_the_application_only() {
        let none = Choices::default();
        assert!(none.wants("comment", IN_APP) && !none.wants("comment", EMAIL) && !none.wants("comment", "sms"));
        assert!(none.wants(SECURITY, EMAIL) && none.wants(DIGEST, EMAIL));
    }

    #[test]
    fn nobody_silences_security_everywhere() {
        let off = |channel: &str| Choice { category: SECURITY.to_owned(), channel: channel.to_owned(), wanted: false };
        assert!(check(&[], &[off(IN_APP)]).is_ok() && check(&[], &[off(EMAIL)]).is_ok());
        assert!(check(&[], &[off(IN_APP), off(EMAIL)]).is_err());
        assert!(check(&[off(EMAIL)], &[off(IN_APP)]).is_err());
    }
}
