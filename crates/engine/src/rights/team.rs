//! Who shares a team with whom.

use conexao_domain::{
    identity::{role::Scope, team::TEAM},
    kernel::problem::Problem,
};
use conexao_storage::Tx;
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::ids;
use crate::gate::Permissions;

/// Members of teams, one a row.
const MEMBERS: &str = "team_member";

/// The team mates a session needs: none where nothing is granted for the team.
pub(crate) async fn team_for(tx: &Tx, user: Uuid, permissions: &Permissions) -> Result<Vec<Uuid>, Problem> {
    if permissions.values().any(|scope| *scope == Scope::Team) { mates(tx, user).await } else { Ok(Vec::new()) }
}

/// Everybody who leads or is in a live team that the user leads or is in.
pub(super) async fn mates(tx: &Tx, user: Uuid) -> Result<Vec<Uuid>, Problem> {
    let tenant = tx.tenant().0;
    let mut members = Query::select();
    members
        .column("user_id")
        .from(MEMBERS)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("team_id").in_subquery(teams_of(tenant, user)));
    let mut leaders = Query::select();
    leaders
        .column("leader_id")
        .from(TEAM.table)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("id").in_subquery(teams_of(tenant, user)))
        .and_where(Expr::col("leader_id").is_not_null());
    ids(tx, members.union(UnionType::Distinct, leaders)).await
}

fn teams_of(tenant: i32, user: Uuid) -> SelectStatement {
    let mut joined = Query::select();
    joined
        .column("team_id")
        .from(MEMBERS)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("user_id").eq(user));
    let mut teams = Query::select();
    teams
        .column("id")
        .from(TEAM.table)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("deleted_at").is_null())
        .cond_where(Condition::any().add(Expr::col("leader_id").eq(user)).add(Expr::col("id").in_subquery(joined)));
    teams
}
