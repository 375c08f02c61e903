//! Where a person is reached besides mail: a telephone that was proved by a
//! code, and a hook of Slack's. Kept encrypted, shown in part.

use chrono::TimeDelta;
use conexao_domain::{
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
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    post::{Letter, Recipient, Route, post_by},
    ways::Channel,
};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused, vault::Place};

/// How long a code is good, and how often it may be guessed at.
const MINUTES: i64 = 10;
const TRIES: i32 = 5;
/// Between two codes.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

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

/// Sends a code to a telephone; it counts once the code comes back.
pub async fn ask_phone(engine: &Engine, session: &Session, text: &str) -> Result<(), Problem> {
    let user = session.in_person()?;
    let phone = Phone::parse(text).map_err(|invalid| Problem::field("phone", invalid.0))?;
    let mut write = Write::begin(engine, session).await?;
    let now = write.now;
    if engine.mail.twilio(engine, &write.tx).await?.is_none() {
        return Err(Problem::new(Code::StepRefused).detail("not_configured"));
    }
    let before = row(&write.tx, user, Channel::Sms).await?;
    let sent = before.and_then(|row| row.code_expires_at).map(|until| until - TimeDelta::minutes(MINUTES));
    if sent.is_some_and(|at| now - at < PAUSE) {
        return Err(Problem::new(Code::TooManyRequests).with("retry_after", PAUSE.num_seconds()));
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
