//! A verification whose outcome is kept and, when the chain is broken, told.

use conexao_domain::{
    identity::{role::covers, user::USER},
    kernel::problem::Problem,
    locale::{self, Locale},
};
use conexao_storage::{Tenant, Tx, entity::audit_head};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use super::{CHAIN, READ, Verified, verify};
use crate::{
    Engine,
    notify::{self, Told},
    refusal::Refused,
};

/// Verifies the tenant's chain, keeps what was found, and tells whoever may
/// read the audit when an entry does not fit; of the same entry once.
pub async fn check(engine: &Engine, tenant: Tenant) -> Result<Verified, Problem> {
    let verified = verify(engine, tenant).await?;
    let tx = engine.db.write(tenant).await.refused()?;
    let found = audit_head::ActiveModel {
        verified_at: Set(Some(engine.now())),
        verified_seq: Set(Some(verified.entries)),
        broken_at: Set(verified.broken_at),
        ..Default::default()
    };
    audit_head::Entity::update_many()
        .set(found)
        .filter(audit_head::Column::TenantId.eq(tenant.0))
        .filter(audit_head::Column::Chain.eq(CHAIN))
        .exec(&*tx)
        .await
        .refused()?;
    let mut events = Vec::new();
    if let Some(seq) = verified.broken_at {
        let readers = readers(&tx).await?;
        let told = readers.into_iter().map(|(user, language)| wording(user, language, seq));
        events = notify::tell(engine, &tx, engine.now(), told.collect()).await?;
    }
    tx.commit().await.refused()?;
    engine.hub.publish(&engine.db, events).await;
    Ok(verified)
}

fn wording(user: Uuid, language: Locale, seq: i64) -> Told {
    Told {
        user,
        category: "audit".to_owned(),
        event: "audit.broken".to_owned(),
        title: locale::text(language, "audit.broken"),
        body: locale::text(language, "audit.broken.entry").replace("{seq}", &seq.to_string()),
        resource: None,
        record_id: None,
        source: format!("audit.broken.{seq}"),
    }
}

/// Active users with a role that grants reading the audit, and their language.
async fn readers(tx: &Tx) -> Result<Vec<(Uuid, Locale)>, Problem> {
    let tenant = tx.tenant().0;
    let of_tenant = |table: &'static str, columns: &[&'static str]| -> SelectStatement {
        let mut select = Query::select();
        select.columns(columns.iter().copied()).from(table).and_where(Expr::col("tenant_id").eq(tenant));
        select
    };
    let mut grants = Vec::new();
    for row in tx.query_all(&of_tenant("role_grant", &["role_id", "permission"])).await.refused()? {
        let (role, grant): (Uuid, String) = (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        if covers(&grant, READ) {
            grants.push(role);
        }
    }
    let mut roles = of_tenant("role", &["id"]);
    roles.and_where(Expr::col("deleted_at").is_null()).and_where(Expr::col("id").is_in(grants));
    let mut holders = of_tenant("user_role", &["user_id"]);
    holders.and_where(Expr::col("role_id").in_subquery(roles));
    let mut users = of_tenant(USER.table, &["id", "locale"]);
    users
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(Expr::col("id").in_subquery(holders));
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, Locale), Problem> {
        let language: String = row.try_get_by_index(1).refused()?;
        let language = if language == Locale::En.tag() { Locale::En } else { Locale::PtBr };
        Ok((row.try_get_by_index(0).refused()?, language))
    };
    tx.query_all(&users).await.refused()?.iter().map(read).collect()
}
