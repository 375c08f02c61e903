//! Accounts that people ask for themselves, where the company allows it: a
//! link proves the address, an administrator may have to approve. What is
//! answered does not depend on who exists. The password is chosen with the
//! link: whoever asks for an account of somebody else's address knows nothing
//! that lets them in.

use async_trait::async_trait;
use chrono::TimeDelta;
use conexao_domain::{
    identity::user::USER,
    kernel::{problem::Problem, value::Email},
    locale::{self, Locale},
};
use conexao_integrations::email::template::Template;
use conexao_storage::{Tenant, entity::tenant, table};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value as Json, json};
use uuid::Uuid;

pub use super::registration_settings::Settings;
pub(crate) use super::registration_settings::within;
use super::{
    account::keep_password,
    invitation::{is_member, new_user},
    link::{self, Holder, Purpose},
    password,
    recovery::filled,
};
use crate::{
    Engine, Session, Write,
    messages::{self, Letter, Recipient},
    notify::{self, Told},
    react::{Event, ReactCtx, Reaction},
    refusal::Refused,
};

/// How long a link is good for, in hours.
const HOURS: i64 = 24;
/// Links an address is sent within an hour, whoever asks for them.
const MOST_LINKS: u64 = 3;
/// Longest name, as users have it.
const LONGEST: usize = 120;

/// A company that takes registrations.
#[derive(Debug, Clone)]
pub struct Open {
    pub company: tenant::Model,
    pub settings: Settings,
}

/// The company of a short name, if it takes registrations. Others and those
/// that do not exist are told apart by nobody.
pub async fn open(engine: &Engine, slug: &str) -> Result<Open, Problem> {
    let found = tenant::Entity::find().filter(tenant::Column::Slug.eq(slug)).one(engine.db.pool()).await.refused()?;
    let company = found.filter(|row| row.status == "active").ok_or_else(Problem::not_found)?;
    let settings = Settings::of(&engine.house(Tenant(company.id)).await?.company);
    if settings.is_open() { Ok(Open { company, settings }) } else { Err(Problem::not_found()) }
}

/// Who asks for an account.
#[derive(Debug, Clone)]
pub struct Applicant {
    pub name: String,
    pub email: String,
    pub locale: Locale,
}

/// Sends a link to whoever asks for an account; to somebody who has one, word
/// of that. Does and says the same in both cases.
pub async fn register(engine: &Engine, slug: &str, applicant: &Applicant) -> Result<(), Problem> {
    let Open { company, settings } = open(engine, slug).await?;
    let email = Email::parse(&applicant.email).map_err(|invalid| Problem::field("email", invalid.code()))?;
    let (email, name) = (email.as_str(), applicant.name.trim());
    if name.is_empty() {
        return Err(Problem::field("name", "required"));
    }
    if name.chars().count() > LONGEST {
        return Err(Problem::field("name", "length"));
    }
    if !settings.admits(email) {
        return Err(Problem::field("email", "registration.domain"));
    }
    let now = engine.now();
    let tx = engine.db.write(Tenant(company.id)).await.refused()?;
    if link::made_for(&tx, Purpose::Registration, email, now - TimeDelta::hours(1)).await? >= MOST_LINKS {
        return Ok(());
    }
    let holder = Holder { email: Some(email.to_owned()), name: Some(name.to_owned()), ..Holder::default() };
    let token = link::make(&tx, Purpose::Registration, holder, now, TimeDelta::hours(HOURS)).await?;
    let member = is_member(&tx, email).await?;
    if member {
        let made = link::find(&tx, Purpose::Registration, &token, now).await?;
        link::spend(&tx, &made, now).await?;
    }
    let letter = letter(engine, &company, (email, name), applicant.locale, &token, member);
    messages::post(engine, &tx, letter).await?;
    tx.commit().await.refused()
}

fn letter(
    engine: &Engine,
    company: &tenant::Model,
    (email, name): (&str, &str),
    locale: Locale,
    token: &str,
    member: bool,
) -> Letter {
    let zone = company.time_zone.parse().unwrap_or(chrono_tz::America::Sao_Paulo);
    let expires_at = engine.now() + TimeDelta::hours(HOURS);
    let (template, values) = if member {
        (Template::Notification, known(engine, company, name, locale))
    } else {
        let values = [
            ("name", json!(name)),
            ("action_url", json!(engine.mail.page(&format!("/cadastro/{token}")))),
            ("expires", json!(messages::when(expires_at, zone, locale))),
        ];
        (Template::EmailConfirmation, filled(values))
    };
    Letter {
        category: "account",
        template,
        locale,
        to: Recipient { address: email.to_owned(), name: Some(name.to_owned()), ..Recipient::default() },
        values,
        after: None,
        expires_at: Some(expires_at),
        source: format!("registration:{}", Uuid::now_v7()),
    }
}

/// What somebody is told whose address has an account already.
pub(super) fn known(
    engine: &Engine,
    company: &tenant::Model,
    name: &str,
    locale: Locale,
) -> serde_json::Map<String, Json> {
    filled([
        ("name", json!(name)),
        ("title", json!(locale::text(locale, "mail.known_address"))),
        ("body", json!(locale::text(locale, "mail.known_address.body").replace("{tenant}", &company.name))),
        ("action_url", json!(engine.mail.page("/entrar"))),
        ("action", json!(locale::text(locale, "mail.known_address.action"))),
        ("unsubscribe_url", Json::Null),
    ])
}

/// An account that a link made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    pub email: String,
    /// Whether an administrator has to approve it.
    pub pending: bool,
}

/// Makes the account a link was sent for, with the password that whoever
/// follows it chooses; the link is used up.
pub async fn confirm(engine: &Engine, token: &str, text: &str, ip: Option<String>) -> Result<Confirmed, Problem> {
    let tenant = link::tenant_of(token).ok_or_else(Problem::not_found)?;
    let company = crate::tenants::get(engine, tenant).await?;
    let settings = Settings::of(&engine.house(tenant).await?.company);
    let role = settings.role.filter(|_| settings.is_open() && company.status == "active");
    let role = role.ok_or_else(Problem::not_found)?;
    let tx = engine.db.read(tenant).await.refused()?;
    let found = link::find(&tx, Purpose::Registration, token, engine.now()).await?;
    tx.rollback().await.refused()?;
    let (Some(email), Some(name)) = (found.email.clone(), found.name.clone()) else {
        return Err(Problem::not_found());
    };
    password::check(engine, text, &[&name, &email])?;
    let hash = password::hash(text.to_owned()).await?;
    let session = Session { ip, ..Session::system(tenant, "Conexão") };
    let mut write = Write::begin(engine, &session).await?;
    link::spend(&write.tx, &found, write.now).await?;
    // Meanwhile somebody may have been invited under this address.
    if is_member(&write.tx, &email).await? {
        return Err(Problem::not_found());
    }
    let input =
        filled([("name", json!(name)), ("email", json!(email)), ("roles", json!([{ "role_id": role.to_string() }]))]);
    let status = settings.approval.then_some("pending");
    let user = new_user(engine, &mut write, &input, status).await?;
    keep_password(&write, user, &hash).await?;
    if settings.approval {
        tell_approvers(engine, &mut write, user, &name).await?;
    }
    write.commit(201, &Json::Null).await?;
    Ok(Confirmed { email, pending: settings.approval })
}

async fn tell_approvers(engine: &Engine, write: &mut Write, user: Uuid, name: &str) -> Result<(), Problem> {
    let approvers = notify::holding(&write.tx, "user.approve").await?;
    let told = approvers.into_iter().map(|(approver, language)| Told {
        user: approver,
        category: "account".to_owned(),
        event: "user.registered".to_owned(),
        title: locale::text(language, "registration.waits").replace("{name}", name),
        body: locale::text(language, "registration.waits.body"),
        resource: Some(USER.name.to_owned()),
        record_id: Some(user),
        source: format!("registered:{user}"),
    });
    let events = notify::tell(engine, &write.tx, write.now, told.collect()).await?;
    write.announce(events);
    Ok(())
}

/// Reaction: whoever was approved is told by mail that they may come in.
#[derive(Debug)]
pub struct Approve;

#[async_trait]
impl Reaction for Approve {
    fn name(&self) -> &'static str {
        "approve"
    }

    fn follows(&self, event: &str) -> bool {
        event == "user.approve"
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let Some(id) = event.record_id else { return Ok(()) };
        let engine = ctx.engine;
        let tx = engine.db.write(ctx.session.tenant).await.refused()?;
        let Some(user) = table::by_ids(&tx, &USER, &[id], false).await.refused()?.pop() else { return Ok(()) };
        let locale = if user.text("locale") == Some(Locale::En.tag()) { Locale::En } else { Locale::PtBr };
        let name = user.text("name").unwrap_or_default();
        let values = [
            ("name", json!(name)),
            ("title", json!(locale::text(locale, "mail.approved"))),
            ("body", json!(locale::text(locale, "mail.approved.body"))),
            ("action_url", json!(engine.mail.page("/entrar"))),
            ("action", json!(locale::text(locale, "mail.known_address.action"))),
            ("unsubscribe_url", Json::Null),
        ];
        let letter = Letter {
            category: "account",
            template: Template::Notification,
            locale,
            to: Recipient {
                address: user.text("email").unwrap_or_default().to_owned(),
                name: Some(name.to_owned()),
                user: Some(id),
                customer: None,
            },
            values: filled(values),
            after: None,
            expires_at: None,
            source: format!("approved:{}", event.id),
        };
        messages::post(engine, &tx, letter).await?;
        tx.commit().await.refused()
    }
}
