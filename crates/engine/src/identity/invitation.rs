//! Invitations: a link by mail, and joining with it.

use async_trait::async_trait;
use chrono::TimeDelta;
use conexao_domain::{
    identity::{
        invitation::{DAYS, INVITATION},
        user::USER,
    },
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
};
use conexao_integrations::email::template::Template;
use conexao_storage::{Tx, entity::account_link, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    account::keep_password,
    link::{self, Holder, Purpose},
    password,
    recovery::filled,
    session_of,
};
use crate::{
    Engine, Session,
    journal::Write,
    messages::{self, Letter, Recipient},
    react::{Event, ReactCtx, Reaction},
    refusal::Refused,
    tenants, write,
};

/// Reaction: an invitation, or its resending, becomes a message with a new
/// link; links sent before open nothing any more.
#[derive(Debug)]
pub struct Invite;

#[async_trait]
impl Reaction for Invite {
    fn name(&self) -> &'static str {
        "invite"
    }

    fn follows(&self, event: &str) -> bool {
        matches!(event, "invitation.create" | "invitation.resend" | "invitation.restore")
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let Some(id) = event.record_id else { return Ok(()) };
        let engine = ctx.engine;
        let tx = engine.db.write(ctx.session.tenant).await.refused()?;
        let Some(invitation) = table::by_ids(&tx, &INVITATION, &[id], false).await.refused()?.pop() else {
            return Ok(());
        };
        if invitation.text("status") != Some("pending") {
            return Ok(());
        }
        let inviter = match event.actor {
            Some(user) => session_of(engine, ctx.session.tenant, user).await.ok(),
            None => None,
        };
        let now = engine.now();
        let holder = Holder { invitation: Some(id), ..Holder::default() };
        let token = link::make(&tx, Purpose::Invitation, holder, now, TimeDelta::days(DAYS)).await?;
        let letter = letter(engine, &invitation, inviter.as_ref(), event, &token).await?;
        if messages::post(engine, &tx, letter).await? {
            tx.commit().await.refused()?;
        }
        Ok(())
    }
}

async fn letter(
    engine: &Engine,
    invitation: &Record,
    inviter: Option<&Session>,
    event: &Event,
    token: &str,
) -> Result<Letter, Problem> {
    let tenant = link::tenant_of(token).ok_or_else(Problem::not_found)?;
    let company = tenants::get(engine, tenant).await?;
    let house = engine.house(tenant).await?;
    let zone = house.company.zone;
    // Whoever is invited most likely reads what the inviter reads.
    let locale = inviter.map_or(house.company.locale, |session| session.locale);
    let expires_at = engine.now() + TimeDelta::days(DAYS);
    let name = inviter.map_or_else(|| company.name.clone(), |session| session.name.clone());
    let values = [
        ("inviter", json!(name)),
        ("tenant", json!(company.name)),
        ("action_url", json!(engine.mail.page(&format!("/convite/{token}")))),
        ("expires", json!(messages::when(expires_at, zone, locale))),
    ];
    Ok(Letter {
        category: "account",
        template: Template::Invitation,
        locale,
        to: Recipient {
            address: invitation.text("email").unwrap_or_default().to_owned(),
            name: invitation.text("name").map(str::to_owned),
            ..Recipient::default()
        },
        values: filled(values),
        after: None,
        expires_at: Some(expires_at),
        source: format!("invitation:{}", event.id),
    })
}

/// Refuses to invite somebody who has an account in the company.
pub(crate) async fn invitable(tx: &Tx, invitation: &Record) -> Result<(), Problem> {
    let member = is_member(tx, invitation.text("email").unwrap_or_default()).await?;
    if member && invitation.text("status").is_none_or(|status| status == "pending") {
        return Err(Problem::field("email", "member"));
    }
    Ok(())
}

/// An invitation as the invited person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub email: String,
    pub name: Option<String>,
    /// The company.
    pub company: String,
}

async fn open(engine: &Engine, token: &str) -> Result<(account_link::Model, Record), Problem> {
    let tenant = link::tenant_of(token).ok_or_else(Problem::not_found)?;
    let tx = engine.db.read(tenant).await.refused()?;
    let link = link::find(&tx, Purpose::Invitation, token, engine.now()).await?;
    let id = link.invitation_id.ok_or_else(Problem::not_found)?;
    let mut found = table::by_ids(&tx, &INVITATION, &[id], false).await.refused()?;
    table::fill(&tx, &INVITATION, &mut found).await.refused()?;
    tx.rollback().await.refused()?;
    let invitation = found.pop().filter(|record| record.text("status") == Some("pending"));
    Ok((link, invitation.ok_or_else(Problem::not_found)?))
}

/// What a link invites to, while it is good.
pub async fn invited(engine: &Engine, token: &str) -> Result<Invited, Problem> {
    let (link, invitation) = open(engine, token).await?;
    let company = tenants::get(engine, conexao_storage::Tenant(link.tenant_id)).await?;
    if company.status != "active" {
        return Err(Problem::not_found());
    }
    let email = invitation.text("email").unwrap_or_default().to_owned();
    Ok(Invited { email, name: invitation.text("name").map(str::to_owned), company: company.name })
}

/// Joins with a link: the account gets the invitation's roles, a name, a
/// password. The link is used up. Returns the address to log in with.
pub async fn join(engine: &Engine, token: &str, name: &str, text: &str, ip: Option<String>) -> Result<String, Problem> {
    let (found, invitation) = open(engine, token).await?;
    let email = invitation.text("email").unwrap_or_default().to_owned();
    password::check(engine, text, &[name, &email])?;
    let hash = password::hash(text.to_owned()).await?;
    let roles =
        invitation.lines("roles").iter().map(|line| json!({ "role_id": line.get("role_id") })).collect::<Vec<_>>();
    let session = Session { ip, ..engine.system(conexao_storage::Tenant(found.tenant_id), name).await? };
    // Whoever is new reads what the company reads.
    let locale = json!(session.locale.tag());
    let input = filled([("name", json!(name)), ("email", json!(email)), ("roles", json!(roles)), ("locale", locale)]);
    let mut write = Write::begin(engine, &session).await?;
    link::spend(&write.tx, &found, write.now).await?;
    let user = new_user(engine, &mut write, &input, None).await?;
    keep_password(&write, user, &hash).await?;
    accept(engine, &mut write, &invitation, user).await?;
    write.commit(201, &Json::Null).await?;
    Ok(email)
}

/// Creates a user inside an open write of the system, in a state other than
/// the first where one is given.
pub(super) async fn new_user(
    engine: &Engine,
    write: &mut Write,
    input: &Map<String, Json>,
    status: Option<&str>,
) -> Result<Uuid, Problem> {
    let gate = write.session.gate(&USER, "create")?;
    let facts = crate::facts::plain(engine, &write.session);
    let drafted = write::draft(write, &gate, std::slice::from_ref(input), &facts).await?.pop();
    let mut drafted = drafted.unwrap_or_else(|| Err(Problem::not_found()))?;
    if let Some(status) = status {
        drafted.record.set("status", status);
    }
    let id = Uuid::parse_str(drafted.record.id()).map_err(|_| Problem::new(Code::Internal))?;
    write::insert(write, &gate, vec![drafted]).await?;
    Ok(id)
}

/// Whether somebody of the company has the address.
pub(super) async fn is_member(tx: &Tx, email: &str) -> Result<bool, Problem> {
    let mut select = Query::select();
    select
        .column("id")
        .from(USER.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("email").eq(email))
        .and_where(Expr::col("deleted_at").is_null());
    Ok(tx.query_one(&select).await.refused()?.is_some())
}

async fn accept(engine: &Engine, write: &mut Write, invitation: &Record, user: Uuid) -> Result<(), Problem> {
    let id = Uuid::parse_str(invitation.id()).map_err(|_| Problem::new(Code::Internal))?;
    let mut update = Query::update();
    update
        .table(INVITATION.table)
        .value("user_id", user)
        .and_where(Expr::col("tenant_id").eq(write.tx.tenant().0))
        .and_where(Expr::col("id").eq(id));
    write.tx.execute(&update).await.refused()?;
    let gate = write.session.gate(&INVITATION, "accept")?;
    write::apply_step(engine, write, &gate, id, None, "accept", &Map::new()).await.map(|_| ())
}
