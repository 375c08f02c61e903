//! Roles side by side: what each grants and to how many people, in one answer.

use std::collections::HashMap;

use conexao_domain::{identity::role::ROLE, kernel::problem::Problem};
use conexao_storage::Tx;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Session, identity, refusal::Refused};

/// Every role the session may read: `{items: [{id, version, key, name, scope, people, grants: [{permission, scope}]}]}`.
pub async fn table(engine: &Engine, session: &Session) -> Result<Json, Problem> {
    let gate = session.gate(&ROLE, "read")?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut roles = identity::all_roles(&tx).await?;
    roles.retain(|role| gate.reaches(role));
    let people = people(&tx).await?;
    tx.rollback().await.refused()?;
    let shown = roles.iter().map(|role| {
        let grants = role.lines("grants").into_iter().map(
            |line| json!({ "permission": line.get("permission"), "scope": identity::line_scope(role, &line).name() }),
        );
        json!({
            "id": role.id(),
            "version": role.version(),
            "key": role.get("key"),
            "name": role.get("name"),
            "scope": identity::scope(role).name(),
            "people": people.get(role.id()).copied().unwrap_or_default(),
            "grants": grants.collect::<Vec<_>>(),
        })
    });
    Ok(json!({ "items": shown.collect::<Vec<_>>() }))
}

/// How many active people have each role.
async fn people(tx: &Tx) -> Result<HashMap<String, i64>, Problem> {
    let tenant = tx.tenant().0;
    let mut active = identity::active_users(tx);
    active.column("id");
    let mut select = Query::select();
    select
        .column("role_id")
        .expr(Expr::cust("COUNT(DISTINCT user_id)"))
        .from("user_role")
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("user_id").in_subquery(active))
        .add_group_by([Expr::col("role_id")]);
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(String, i64), sea_orm::DbErr> {
        Ok((row.try_get_by_index::<Uuid>(0)?.to_string(), row.try_get_by_index(1)?))
    };
    rows.iter().map(read).collect::<Result<_, _>>().refused()
}
