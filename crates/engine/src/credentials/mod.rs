//! What a tenant is connected to: declared fields, the secret ones encrypted
//! by the vault. Whoever sends asks [`get`]; nobody is ever shown a secret.

mod manage;
mod trial;
mod typed;

pub use manage::{Shown, forget, list, one, put};
pub use trial::{Tried, try_out};
pub use typed::{mail, push, slack, twilio};

use std::collections::BTreeMap;

use chrono::TimeDelta;
use conexao_domain::{
    kernel::{problem::Problem, record::Record},
    settings::integration,
};
use conexao_integrations::secret::SecretString;
use conexao_storage::{
    Tenant, Tx,
    entity::{integration as table, secret},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{Engine, refusal::Refused, secrets::place};

/// Under which resource the secrets are kept.
pub(crate) const RESOURCE: &str = "integration";

/// What a connection needs, secrets included. Shown by no `Debug`.
#[derive(Debug, Clone)]
pub struct Credentials {
    plain: Record,
    secrets: BTreeMap<String, SecretString>,
    /// Of the setting: changes with every change of it.
    pub version: i64,
}

impl Credentials {
    /// A text that is no secret.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.plain.text(name)
    }

    /// A number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.plain.integer(name)
    }

    /// A secret.
    pub fn secret(&self, name: &str) -> Option<&SecretString> {
        self.secrets.get(name)
    }
}

/// What a tenant set for an integration; none where it set nothing.
pub async fn get(engine: &Engine, tenant: Tenant, name: &str) -> Result<Option<Credentials>, Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let found = load(engine, &tx, name).await?;
    tx.rollback().await.refused()?;
    Ok(found.map(|(_, credentials)| credentials))
}

/// Notes, to the minute, that what a tenant set for an integration is used.
pub async fn note_use(engine: &Engine, tenant: Tenant, name: &str) -> Result<(), Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let found = row(&tx, name).await?;
    tx.rollback().await.refused()?;
    let now = engine.now();
    let stale = found.filter(|row| row.used_at.is_none_or(|at| now - at > TimeDelta::minutes(1)));
    let Some(row) = stale else { return Ok(()) };
    let tx = engine.db.write(tenant).await.refused()?;
    table::Entity::update_many()
        .col_expr(table::Column::UsedAt, Expr::val(now))
        .filter(table::Column::TenantId.eq(tenant.0))
        .filter(table::Column::Id.eq(row.id))
        .exec(&*tx)
        .await
        .refused()?;
    tx.commit().await.refused()
}

/// The row of an integration and what it needs, in an open transaction.
pub(crate) async fn load(engine: &Engine, tx: &Tx, name: &str) -> Result<Option<(table::Model, Credentials)>, Problem> {
    let Some(declared) = integration::by_name(name) else { return Ok(None) };
    let Some(row) = row(tx, name).await? else { return Ok(None) };
    let plain = serde_json::from_str(&row.plain).unwrap_or_default();
    let mut secrets = BTreeMap::new();
    if let Some(kept) = kept(tx, row.id).await? {
        let text = engine.vault.unseal(&kept.kept, &place(tx.tenant(), kept.id))?;
        let all: BTreeMap<String, String> = serde_json::from_str(&text).unwrap_or_default();
        secrets.extend(all.into_iter().filter(|(name, _)| declared.is_secret(name)).map(|(k, v)| (k, v.into())));
    }
    let version = row.version;
    Ok(Some((row, Credentials { plain, secrets, version })))
}

async fn row(tx: &Tx, name: &str) -> Result<Option<table::Model>, Problem> {
    let found = table::Entity::find().filter(table::Column::TenantId.eq(tx.tenant().0));
    found.filter(table::Column::Name.eq(name)).one(&**tx).await.refused()
}

/// All secrets of one integration are one encrypted value.
async fn kept(tx: &Tx, id: Uuid) -> Result<Option<secret::Model>, Problem> {
    let found = secret::Entity::find()
        .filter(secret::Column::TenantId.eq(tx.tenant().0))
        .filter(secret::Column::Resource.eq(RESOURCE))
        .filter(secret::Column::RecordId.eq(id));
    found.one(&**tx).await.refused()
}
