//! Where a person is reached besides mail: a telephone that was proved by a
//! code, and a hook of Slack's. Kept encrypted, shown in part.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
        value::Phone,
    },
    locale,
};
use conexao_integrations::{
    email::template::Template,
    secret::{ExposeSecret, SecretString},
    slack::SlackHook,
};
use conexao_storage::{Tenant, Tx, entity::user_channel};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    post::{Letter, Recipient, Route, post_by},
    ways::Channel,
};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused, sequence, vault::Place};

/// How long a code is good, and how often it may be guessed at.
const MINUTES: i64 = 10;
const TRIES: i32 = 5;
/// Between two codes.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// Codes a person asks for, and a telephone gets, within a day.
const DAILY: usize = 5;
const DAY: TimeDelta = TimeDelta::hours(24);

pub(super) fn place(tenant: Tenant, user: Uuid, column: &str) -> Place<'_> {
    Place { tenant: tenant.0, table: "user_channel", column, id: user }
}

fn column(channel: &str) -> &'static str {
    if channel == Channel::Sms.as_str() { "sms" } else { "slack" }
}

async fn row(tx: &Tx, user: Uuid, channel: Channel) -> Result<Option<user_channel::Model>, Problem> {
    let key = (tx.tenant().0, user, channel.as_str().to_owned());
    user_channel::Entity::find_by_id(key).one(&**tx).await.refused()
}

async fn opened(engine: &Engine, tx: &Tx, user: Uuid, channel: Channel) -> Result<Option<SecretString>, Problem> {
    let found = row(tx, user, channel).await?.filter(|row| row.confirmed_at.is_some());
    let open =
        |row: user_channel::Model| engine.vault.unseal(&row.sealed, &place(tx.tenant(), user, column(&row.channel)));
    found.map(open).transpose().map(|text| text.map(Into::into))
}

/// The proved telephone of a user.
pub(crate) async fn phone(engine: &Engine, tx: &Tx, user: Uuid) -> Result<Option<String>, Problem> {
    let found = opened(engine, tx, user, Channel::Sms).await?;
    Ok(found.map(|phone| phone.expose_secret().to_owned()))
}

/// The hook of a user.
pub(crate) async fn slack(engine: &Engine, tx: &Tx, user: Uuid) -> Result<Option<SlackHook>, Problem> {
    let Some(url) = opened(engine, tx, user, Channel::Slack).await? else { return Ok(None) };
    Ok(SlackHook::parse(&url, engine.egress).ok())
}

/// Where the session's user is reached, in part.
pub async fn list(engine: &Engine, session: &Session) -> Result<Vec<Json>, Problem> {
    let user = session.in_person()?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let rows = user_channel::Entity::find()
        .filter(user_channel::Column::TenantId.eq(session.tenant.0))
        .filter(user_channel::Column::UserId.eq(user))
        .all(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    let shown = |row: &user_channel::Model| json!({ "channel": row.channel, "hint": row.hint, "confirmed_at": row.confirmed_at.map(write_instant) });
    Ok(rows.iter().map(shown).collect())
}

async fn put(write: &Write, row: user_channel::Model) -> Result<(), Problem> {
    use user_channel::Column::{Channel, CodeExpiresAt, CodeHash, ConfirmedAt, Hint, Sealed, TenantId, Tries, UserId};
    let over = OnConflict::columns([TenantId, UserId, Channel])
        .update_columns([Sealed, Hint, CodeHash, CodeExpiresAt, Tries, ConfirmedAt])
        .to_owned();
    let row = user_channel::ActiveModel::from(row).reset_all();
    user_channel::Entity::insert(row).on_conflict(over).exec_without_returning(&*write.tx).await.refused().map(|_| ())
}

/// Changes where somebody is reached are changes of their account.
fn note(write: &mut Write, user: Uuid, action: &str, channel: Channel) {
    let changes = Map::from_iter([("channel".to_owned(), json!([Json::Null, channel.as_str()]))]);
    write.note(Entry { resource: "user", record_id: Some(user), action: action.to_owned(), changes });
}

/// A code that went out: who asked for it, to which telephone, when.
type Sent = (Option<Uuid>, Option<String>, DateTime<Utc>);

/// The codes that a user asked for or a telephone got since a moment, the
/// newest first. Counted by what went out, which nobody can take back as they
/// can the telephone.
async fn sent(tx: &Tx, user: Uuid, phone: &str, since: DateTime<Utc>) -> Result<Vec<Sent>, Problem> {
    let mut select = Query::select();
    select
        .columns(["user_id", "phone", "created_at"])
        .from(MESSAGE.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("channel").eq(Channel::Sms.as_str()))
        .and_where(Expr::col("created_at").gt(since))
        .and_where(Expr::col("source").like("phone:%"))
        .and_where(Expr::col("user_id").eq(user).or(Expr::col("phone").eq(phone)))
        .order_by("created_at", Order::Desc)
        .limit(100);
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<Sent, sea_orm::DbErr> {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    };
    rows.iter().map(read).collect::<Result<_, _>>().refused()
}

/// How long until this user may have a code sent to this telephone, if not at once.
fn wait(sent: &[Sent], user: Uuid, phone: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let until = |moments: Vec<DateTime<Utc>>| {
        let pause = moments.first().map(|last| *last + PAUSE);
        let day = moments.get(DAILY - 1).map(|first| *first + DAY);
        Ord::max(pause, day)
    };
    let own = sent.iter().filter(|(asked, ..)| *asked == Some(user)).map(|(.., at)| *at);
    let there = sent.iter().filter(|(_, to, _)| to.as_deref() == Some(phone)).map(|(.., at)| *at);
    let until = Ord::max(until(own.collect()), until(there.collect()));
    until.map(|until| until - now).filter(|left| *left > TimeDelta::zero())
}

/// Sends a code to a telephone; it counts once the code comes back.
pub async fn ask_phone(engine: &Engine, session: &Session, text: &str) -> Result<(), Problem> {
    let user = session.in_person()?;
    let phone = Phone::parse(text).map_err(|invalid| Problem::field("phone", invalid.0))?;
    let mut write = Write::begin(engine, session).await?;
    let now = write.now;
    if engine.mail.twilio(engine, &write.tx).await?.is_none() {
        return Err(Problem::new(Code::StepRefused).detail("not_configured"));
    }
    // One after the other: two at once count each other.
    sequence::draw(&write.tx, "phone.order", 1).await?;
    let sent = sent(&write.tx, user, phone.as_str(), now - DAY).await?;
    if let Some(wait) = wait(&sent, user, phone.as_str(), now) {
        return Err(Problem::new(Code::TooManyRequests).with("retry_after", Ord::max(wait.num_seconds(), 1)));
    }
    let code = format!("{:06}", rand::random_range(0..1_000_000_u32));
    let seal = |text: &str, column: &str| engine.vault.seal(text, &place(session.tenant, user, column));
    let row = user_channel::Model {
        tenant_id: session.tenant.0,
        user_id: user,
        channel: Channel::Sms.as_str().to_owned(),
        sealed: seal(phone.as_str(), "sms")?,
        hint: phone.masked(),
        code_hash: Some(seal(&code, "code")?),
        code_expires_at: Some(now + TimeDelta::minutes(MINUTES)),
        tries: 0,
        confirmed_at: None,
    };
    put(&write, row).await?;
    let words = locale::text(session.locale, "mail.sms_code").replace("{code}", &code);
    // A code lets somebody in: it is forgotten once it was sent.
    let letter = Letter {
        category: "account",
        template: Template::Notification,
        locale: session.locale,
        to: Recipient { name: Some(session.name.clone()), user: Some(user), ..Recipient::default() },
        values: Map::from_iter([
            ("title".to_owned(), json!(locale::text(session.locale, "mail.sms_code.title"))),
            ("short".to_owned(), json!(words)),
        ]),
        after: None,
        expires_at: Some(now + TimeDelta::minutes(MINUTES)),
        source: format!("phone:{user}:{}", now.timestamp_millis()),
    };
    let route = Route { channel: Channel::Sms, phone: Some(phone.as_str().to_owned()), ..Route::default() };
    post_by(engine, &write.tx, letter, route).await?;
    note(&mut write, user, "phone_asked", Channel::Sms);
    write.commit(204, &Json::Null).await
}

/// Proves the telephone with the code it got.
pub async fn confirm_phone(engine: &Engine, session: &Session, code: &str) -> Result<(), Problem> {
    let user = session.in_person()?;
    let mut write = Write::begin(engine, session).await?;
    let found = row(&write.tx, user, Channel::Sms).await?.filter(|row| row.confirmed_at.is_none());
    let found = found.ok_or_else(Problem::not_found)?;
    let fresh = found.code_expires_at.is_some_and(|until| until > write.now) && found.tries < TRIES;
    let kept =
        found.code_hash.as_deref().map(|sealed| engine.vault.unseal(sealed, &place(session.tenant, user, "code")));
    let good = fresh && kept.transpose()?.as_deref() == Some(code.trim());
    let tries = found.tries;
    let mut active = user_channel::ActiveModel::from(found);
    if good {
        active.confirmed_at = Set(Some(write.now));
        active.code_hash = Set(None);
    } else {
        active.tries = Set(tries.saturating_add(1));
    }
    active.update(&*write.tx).await.refused()?;
    if good {
        note(&mut write, user, "channel_added", Channel::Sms);
    }
    write.commit(204, &Json::Null).await?;
    if good { Ok(()) } else { Err(Problem::field("code", if fresh { "code.sms" } else { "code.over" })) }
}

/// Keeps a hook of Slack's and writes to it once, so that it shows.
pub async fn set_slack(engine: &Engine, session: &Session, url: &str) -> Result<(), Problem> {
    let user = session.in_person()?;
    let secret = SecretString::from(url.trim().to_owned());
    SlackHook::parse(&secret, engine.egress).map_err(|_| Problem::field("url", "url"))?;
    let mut write = Write::begin(engine, session).await?;
    let tail: String = url.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let row = user_channel::Model {
        tenant_id: session.tenant.0,
        user_id: user,
        channel: Channel::Slack.as_str().to_owned(),
        sealed: engine.vault.seal(secret.expose_secret(), &place(session.tenant, user, "slack"))?,
        hint: format!("hooks.slack.com…{tail}"),
        code_hash: None,
        code_expires_at: None,
        tries: 0,
        confirmed_at: Some(write.now),
    };
    put(&write, row).await?;
    trial(engine, &write.tx, session, Channel::Slack, None).await?;
    note(&mut write, user, "channel_added", Channel::Slack);
    write.commit(204, &Json::Null).await
}

/// Forgets where somebody is reached.
pub async fn remove(engine: &Engine, session: &Session, channel: &str) -> Result<(), Problem> {
    let user = session.in_person()?;
    let channel = Channel::parse(channel).ok_or_else(Problem::not_found)?;
    let mut write = Write::begin(engine, session).await?;
    let key = (session.tenant.0, user, channel.as_str().to_owned());
    let gone = user_channel::Entity::delete_by_id(key).exec(&*write.tx).await.refused()?;
    if gone.rows_affected == 0 {
        return Ok(());
    }
    note(&mut write, user, "channel_removed", channel);
    write.commit(204, &Json::Null).await
}

/// Queues a message to oneself, to see that it arrives.
async fn trial(
    engine: &Engine,
    tx: &Tx,
    session: &Session,
    channel: Channel,
    browser: Option<Uuid>,
) -> Result<(), Problem> {
    let letter = Letter {
        category: "test",
        template: Template::Notification,
        locale: session.locale,
        to: Recipient { name: Some(session.name.clone()), user: session.user_id(), ..Recipient::default() },
        values: Map::from_iter([
            ("title".to_owned(), json!(locale::text(session.locale, "mail.test.title"))),
            ("body".to_owned(), json!(locale::text(session.locale, "mail.test.body"))),
            ("action_url".to_owned(), json!(engine.mail.page("/notificacoes"))),
        ]),
        after: None,
        expires_at: Some(engine.now() + TimeDelta::minutes(30)),
        source: format!("test:{}", Uuid::now_v7()),
    };
    post_by(engine, tx, letter, Route { channel, browser, ..Route::default() }).await.map(|_| ())
}

/// Sends a test to every browser of the session; answers how many there are.
pub async fn test_push(engine: &Engine, session: &Session) -> Result<usize, Problem> {
    let user = session.in_person()?;
    let tx = engine.db.write(session.tenant).await.refused()?;
    let browsers = super::browsers::of_user(&tx, user).await?;
    for browser in &browsers {
        trial(engine, &tx, session, Channel::Push, Some(*browser)).await?;
    }
    tx.commit().await.refused()?;
    Ok(browsers.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_counted_by_who_asks_and_by_where_they_go() {
        let (ana, bia, now) = (Uuid::from_u128(1), Uuid::from_u128(2), DateTime::UNIX_EPOCH + TimeDelta::days(9));
        let code = |user: Uuid, to: &str, ago: i64| (Some(user), Some(to.to_owned()), now - TimeDelta::seconds(ago));
        let sent = [code(ana, "+551", 20), code(ana, "+552", 90)];
        assert_eq!(wait(&[], ana, "+551", now), None);
        assert_eq!(wait(&sent, ana, "+559", now), Some(TimeDelta::seconds(40)), "one person, any telephone");
        assert_eq!(wait(&sent, bia, "+551", now), Some(TimeDelta::seconds(40)), "one telephone, any person");
        assert_eq!(wait(&sent, bia, "+552", now), None);
        let many: Vec<Sent> = (1..=5).map(|n| code(ana, &format!("+55{n}"), n * 3600)).collect();
        assert_eq!(wait(&many, ana, "+559", now), Some(TimeDelta::hours(19)), "until the first is a day old");
        assert_eq!(wait(&many, bia, "+551", now), None);
        let there: Vec<Sent> = (1..=5).map(|n| code(Uuid::from_u128(n), "+551", 3600)).collect();
        assert_eq!(wait(&there, Uuid::from_u128(9), "+551", now), Some(TimeDelta::hours(23)));
    }
}
