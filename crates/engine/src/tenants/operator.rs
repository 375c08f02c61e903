//! What the operator of the installation does: sees which tenants there are,
//! makes, suspends and reinstates them. Records of tenants are out of reach:
//! the operator's users belong to a tenant of their own.

use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::user::USER,
    kernel::{
        problem::{Code, Problem},
        value::Email,
    },
    registry::RESOURCES,
    settings::{COMPANY, TenantKind},
};
use conexao_storage::{Tenant, entity::tenant};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};
use serde_json::{Map, Value as Json, json};

use crate::{
    Engine, Session, Write, identity,
    journal::Entry,
    live::{Event, Kind},
    refusal::Refused,
};

/// The short name of the operator's own tenant.
const SLUG: &str = "operador";
/// The audit's word for what is done to tenants.
const RESOURCE: &str = "tenant";
const PAGE: u64 = 50;

/// A tenant as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub row: tenant::Model,
    pub users: i64,
    /// When somebody was last in.
    pub last_use: Option<DateTime<Utc>>,
    /// Business records by kind, and bytes of files; only of a single tenant.
    pub volume: Option<(Vec<(&'static str, i64)>, i64)>,
}

/// A page of tenants in the order they were made, and after which more follow.
pub async fn list(
    engine: &Engine,
    session: &Session,
    after: Option<i32>,
) -> Result<(Vec<Overview>, Option<i32>), Problem> {
    session.require("tenant.read")?;
    let mut rows = tenant::Entity::find()
        .filter(tenant::Column::Id.gt(after.unwrap_or_default()))
        .order_by_asc(tenant::Column::Id)
        .limit(PAGE + 1)
        .all(engine.db.pool())
        .await
        .refused()?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(overview(engine, row, false).await?);
    }
    Ok((all, next))
}

/// One tenant with how much it holds.
pub async fn one(engine: &Engine, session: &Session, id: i32) -> Result<Overview, Problem> {
    session.require("tenant.read")?;
    overview(engine, super::get(engine, Tenant(id)).await?, true).await
}

pub(super) async fn overview(engine: &Engine, row: tenant::Model, whole: bool) -> Result<Overview, Problem> {
    let tx = engine.db.read(Tenant(row.id)).await.refused()?;
    let backend = tx.get_database_backend();
    let number = async |sql: String| -> Result<i64, Problem> {
        let found = tx.query_one_raw(Statement::from_sql_and_values(backend, sql, [row.id.into()])).await.refused()?;
        Ok(found.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose().refused()?.flatten().unwrap_or_default())
    };
    let users =
        number(format!("SELECT COUNT(*) FROM {} WHERE tenant_id = $1 AND deleted_at IS NULL", USER.table)).await?;
    let sql = "SELECT last_used_at FROM session WHERE tenant_id = $1 ORDER BY last_used_at DESC LIMIT 1";
    let last = tx.query_one_raw(Statement::from_sql_and_values(backend, sql, [row.id.into()])).await.refused()?;
    let last_use = last.map(|row| row.try_get_by_index(0)).transpose().refused()?;
    let volume = if whole {
        let mut records = Vec::new();
        for resource in RESOURCES.iter().filter(|resource| !resource.area.is_administration()) {
            let table = resource.table;
            let count = number(format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = $1 AND deleted_at IS NULL"));
            records.push((resource.name, count.await?));
        }
        let bytes = "SELECT CAST(SUM(size) AS BIGINT) FROM attachment WHERE tenant_id = $1 AND deleted_at IS NULL";
        Some((records, number(bytes.to_owned()).await?))
    } else {
        None
    };
    tx.rollback().await.refused()?;
    Ok(Overview { row, users, last_use, volume })
}

/// A tenant to be made.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founded {
    pub name: String,
    /// Made of the name unless given.
    #[serde(default)]
    pub slug: Option<String>,
    /// `production`, `sandbox` or `demo`.
    #[serde(default)]
    pub kind: Option<String>,
    /// Who is invited as the first administrator.
    pub email: String,
}

/// Makes a tenant and invites its first administrator by mail.
pub async fn found(engine: &Engine, session: &Session, wanted: &Founded) -> Result<Overview, Problem> {
    session.require("tenant.create")?;
    let name = named(&wanted.name)?;
    let email = Email::parse(&wanted.email).map_err(|invalid| Problem::field("email", invalid.0))?;
    let kind = wanted.kind.as_deref().unwrap_or("production");
    let kind = TenantKind::ALL.iter().copied().find(|known| known.name() == kind && *known != TenantKind::Operator);
    let kind = kind.ok_or_else(|| Problem::field("kind", "choice"))?;
    let slug = match wanted.slug.as_deref().filter(|slug| !slug.trim().is_empty()) {
        Some(slug) if super::by_slug(engine, slug.trim()).await?.is_some() => {
            return Err(Problem { fields: Problem::field("slug", "taken").fields, ..Problem::new(Code::Duplicate) });
        }
        Some(slug) => slug.to_owned(),
        None => super::free_slug(engine, name).await?,
    };
    let tenant = super::create_for(engine, &slug, name, kind, Some(email.as_str())).await?;
    let changes = Map::from_iter([
        ("tenant".to_owned(), json!([Json::Null, slug])),
        ("name".to_owned(), json!([Json::Null, name])),
        ("kind".to_owned(), json!([Json::Null, kind.name()])),
    ]);
    note(engine, session, "create", changes).await?;
    overview(engine, super::get(engine, tenant).await?, true).await
}

fn named(name: &str) -> Result<&str, Problem> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= 120 && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(Problem::field("name", if name.is_empty() { "required" } else { "length" })) }
}

/// Keeps everybody of a tenant out, at once, and says why to those who try.
pub async fn suspend(engine: &Engine, session: &Session, id: i32, reason: &str) -> Result<Overview, Problem> {
    session.require("tenant.suspend")?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 400 {
        return Err(Problem::field("reason", if reason.is_empty() { "required" } else { "length" }));
    }
    switch(engine, session, id, Some(reason)).await
}

/// Lets a suspended tenant in again.
pub async fn reinstate(engine: &Engine, session: &Session, id: i32) -> Result<Overview, Problem> {
    session.require("tenant.reinstate")?;
    switch(engine, session, id, None).await
}

async fn switch(engine: &Engine, session: &Session, id: i32, reason: Option<&str>) -> Result<Overview, Problem> {
    let row = super::get(engine, Tenant(id)).await?;
    if TenantKind::parse(&row.kind) == TenantKind::Operator {
        return Err(Problem::new(Code::StepRefused).detail("operator"));
    }
    let (status, action) = if reason.is_some() { ("suspended", "suspend") } else { ("active", "reinstate") };
    if row.status == status {
        return Err(Problem::new(Code::StepRefused).detail("not_from").with("state", row.status));
    }
    let changes = Map::from_iter([
        ("tenant".to_owned(), json!([row.slug, row.slug])),
        ("status".to_owned(), json!([row.status, status])),
        ("reason".to_owned(), json!([row.reason, reason])),
    ]);
    // The tenant's own audit says so too, in the transaction that does it.
    let own = engine.system(Tenant(id), "Operador").await?;
    let mut write = Write::begin(engine, &own).await?;
    let mut active = row.into_active_model();
    active.status = Set(status.to_owned());
    active.reason = Set(reason.map(str::to_owned));
    let row = active.update(&*write.tx).await.refused()?;
    let own = Entry { resource: COMPANY.name, record_id: None, action: action.to_owned(), changes: changes.clone() };
    write.note(own);
    if reason.is_some() {
        end_everything(&write).await?;
    }
    write.commit(200, &Json::Null).await?;
    engine.announce_change(Tenant(id)).await;
    // Everybody of the tenant: streams look whether they may go on.
    engine.hub.publish(&engine.db, vec![Event::new(id, Kind::Ended, None, Json::Null)]).await;
    note(engine, session, action, changes).await?;
    overview(engine, row, true).await
}

/// Ends every log-in of the write's tenant.
async fn end_everything(write: &Write) -> Result<(), Problem> {
    use conexao_storage::entity::session;
    use sea_orm::sea_query::Expr;
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::val(write.now))
        .filter(session::Column::TenantId.eq(write.tx.tenant().0))
        .filter(session::Column::RevokedAt.is_null())
        .exec(&*write.tx)
        .await
        .refused()
        .map(drop)
}

/// An entry in the operator's own audit.
pub(super) async fn note(
    engine: &Engine,
    session: &Session,
    action: &str,
    changes: Map<String, Json>,
) -> Result<(), Problem> {
    let mut write = Write::begin(engine, session).await?;
    write.note(Entry { resource: RESOURCE, record_id: None, action: action.to_owned(), changes });
    write.commit(200, &Json::Null).await
}

/// How many people a tenant has.
pub async fn people(engine: &Engine, tenant: Tenant) -> Result<i64, Problem> {
    overview(engine, super::get(engine, tenant).await?, false).await.map(|overview| overview.users)
}

/// The operator's tenant; made when there is none.
pub async fn operator_tenant(engine: &Engine) -> Result<Tenant, Problem> {
    let all = super::all(engine).await?;
    let found = all.iter().find(|tenant| TenantKind::parse(&tenant.kind) == TenantKind::Operator);
    match found {
        Some(row) => Ok(Tenant(row.id)),
        None => super::create(engine, SLUG, "Operação", TenantKind::Operator).await,
    }
}

/// Adds somebody who looks after the installation; only whoever holds the
/// machine may (`conexao operator add`).
pub async fn add_operator(engine: &Engine, name: &str, email: &str, password: &str) -> Result<uuid::Uuid, Problem> {
    let tenant = operator_tenant(engine).await?;
    let system = engine.system(tenant, "conexao operator").await?;
    identity::create_user(engine, &system, name, email, &["operator"], password).await
}

#[cfg(test)]
mod tests {
    use conexao_domain::kernel::resource::Area;

    use super::*;

    #[test]
    fn business_records_are_what_is_counted() {
        assert!(!Area::Customers.is_administration() && Area::Settings.is_administration());
        assert_eq!(named(" Aurora ").ok(), Some("Aurora"));
        assert!(named("  ").is_err() && named(&"x".repeat(121)).is_err());
    }
}
