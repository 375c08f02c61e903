//! Whom a name means that somebody types at the log-in: an e-mail, or a user
//! name. The request names no tenant; the password decides which of them is
//! meant, so that one company cannot take a name away from another's member.

use conexao_domain::{
    identity::user::USER,
    kernel::{
        problem::{Code, Problem},
        value::Email,
    },
};
use conexao_storage::{
    Tenant, Tx,
    entity::{credential, tenant},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use serde_json::json;
use uuid::Uuid;

use super::{login::wrong, session_of};
use crate::{Engine, Session, refusal::Refused, tenants};

/// Most accounts with one name that a log-in looks at.
const MOST: u64 = 5;

/// The users of the transaction's tenant who may come in; columns and further
/// conditions are the caller's to add.
pub(crate) fn active_users(tx: &Tx) -> SelectStatement {
    let mut select = Query::select();
    select
        .from(USER.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(Expr::col("status").eq("active"));
    select
}

/// An account with a password.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub tenant: Tenant,
    /// `active`, `pending`, …
    pub status: String,
    pub credential: credential::Model,
}

/// A name as it is kept: an e-mail, or a user name, which has no `@`.
pub(super) fn spoken(name: &str) -> Option<String> {
    if name.contains('@') {
        return Email::parse(name).ok().map(|email| email.as_str().to_owned());
    }
    Some(name.trim().to_lowercase()).filter(|name| !name.is_empty() && name.len() <= 120)
}

/// Accounts with this name that have a password, the newest first.
pub(super) async fn named(engine: &Engine, name: &str, company: Option<&str>) -> Result<Vec<Account>, Problem> {
    let column = if name.contains('@') { "email" } else { "username" };
    let mut select = Query::select();
    select
        .columns(["tenant_id", "id", "status"])
        .from(USER.table)
        .and_where(Expr::col(column).eq(name))
        .and_where(Expr::col("deleted_at").is_null())
        .order_by("id", sea_orm::Order::Desc)
        .limit(MOST);
    if let Some(slug) = company {
        let found =
            tenant::Entity::find().filter(tenant::Column::Slug.eq(slug)).one(engine.db.pool()).await.refused()?;
        select.and_where(Expr::col("tenant_id").eq(found.map_or(0, |row| row.id)));
    }
    let tx = engine.db.system_read().await.refused()?;
    let rows = tx.query_all(&select).await.refused()?;
    tx.rollback().await.refused()?;
    let mut accounts = Vec::new();
    for row in rows {
        let (id, user): (i32, Uuid) = (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        let (tenant, status) = (Tenant(id), row.try_get_by_index(2).refused()?);
        let tx = engine.db.read(tenant).await.refused()?;
        let found = credential::Entity::find_by_id((id, user)).one(&*tx).await.refused()?;
        tx.rollback().await.refused()?;
        accounts.extend(found.map(|credential| Account { tenant, status, credential }));
    }
    Ok(accounts)
}

/// The one account of those whose password fits that somebody may come in
/// with. Only now, when they proved that all are theirs, are they asked which.
pub(super) async fn chosen(engine: &Engine, right: Vec<Account>) -> Result<(Session, credential::Model), Problem> {
    let waiting = right.iter().all(|account| account.status == "pending");
    let (mut open, mut suspended) = (Vec::new(), None);
    for account in right {
        if let Ok(session) = session_of(engine, account.tenant, account.credential.user_id).await {
            open.push((session, account.credential));
        } else {
            // Whoever has a good password is told why the company is out.
            let company = tenants::get(engine, account.tenant).await?;
            suspended = suspended.or(Some(company).filter(|company| company.status == "suspended"));
        }
    }
    if let (Some(company), true) = (suspended, open.is_empty()) {
        return Err(tenants::suspended(company.reason.as_deref()));
    }
    if open.len() > 1 {
        let ids: Vec<i32> = open.iter().map(|(session, _)| session.tenant.0).collect();
        let found = tenant::Entity::find().filter(tenant::Column::Id.is_in(ids)).order_by_asc(tenant::Column::Id);
        let found = found.all(engine.db.pool()).await.refused()?;
        let companies: Vec<_> = found.iter().map(|row| json!({ "slug": row.slug, "name": row.name })).collect();
        return Err(Problem::new(Code::CompanyChoice).with("companies", companies));
    }
    let refused = || if waiting { Problem::new(Code::AwaitingApproval) } else { wrong() };
    open.pop().ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn a_name_is_an_email_or_a_user_name() {
        assert_eq!(spoken(" Ana@Aurora.test "), Some("ana@aurora.test".to_owned()));
        assert_eq!(spoken(" Ana.Terra "), Some("ana.terra".to_owned()));
        assert_eq!(spoken("  "), None);
        assert_eq!(spoken("ana@"), None);
    }
}
