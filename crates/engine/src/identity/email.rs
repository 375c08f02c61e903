//! Another address of one's own account: it counts once a link sent there was
//! followed, and the old one is told.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    identity::user::USER,
    kernel::{
        problem::{Code, Problem},
        value::Email,
    },
    locale,
};
use conexao_integrations::email::template::Template;
use conexao_storage::{Tx, entity::audit};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    invitation::is_member,
    link::{self, Holder, Purpose},
    notice::{self, News},
    own_record,
    proof::{self, Proof},
    recovery::filled,
    registration::known,
    session_of,
};
use crate::{
    Engine, Session, Write,
    journal::Entry,
    messages::{self, Letter, Recipient},
    react::{Event, ReactCtx, Reaction},
    refusal::Refused,
    tenants, write,
};

/// How long a link is good for, in hours.
const HOURS: i64 = 24;
/// Links of one user within an hour.
const MOST_LINKS: u64 = 5;

/// Sends a link to another address of the acting user. Whose it may be already
/// is told there only.
pub async fn ask(engine: &Engine, session: &Session, proof: &Proof, email: &str) -> Result<(), Problem> {
    let email = Email::parse(email).map_err(|invalid| Problem::field("email", invalid.code()))?;
    let email = email.as_str();
    let own = own_record(engine, session).await?;
    if own.text("email") == Some(email) {
        return Err(Problem::field("email", "email.same"));
    }
    let company = tenants::get(engine, session.tenant).await?;
    let (mut write, _) = proof::proved(engine, session, proof).await?;
    let (user, now) = (session.user, write.now);
    if link::made_since(&write.tx, Purpose::Email, user, now - TimeDelta::hours(1)).await? >= MOST_LINKS {
        return Err(Problem::new(Code::TooManyRequests).with("retry_after", 3600));
    }
    let holder = Holder { user: Some(user), email: Some(email.to_owned()), ..Holder::default() };
    let token = link::make(&write.tx, Purpose::Email, holder, now, TimeDelta::hours(HOURS)).await?;
    let expires_at = now + TimeDelta::hours(HOURS);
    let known_already = is_member(&write.tx, email).await?;
    let (template, values) = if known_already {
        (Template::Notification, known(engine, &company, &session.name, session.locale))
    } else {
        let values = [
            ("name", json!(session.name)),
            ("action_url", json!(engine.mail.page(&format!("/confirmar-email/{token}")))),
            ("expires", json!(messages::when(expires_at, session.time_zone, session.locale))),
        ];
        (Template::EmailConfirmation, filled(values))
    };
    let to = Recipient { address: email.to_owned(), name: Some(session.name.clone()), ..Recipient::default() };
    let letter = Letter {
        category: "account",
        template,
        locale: session.locale,
        to,
        values,
        after: None,
        expires_at: Some(expires_at),
        source: format!("email:{}", Uuid::now_v7()),
    };
    messages::post(engine, &write.tx, letter).await?;
    write.note(entry(user, "email_asked"));
    // Goes to the address that counts until then.
    notice::tell(engine, &mut write, user, News::EmailAsked, email).await?;
    write.commit(202, &Json::Null).await
}

fn entry(user: Uuid, action: &str) -> Entry {
    Entry { resource: USER.name, record_id: Some(user), action: action.to_owned(), changes: Map::new() }
}

/// Makes the address count that a link was sent to; the link is used up, and
/// links to the old address open nothing any more.
pub async fn confirm(engine: &Engine, token: &str, ip: Option<String>) -> Result<String, Problem> {
    let tenant = link::tenant_of(token).ok_or_else(Problem::not_found)?;
    let tx = engine.db.read(tenant).await.refused()?;
    let found = link::find(&tx, Purpose::Email, token, engine.now()).await?;
    tx.rollback().await.refused()?;
    let (Some(user), Some(email)) = (found.user_id, found.email.clone()) else { return Err(Problem::not_found()) };
    let session = session_of(engine, tenant, user).await.map_err(|_| Problem::not_found())?;
    let session = Session { ip, ..session };
    let before = own_record(engine, &session).await?.text("email").unwrap_or_default().to_owned();
    let all = Session::system(tenant, &session.name);
    let own = Session { permissions: all.permissions, ..session.clone() }.gate(&USER, "update")?;
    let mut write = Write::begin(engine, &session).await?;
    link::spend(&write.tx, &found, write.now).await?;
    let input = Map::from_iter([("email".to_owned(), json!(email))]);
    write::apply_patch(engine, &mut write, &own, user, None, &input).await?;
    link::void(&write.tx, Purpose::Recovery, user, write.now).await?;
    messages::post(engine, &write.tx, farewell(engine, &session, &before, &email, found.id)).await?;
    notice::tell(engine, &mut write, user, News::EmailChanged, &email).await?;
    write.commit(204, &Json::Null).await?;
    engine.identity.forget();
    Ok(email)
}

/// Reaction: whoever has another address by somebody else's hand is told, at
/// the old one too.
#[derive(Debug)]
pub struct AddressChanged;

#[async_trait]
impl Reaction for AddressChanged {
    fn name(&self) -> &'static str {
        "address_changed"
    }

    fn follows(&self, event: &str) -> bool {
        event == "user.update"
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let Some(user) = event.record_id.filter(|user| event.actor != Some(*user)) else { return Ok(()) };
        let mut write = ctx.write().await?;
        let Some((before, after)) = changed(&write.tx, user, event.at).await? else { return Ok(()) };
        // Whoever cannot come in any more has nothing to look after.
        let Ok(session) = session_of(ctx.engine, ctx.session.tenant, user).await else { return Ok(()) };
        let letter = farewell(ctx.engine, &session, &before, &after, event.id);
        messages::post(ctx.engine, &write.tx, letter).await?;
        notice::tell(ctx.engine, &mut write, user, News::EmailChanged, &after).await?;
        ctx.commit(write).await
    }
}

/// The old and the new address, if the change of that moment was about it.
async fn changed(tx: &Tx, user: Uuid, at: DateTime<Utc>) -> Result<Option<(String, String)>, Problem> {
    let entries = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant().0))
        .filter(audit::Column::Resource.eq(USER.name))
        .filter(audit::Column::RecordId.eq(user))
        .filter(audit::Column::Action.eq("update"))
        .filter(audit::Column::At.eq(at))
        .all(&**tx)
        .await
        .refused()?;
    let both = |entry: &audit::Model| {
        let changes: Json = serde_json::from_str(&entry.changes).ok()?;
        let of = |n: usize| changes.get("email")?.get(n)?.as_str().map(str::to_owned);
        Some((of(0)?, of(1)?))
    };
    Ok(entries.iter().find_map(both))
}

/// What the old address is told, which nobody can turn off.
fn farewell(engine: &Engine, session: &Session, before: &str, email: &str, link: Uuid) -> Letter {
    let locale = session.locale;
    let values = [
        ("name", json!(session.name)),
        ("title", json!(News::EmailChanged.title(locale).replace("{what}", email))),
        ("body", json!(locale::text(locale, "mail.email_changed.body"))),
        ("action_url", json!(engine.mail.page("/entrar"))),
        ("action", json!(locale::text(locale, "mail.known_address.action"))),
        ("unsubscribe_url", Json::Null),
    ];
    Letter {
        category: "account",
        template: Template::Notification,
        locale,
        to: Recipient {
            address: before.to_owned(),
            name: Some(session.name.clone()),
            user: Some(session.user),
            customer: None,
        },
        values: filled(values),
        after: None,
        expires_at: None,
        source: format!("email_changed:{link}"),
    }
}
