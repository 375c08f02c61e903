//! Setting, replacing, removing credentials; what may be shown of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
    settings::integration::{self, Integration},
};
use conexao_integrations::{
    email::Mailer,
    push::{KeyError, VapidKeys},
    secret::ExposeSecret,
};
use conexao_storage::{Tx, entity::integration as table, entity::secret};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Credentials, RESOURCE, kept, load, row};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused, secrets::place};

/// The permission to see and change what a tenant is connected to.
const MANAGE: &str = "settings.manage";

/// What may be shown of an integration.
#[derive(Debug, Clone)]
pub struct Shown {
    pub integration: &'static Integration,
    /// 0 where nothing was set.
    pub version: i64,
    /// Values that are no secrets.
    pub plain: Record,
    /// Secret → its last characters, of those that are set.
    pub hints: BTreeMap<String, String>,
    /// The public half of a key pair, where there is one.
    pub public_key: Option<String>,
    pub updated_at: Option<DateTime<Utc>>,
    pub updated_by: Option<String>,
    pub used_at: Option<DateTime<Utc>>,
    pub tried_at: Option<DateTime<Utc>>,
    pub trial: Option<String>,
}

fn declared(name: &str) -> Result<&'static Integration, Problem> {
    integration::by_name(name).ok_or_else(Problem::not_found)
}

fn shown(integration: &'static Integration, row: Option<&table::Model>) -> Shown {
    let Some(row) = row else {
        let (plain, hints) = (Record::default(), BTreeMap::new());
        let nothing = Shown {
            integration,
            version: 0,
            plain,
            hints,
            public_key: None,
            updated_at: None,
            updated_by: None,
            used_at: None,
            tried_at: None,
            trial: None,
        };
        return nothing;
    };
    let plain: Record = serde_json::from_str(&row.plain).unwrap_or_default();
    Shown {
        integration,
        version: row.version,
        public_key: plain.text("public_key").map(str::to_owned),
        plain,
        hints: serde_json::from_str(&row.hints).unwrap_or_default(),
        updated_at: Some(row.updated_at),
        updated_by: row.updated_by.clone(),
        used_at: row.used_at,
        tried_at: row.tried_at,
        trial: row.trial.clone(),
    }
}

/// Everything a tenant may be connected to, and what it set of it.
pub async fn list(engine: &Engine, session: &Session) -> Result<Vec<Shown>, Problem> {
    session.require(MANAGE)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let rows = table::Entity::find().filter(table::Column::TenantId.eq(session.tenant.0)).all(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let of =
        |integration: &&'static Integration| shown(integration, rows.iter().find(|row| row.name == integration.name));
    Ok(integration::INTEGRATIONS.iter().map(of).collect())
}

/// One of them.
pub async fn one(engine: &Engine, session: &Session, name: &str) -> Result<Shown, Problem> {
    session.require(MANAGE)?;
    let declared = declared(name)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = row(&tx, name).await?;
    tx.rollback().await.refused()?;
    Ok(shown(declared, found.as_ref()))
}

/// Sets what an integration needs, over the version the caller saw. Secrets
/// that are not given stay.
pub async fn put(
    engine: &Engine,
    session: &Session,
    name: &str,
    version: i64,
    input: &Map<String, Json>,
) -> Result<Shown, Problem> {
    session.require(MANAGE)?;
    let declared = declared(name)?;
    let mut write = Write::begin(engine, session).await?;
    let before = load(engine, &write.tx, name).await?;
    if before.as_ref().map_or(0, |(row, _)| row.version) != version {
        return Err(Problem::new(Code::Stale).with("current", public(&shown(declared, before.as_ref().map(|b| &b.0)))));
    }
    let (current, kept) = before.as_ref().map(|(row, c)| (shown(declared, Some(row)).plain, c)).unzip();
    let has = |secret: &str| kept.is_some_and(|kept| kept.secret(secret).is_some());
    let current = current.unwrap_or_default();
    let mut next = integration::plan(declared, &current, has, input).map_err(Problem::fields)?;
    let mut secrets: BTreeMap<String, String> = BTreeMap::new();
    for name in declared.secrets {
        let old = kept.and_then(|kept| kept.secret(name)).map(|secret| secret.expose_secret().to_owned());
        let given = input.contains_key(*name).then(|| next.text(name).map(str::to_owned));
        let made = || (declared.made == Some(*name)).then(|| VapidKeys::generate().expose_secret().to_owned());
        if let Some(value) = given.unwrap_or(old).or_else(made) {
            secrets.insert((*name).to_owned(), value);
        }
        next.0.remove(*name);
    }
    check(engine, declared, &next, &secrets)?;
    derive(declared, &mut next, &secrets)?;
    let changes = changes(declared, &current, &next, input);
    let row = store(engine, &write, name, before.map(|(row, _)| row), &next, &secrets).await?;
    write.note(Entry { resource: RESOURCE, record_id: Some(row.id), action: "set_credentials".to_owned(), changes });
    let seen = shown(declared, Some(&row));
    write.commit(200, &public(&seen)).await?;
    Ok(seen)
}

/// Refuses what no adapter could use, before messages wait for it.
fn check(
    engine: &Engine,
    declared: &Integration,
    next: &Record,
    secrets: &BTreeMap<String, String>,
) -> Result<(), Problem> {
    let secrets = secrets.iter().map(|(name, text)| (name.clone(), text.clone().into())).collect();
    let given = Credentials { plain: next.clone(), secrets, version: 0 };
    if declared.name == integration::SLACK.name {
        super::slack(&given, engine.egress)?;
    }
    if declared.name == integration::EMAIL.name {
        let (config, _) = super::mail(&given)?;
        Mailer::new(config, engine.egress).map_err(|_| Problem::field("tls", "login_without_tls"))?;
    }
    Ok(())
}

/// The public half of a key pair; a pair that cannot be one is refused.
fn derive(declared: &Integration, next: &mut Record, secrets: &BTreeMap<String, String>) -> Result<(), Problem> {
    if declared.name != integration::PUSH.name {
        return Ok(());
    }
    let private = secrets.get("private_key").cloned().unwrap_or_default().into();
    let keys = VapidKeys::parse(&private, next.text("contact").unwrap_or_default()).map_err(|error| match error {
        KeyError::Key => Problem::field("private_key", "key"),
        KeyError::Contact => Problem::field("contact", "contact"),
    })?;
    next.set("public_key", keys.public());
    Ok(())
}

/// What changed, of secrets only that they did.
fn changes(declared: &Integration, before: &Record, after: &Record, input: &Map<String, Json>) -> Map<String, Json> {
    let mut changes = Map::new();
    for field in declared.plain().filter(|field| before.get(field.name) != after.get(field.name)) {
        changes.insert(field.name.to_owned(), json!([before.get(field.name), after.get(field.name)]));
    }
    for name in declared.secrets.iter().filter(|name| input.contains_key(**name)) {
        changes.insert((*name).to_owned(), json!([Json::Null, "•••"]));
    }
    changes.insert("integration".to_owned(), json!([Json::Null, declared.name]));
    changes
}

async fn store(
    engine: &Engine,
    write: &Write,
    name: &str,
    before: Option<table::Model>,
    next: &Record,
    secrets: &BTreeMap<String, String>,
) -> Result<table::Model, Problem> {
    let tenant = write.tx.tenant();
    let hints: BTreeMap<&String, String> = secrets.iter().map(|(name, text)| (name, integration::hint(text))).collect();
    let id = before.as_ref().map_or_else(Uuid::now_v7, |row| row.id);
    let model = table::Model {
        tenant_id: tenant.0,
        id,
        name: name.to_owned(),
        version: before.as_ref().map_or(0, |row| row.version) + 1,
        plain: serde_json::to_string(next).unwrap_or_default(),
        hints: serde_json::to_string(&hints).unwrap_or_default(),
        updated_at: write.now,
        updated_by: Some(write.session.name.clone()),
        trial: None,
        tried_at: None,
        used_at: before.as_ref().and_then(|row| row.used_at),
    };
    let active = model.clone().into_active_model().reset_all();
    if before.is_some() {
        active.update(&*write.tx).await.refused()?;
    } else {
        table::Entity::insert(active).exec_without_returning(&*write.tx).await.refused()?;
    }
    drop_secrets(&write.tx, id).await?;
    if !secrets.is_empty() {
        let (own, text) = (Uuid::now_v7(), serde_json::to_string(secrets).unwrap_or_default());
        let row = secret::ActiveModel {
            tenant_id: Set(tenant.0),
            id: Set(own),
            resource: Set(RESOURCE.to_owned()),
            record_id: Set(id),
            kept: Set(engine.vault.seal(&text, &place(tenant, own))?),
            created_at: Set(write.now),
            expires_at: Set(None),
        };
        secret::Entity::insert(row).exec_without_returning(&*write.tx).await.refused()?;
    }
    Ok(model)
}

async fn drop_secrets(tx: &Tx, id: Uuid) -> Result<(), Problem> {
    if let Some(old) = kept(tx, id).await? {
        secret::Entity::delete_by_id((old.tenant_id, old.id)).exec(&**tx).await.refused()?;
    }
    Ok(())
}

/// Removes an integration with its secrets.
pub async fn forget(engine: &Engine, session: &Session, name: &str) -> Result<(), Problem> {
    session.require(MANAGE)?;
    let declared = declared(name)?;
    let mut write = Write::begin(engine, session).await?;
    let Some(row) = row(&write.tx, name).await? else { return Err(Problem::not_found()) };
    drop_secrets(&write.tx, row.id).await?;
    table::Entity::delete_by_id((row.tenant_id, row.id)).exec(&*write.tx).await.refused()?;
    let changes = Map::from_iter([("integration".to_owned(), json!([declared.name, Json::Null]))]);
    let action = "remove_credentials".to_owned();
    write.note(Entry { resource: RESOURCE, record_id: Some(row.id), action, changes });
    write.commit(204, &Json::Null).await
}

/// What a repetition and a refusal tell.
fn public(shown: &Shown) -> Json {
    json!({ "name": shown.integration.name, "version": shown.version })
}
