//! A forgotten password. What is asked for is only noted; whether somebody
//! exists is looked at later, so that neither answer nor time tells.

use async_recursion::async_recursion;
use chrono::TimeDelta;
use conexao_domain::{
    identity::user::USER,
    kernel::{
        problem::{Code, Problem},
        record::Record,
        value::Email,
    },
};
use conexao_integrations::email::template::Template;
use conexao_storage::{Tenant, Tx, entity::recovery_request, table};
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    account::{end_sessions, keep_password},
    link::{self, Holder, Purpose},
    notice::{self, News},
    password, session_of,
};
use crate::{
    Engine, Session,
    journal::{Entry, Write},
    messages::{self, Letter, Recipient},
    refusal::Refused,
};

/// How long a link is good for, in minutes.
pub const RECOVERY_MINUTES: i64 = 60;
/// Links a user is sent within an hour, whoever asks for them.
const MOST_LINKS: u64 = 3;
/// Accounts with one e-mail that are sent a link.
const MOST_ACCOUNTS: u64 = 5;
/// Requests looked at together.
const PIECE: u64 = 20;

/// Notes that somebody forgot the password of an address. Does and says the
/// same whoever exists; what is no address is forgotten at once.
pub async fn ask(engine: &Engine, email: &str, ip: Option<&str>) -> Result<(), Problem> {
    let Ok(email) = Email::parse(email) else { return Ok(()) };
    let row = recovery_request::ActiveModel {
        id: Set(Uuid::now_v7()),
        email: Set(email.as_str().to_owned()),
        ip: Set(ip.unwrap_or("?").to_owned()),
        created_at: Set(engine.now()),
    };
    recovery_request::Entity::insert(row)
        .exec_without_returning(&*engine.db.alone().await.refused()?)
        .await
        .refused()?;
    engine.mail.nudge();
    Ok(())
}

/// Sends links to whoever asked for one. Called again after a crash it sends
/// nothing twice: the request is the message's source.
#[async_recursion]
pub(crate) async fn answer_recoveries(engine: &Engine) -> Result<(), Problem> {
    let asked = recovery_request::Entity::find()
        .order_by_asc(recovery_request::Column::Id)
        .limit(PIECE)
        .all(engine.db.pool())
        .await
        .refused()?;
    for request in asked {
        for (tenant, user) in accounts(engine, &request.email).await? {
            match send(engine, tenant, user, &request).await {
                // Another node was faster.
                Err(problem) if problem.code == Code::Duplicate => {}
                done => done?,
            }
        }
        recovery_request::Entity::delete_by_id(request.id)
            .exec(&*engine.db.alone().await.refused()?)
            .await
            .refused()?;
    }
    Ok(())
}

async fn accounts(engine: &Engine, email: &str) -> Result<Vec<(Tenant, Uuid)>, Problem> {
    let mut select = Query::select();
    select
        .columns(["tenant_id", "id"])
        .from(USER.table)
        .and_where(Expr::col("email").eq(email))
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("deleted_at").is_null())
        .order_by("id", sea_orm::Order::Desc)
        .limit(MOST_ACCOUNTS);
    let tx = engine.db.system_read().await.refused()?;
    let rows = tx.query_all(&select).await.refused()?;
    tx.rollback().await.refused()?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((Tenant(row.try_get_by_index(0).refused()?), row.try_get_by_index(1).refused()?))
    };
    rows.iter().map(read).collect()
}

async fn send(engine: &Engine, tenant: Tenant, user: Uuid, request: &recovery_request::Model) -> Result<(), Problem> {
    // A suspended company lets nobody in.
    let Ok(session) = session_of(engine, tenant, user).await else { return Ok(()) };
    let now = engine.now();
    let tx = engine.db.write(tenant).await.refused()?;
    if link::made_since(&tx, Purpose::Recovery, user, now - TimeDelta::hours(1)).await? >= MOST_LINKS {
        return Ok(());
    }
    let life = TimeDelta::minutes(RECOVERY_MINUTES);
    let holder = Holder { user: Some(user), ..Holder::default() };
    let token = link::make(&tx, Purpose::Recovery, holder, now, life).await?;
    let expires_at = now + life;
    let values = [
        ("name", json!(session.name)),
        ("action_url", json!(engine.mail.page(&format!("/recuperar/{token}")))),
        ("expires", json!(messages::when(expires_at, session.time_zone, session.locale))),
        ("address", json!(request.ip)),
    ];
    let letter = Letter {
        category: "account",
        template: Template::PasswordRecovery,
        locale: session.locale,
        to: Recipient {
            address: request.email.clone(),
            name: Some(session.name.clone()),
            user: Some(user),
            customer: None,
        },
        values: filled(values),
        after: None,
        expires_at: Some(expires_at),
        source: format!("recovery:{}", request.id),
    };
    if messages::post(engine, &tx, letter).await? {
        tx.commit().await.refused()?;
    }
    Ok(())
}

pub(super) fn filled<const N: usize>(values: [(&str, Json); N]) -> Map<String, Json> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Whose password a link changes, while it is good: the address, partly.
pub async fn recovery(engine: &Engine, token: &str) -> Result<Record, Problem> {
    let tenant = link::tenant_of(token).ok_or_else(Problem::not_found)?;
    let tx = engine.db.read(tenant).await.refused()?;
    let link = link::find(&tx, Purpose::Recovery, token, engine.now()).await?;
    let user = user(&tx, link.user_id).await?;
    tx.rollback().await.refused()?;
    Ok(user)
}

async fn user(tx: &Tx, id: Option<Uuid>) -> Result<Record, Problem> {
    let id = id.ok_or_else(Problem::not_found)?;
    let found = table::by_ids(tx, &USER, &[id], false).await.refused()?.pop();
    found.filter(|user| user.text("status") == Some("active")).ok_or_else(Problem::not_found)
}

/// Sets the password a link was sent for: the link is used up, whoever was in
/// is out, and the user is told.
pub async fn recover(engine: &Engine, token: &str, text: &str, ip: Option<String>) -> Result<(), Problem> {
    let tenant = link::tenant_of(token).ok_or_else(Problem::not_found)?;
    let tx = engine.db.read(tenant).await.refused()?;
    let found = link::find(&tx, Purpose::Recovery, token, engine.now()).await?;
    let record = user(&tx, found.user_id).await?;
    tx.rollback().await.refused()?;
    password::check(engine, text, &password::known_of(&record))?;
    let hash = password::hash(text.to_owned()).await?;
    let id = found.user_id.ok_or_else(Problem::not_found)?;
    let session = Session { ip, ..session_of(engine, tenant, id).await? };
    let mut write = Write::begin(engine, &session).await?;
    link::spend(&write.tx, &found, write.now).await?;
    keep_password(&write, id, &hash).await?;
    end_sessions(&write, id).await?;
    write.note(Entry {
        resource: USER.name,
        record_id: Some(id),
        action: "recover_password".to_owned(),
        changes: Map::new(),
    });
    notice::tell(engine, &mut write, id, News::PasswordChanged, "").await?;
    write.commit(204, &Json::Null).await?;
    super::sessions::announce_end(engine, tenant, id).await;
    Ok(())
}
