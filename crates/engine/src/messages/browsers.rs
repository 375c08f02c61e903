//! Browsers that want to be told: each a subscription of its own, kept
//! encrypted because whoever knows it can disturb.

use conexao_domain::kernel::{
    canonical::write_instant,
    problem::{Code, Problem},
};
use conexao_integrations::{
    push::{Subscription, SubscriptionError, VapidKeys},
    secret::{ExposeSecret, SecretString},
};
use conexao_storage::{
    Tenant, Tx,
    entity::{push_key, push_subscription},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Engine, Session, refusal::Refused, vault::Place};

/// Browsers of one person.
const MOST: u64 = 20;
const KEY: &str = "vapid";

/// What `PushSubscription.toJSON()` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Browser {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

pub(super) fn place(tenant: Tenant, id: Uuid) -> Place<'static> {
    Place { tenant: tenant.0, table: "push_subscription", column: "sealed", id }
}

pub(super) fn key_place(tenant: Tenant) -> Place<'static> {
    Place { tenant: tenant.0, table: "push_key", column: "sealed", id: Uuid::nil() }
}

/// The private key of the tenant, made when it is first asked for.
pub(super) async fn key(engine: &Engine, tx: &Tx) -> Result<SecretString, Problem> {
    let id = (tx.tenant().0, KEY.to_owned());
    let find = || push_key::Entity::find_by_id(id.clone()).one(&**tx);
    if let Some(row) = find().await.refused()? {
        return engine.vault.unseal(&row.sealed, &key_place(tx.tenant())).map(Into::into);
    }
    let made = VapidKeys::generate();
    let row = push_key::Model {
        tenant_id: tx.tenant().0,
        name: KEY.to_owned(),
        sealed: engine.vault.seal(made.expose_secret(), &key_place(tx.tenant()))?,
        created_at: engine.now(),
    };
    let once = OnConflict::columns([push_key::Column::TenantId, push_key::Column::Name]).do_nothing().to_owned();
    let row = push_key::ActiveModel::from(row).reset_all();
    push_key::Entity::insert(row).on_conflict(once).exec_without_returning(&**tx).await.refused()?;
    // Another node may have been faster: theirs counts.
    let kept = find().await.refused()?.ok_or_else(|| Problem::new(Code::Internal).detail("push_key"))?;
    engine.vault.unseal(&kept.sealed, &key_place(tx.tenant())).map(Into::into)
}

/// What a browser subscribes with.
pub async fn public_key(engine: &Engine, session: &Session) -> Result<String, Problem> {
    let tx = engine.db.write(session.tenant).await.refused()?;
    let client = engine.mail.push(engine, &tx).await?;
    tx.commit().await.refused()?;
    Ok(client.public_key())
}

fn own(session: &Session) -> sea_orm::Select<push_subscription::Entity> {
    push_subscription::Entity::find()
        .filter(push_subscription::Column::TenantId.eq(session.tenant.0))
        .filter(push_subscription::Column::UserId.eq(session.user))
}

/// The session's browsers.
pub async fn list(engine: &Engine, session: &Session) -> Result<Vec<Json>, Problem> {
    session.in_person()?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let rows = own(session).order_by_desc(push_subscription::Column::Id).all(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let shown = |row: &push_subscription::Model| {
        json!({
            "id": row.id, "host": row.host, "device": row.device, "endpoint_hash": row.endpoint_hash,
            "created_at": write_instant(row.created_at), "used_at": row.used_at.map(write_instant),
        })
    };
    Ok(rows.iter().map(shown).collect())
}

/// Notes a browser, which the person asked for in it. The same browser again,
/// also with another person in front of it, is the same.
pub async fn add(
    engine: &Engine,
    session: &Session,
    browser: &Browser,
    device: Option<String>,
) -> Result<Uuid, Problem> {
    let user = session.in_person()?;
    let wrong = |error: SubscriptionError| match error {
        SubscriptionError::Endpoint => Problem::field("endpoint", "url"),
        SubscriptionError::Key => Problem::field("p256dh", "subscription"),
        SubscriptionError::Auth => Problem::field("auth", "subscription"),
    };
    Subscription::parse(&browser.endpoint, &browser.p256dh, &browser.auth).map_err(wrong)?;
    let host = browser.endpoint.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or_default();
    let tx = engine.db.write(session.tenant).await.refused()?;
    let hash = hex::encode(Sha256::digest(browser.endpoint.as_bytes()));
    push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::TenantId.eq(session.tenant.0))
        .filter(push_subscription::Column::EndpointHash.eq(&hash))
        .exec(&*tx)
        .await
        .refused()?;
    if own(session).count(&*tx).await.refused()? >= MOST {
        return Err(Problem::field("endpoint", "too_many_lines"));
    }
    let id = Uuid::now_v7();
    let text = serde_json::to_string(browser).unwrap_or_default();
    let row = push_subscription::Model {
        tenant_id: session.tenant.0,
        id,
        user_id: user,
        endpoint_hash: hash,
        sealed: engine.vault.seal(&text, &place(session.tenant, id))?,
        host: host.to_owned(),
        device: device.map(|device| device.chars().take(120).collect()),
        created_at: engine.now(),
        used_at: None,
    };
    let row = push_subscription::ActiveModel::from(row).reset_all();
    push_subscription::Entity::insert(row).exec_without_returning(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    Ok(id)
}

/// Forgets one of the session's browsers; gone is gone.
pub async fn remove(engine: &Engine, session: &Session, id: Uuid) -> Result<(), Problem> {
    session.in_person()?;
    let tx = engine.db.write(session.tenant).await.refused()?;
    let gone = push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::TenantId.eq(session.tenant.0))
        .filter(push_subscription::Column::UserId.eq(session.user))
        .filter(push_subscription::Column::Id.eq(id))
        .exec(&*tx)
        .await
        .refused()?;
    if gone.rows_affected == 0 {
        return Err(Problem::not_found());
    }
    tx.commit().await.refused()
}

/// Ids of a user's browsers.
pub(crate) async fn of_user(tx: &Tx, user: Uuid) -> Result<Vec<Uuid>, Problem> {
    let rows = push_subscription::Entity::find()
        .filter(push_subscription::Column::TenantId.eq(tx.tenant().0))
        .filter(push_subscription::Column::UserId.eq(user))
        .order_by_asc(push_subscription::Column::Id)
        .all(&**tx)
        .await
        .refused()?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn browser_of(tx: &Tx, message: Uuid) -> Result<Option<push_subscription::Model>, Problem> {
    let mut select = Query::select();
    select
        .column("subscription_id")
        .from("message")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(message));
    let row = tx.query_one(&select).await.refused()?;
    let id: Option<Uuid> = row.map(|row| row.try_get_by_index(0).refused()).transpose()?.flatten();
    let Some(id) = id else { return Ok(None) };
    push_subscription::Entity::find_by_id((tx.tenant().0, id)).one(&**tx).await.refused()
}

/// The browser a message goes to, while it listens.
pub(super) async fn of_message(engine: &Engine, tx: &Tx, message: Uuid) -> Result<Option<Subscription>, Problem> {
    let Some(row) = browser_of(tx, message).await? else { return Ok(None) };
    let text = engine.vault.unseal(&row.sealed, &place(tx.tenant(), row.id))?;
    let browser: Browser = serde_json::from_str(&text).map_err(|_| Problem::new(Code::Internal).detail("browser"))?;
    let parsed = Subscription::parse(&browser.endpoint, &browser.p256dh, &browser.auth);
    Ok(parsed.ok())
}

/// The browser of a message does not listen any more.
pub(super) async fn gone(tx: &Tx, message: Uuid) -> Result<(), Problem> {
    let Some(row) = browser_of(tx, message).await? else { return Ok(()) };
    push_subscription::Entity::delete_by_id((row.tenant_id, row.id)).exec(&**tx).await.refused().map(|_| ())
}
