//! Why somebody may or may not do something: the roles that grant it, with the
//! grants that cover it and how far they reach, what stands in between, and who
//! else could.

use conexao_domain::{
    identity::{
        role::{ROLE, Scope, covers},
        user::USER,
    },
    kernel::{problem::Problem, record::Record},
};
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::session::{lacks_factor, line_scope, scope};
use crate::{Engine, Session, gate::Standing, refusal::Refused, rights};

/// What decides whether `user` (the session's own unless told) holds `permission`.
pub async fn explain(
    engine: &Engine,
    session: &Session,
    user: Option<Uuid>,
    permission: &str,
) -> Result<Json, Problem> {
    session.gate(&ROLE, "read")?;
    let id = user.unwrap_or(session.user);
    // The operator's company has permissions of its own.
    if !session.house.permissions().iter().any(|known| known == permission) {
        return Err(Problem::field("permission", "permission"));
    }
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut users = table::by_ids(&tx, &USER, &[id], false).await.refused()?;
    if id != session.user {
        let gate = session.gate(&USER, "read")?;
        users.retain(|user| gate.reaches(user));
    }
    table::fill(&tx, &USER, &mut users).await.refused()?;
    let user = users.pop().ok_or_else(Problem::not_found)?;
    let roles = all_roles(&tx).await?;
    let today = engine.now().with_timezone(&session.time_zone).date_naive();
    let standing = rights::standing(&tx, id, today).await?;
    let must_enrol = lacks_factor(&tx, id, &user).await?;
    tx.rollback().await.refused()?;
    Ok(told(&user, &roles, &standing, must_enrol, permission))
}

/// Every role of the tenant, with its grants.
pub(crate) async fn all_roles(tx: &Tx) -> Result<Vec<Record>, Problem> {
    let mut select = Query::select();
    select
        .column("id")
        .from(ROLE.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_null());
    let rows = tx.query_all(&select).await.refused()?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>().refused()?;
    let mut roles = table::by_ids(tx, &ROLE, &ids, false).await.refused()?;
    table::fill(tx, &ROLE, &mut roles).await.refused()?;
    roles.sort_by_cached_key(|role| role.text("name").unwrap_or_default().to_lowercase());
    Ok(roles)
}

/// With `must_enrol` nothing goes before there is a second factor.
fn told(user: &Record, roles: &[Record], standing: &[Standing], must_enrol: bool, permission: &str) -> Json {
    let lines = user.lines("roles");
    let has = |role: &Record| lines.iter().any(|line| line.text("role_id") == Some(role.id()));
    let (held, others): (Vec<&Record>, Vec<&Record>) = roles.iter().partition(|role| has(role));
    let active = user.text("status") == Some("active");
    let own = held.iter().filter_map(|role| reach(role, permission)).max();
    let lent: Vec<(&Standing, Scope)> =
        standing.iter().filter_map(|s| Some((s, *s.permissions.get(permission)?))).collect();
    let widest = own.into_iter().chain(lent.iter().map(|(_, scope)| *scope)).max();
    let missing = match (active, widest) {
        (false, _) => Some("suspended"),
        (true, None) => Some("role"),
        (true, Some(_)) => must_enrol.then_some("second_factor"),
    };
    let others = others.into_iter().filter(|role| reach(role, permission).is_some());
    let lent = lent.iter().map(|(standing, scope)| {
        json!({ "id": standing.user, "name": standing.name, "until": standing.until, "scope": scope.name() })
    });
    json!({
        "user": { "id": user.id(), "name": user.text("name"), "status": user.text("status") },
        "permission": permission,
        "allowed": missing.is_none(),
        "scope": widest.filter(|_| missing.is_none()).map(Scope::name),
        "missing": missing,
        "roles": held.iter().map(|role| shown(role, permission)).collect::<Vec<_>>(),
        "standing_in": lent.collect::<Vec<_>>(),
        "would_grant": others.map(|role| shown(role, permission)).collect::<Vec<_>>(),
    })
}

/// A role's grants that cover the permission, each with the rows it reaches.
pub(crate) fn covering(role: &Record, permission: &str) -> Vec<(String, Scope)> {
    let lines = role.lines("grants");
    let grants = lines.iter().filter_map(|line| Some((line.text("permission")?.to_owned(), line_scope(role, line))));
    grants.filter(|(grant, _)| covers(grant, permission)).collect()
}

/// The widest rows a role reaches with a permission.
fn reach(role: &Record, permission: &str) -> Option<Scope> {
    covering(role, permission).into_iter().map(|(_, scope)| scope).max()
}

fn shown(role: &Record, permission: &str) -> Json {
    json!({
        "id": role.id(),
        "name": role.text("name"),
        "scope": reach(role, permission).unwrap_or_else(|| scope(role)).name(),
        "grants": covering(role, permission).into_iter().map(|(grant, _)| grant).collect::<Vec<_>>(),
    })
}
