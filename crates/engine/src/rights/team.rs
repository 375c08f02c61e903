//! Who shares a team with whom, and who may bring people together in one.

use std::collections::{BTreeMap, BTreeSet};

use conexao_domain::{
    identity::{role::Scope, team::TEAM, user::USER},
    kernel::{
        problem::{Code, FieldProblem, Problem},
        record::Record,
    },
};
use conexao_storage::{Tx, table};
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::ids;
use crate::{Session, gate::Permissions, identity, refusal::Refused};

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

/// Refuses to bring people together by whom somebody would gain what the
/// session does not reach by itself. With a newcomer everybody of the team
/// whose roles grant something for the team gains the newcomer's rows, and the
/// newcomer theirs: whoever writes the team holds each such permission for all
/// rows, or reaches those rows with it already. So nobody widens their own
/// reach by a team, unless it covers everything anyway.
pub(crate) async fn within(tx: &Tx, session: &Session, before: Option<&Record>, after: &Record) -> Result<(), Problem> {
    let had: BTreeSet<Uuid> = before.map(places).unwrap_or_default().into_iter().map(|(_, person)| person).collect();
    let places = places(after);
    let people: BTreeSet<Uuid> = places.iter().map(|(_, person)| *person).collect();
    if people.is_subset(&had) {
        return Ok(());
    }
    let wanting = wanting(tx, session, &people).await?;
    if wanting.is_empty() {
        return Ok(());
    }
    let mates: BTreeSet<Uuid> = session.team.iter().copied().collect();
    let reached = |permission: &String, person: Uuid| match session.permissions.get(permission) {
        Some(Scope::All) => true,
        Some(Scope::Team) => person == session.user || mates.contains(&person),
        Some(Scope::Own) => person == session.user,
        None => false,
    };
    let granted = |to: Uuid, of: Uuid| wanting.get(&to).into_iter().flatten().all(|permission| reached(permission, of));
    let fits = |new: Uuid| people.iter().all(|other| *other == new || (granted(new, *other) && granted(*other, new)));
    let beyond = places.iter().filter(|(_, person)| !had.contains(person) && !fits(*person));
    let fields: Vec<_> = beyond.map(|(path, _)| FieldProblem::new(path.clone(), "beyond_own")).collect();
    if fields.is_empty() { Ok(()) } else { Err(Problem { fields, ..Problem::new(Code::Forbidden) }) }
}

/// Who leads and who is in a team, and where the record says so.
fn places(team: &Record) -> Vec<(String, Uuid)> {
    let id = |record: &Record, field: &str| record.text(field).and_then(|id| Uuid::parse_str(id).ok());
    let leader = id(team, "leader_id").map(|leader| ("leader_id".to_owned(), leader));
    let lines = team.lines("members");
    let members = lines.iter().enumerate();
    let members = members.filter_map(|(i, line)| Some((format!("members.{i}.user_id"), id(line, "user_id")?)));
    leader.into_iter().chain(members).collect()
}

/// What each of the people holds for their team that the session does not hold
/// for all rows; nobody who holds no such thing.
async fn wanting(
    tx: &Tx,
    session: &Session,
    people: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<String>>, Problem> {
    let ids: Vec<Uuid> = people.iter().copied().collect();
    let mut users = table::by_ids(tx, &USER, &ids, false).await.refused()?;
    table::fill(tx, &USER, &mut users).await.refused()?;
    let (roles, known) = (identity::all_roles(tx).await?, session.house.permissions());
    let mut found = BTreeMap::new();
    for user in &users {
        let lines = user.lines("roles");
        let own = roles.iter().filter(|role| lines.iter().any(|line| line.text("role_id") == Some(role.id())));
        let held = identity::granted(own, &known).into_iter();
        let team = held.filter(|(permission, scope)| *scope == Scope::Team && !session.covers(permission, Scope::All));
        let team: BTreeSet<String> = team.map(|(permission, _)| permission).collect();
        if let Some(id) = Uuid::parse_str(user.id()).ok().filter(|_| !team.is_empty()) {
            found.insert(id, team);
        }
    }
    Ok(found)
}
