//! No company without somebody who looks after it: whatever changes people and
//! roles leaves at least one active user who can put both right again.

use std::collections::{BTreeSet, HashMap};

use conexao_domain::{
    identity::{
        role::{ROLE, Scope},
        user::USER,
    },
    kernel::{
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
};
use conexao_storage::Tx;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{explain::all_roles, session::granted, who::active_users};
use crate::{Session, audit, refusal::Refused};

/// What an administrator holds for all rows.
const NEEDED: &[&str] = &["role.update", "user.update", "settings.manage"];

/// A look at the company before a change, to compare with after it.
#[derive(Debug)]
#[must_use = "the change is refused at the end of the watch"]
pub(crate) struct Watch {
    /// Whether somebody was there who could be the last one.
    had: bool,
}

impl Watch {
    /// Before whatever may remove or change records of a resource. The system
    /// itself is not watched: whoever runs it can help.
    pub(crate) async fn begin(tx: &Tx, session: &Session, resource: &Resource) -> Result<Self, Problem> {
        let concerns = resource.name == USER.name || resource.name == ROLE.name;
        Ok(Self { had: concerns && session.user_id().is_some() && any(tx).await? })
    }

    /// The same before one change, which is looked at only if it is about power.
    pub(crate) async fn change(
        tx: &Tx,
        session: &Session,
        resource: &Resource,
        before: &Record,
        after: &Record,
    ) -> Result<Self, Problem> {
        let power = ["status", "roles", "grants", "scope"].iter().any(|field| before.get(field) != after.get(field));
        if power { Self::begin(tx, session, resource).await } else { Ok(Self { had: false }) }
    }

    /// After the change, before its commit.
    pub(crate) async fn end(self, tx: &Tx) -> Result<(), Problem> {
        if !self.had {
            return Ok(());
        }
        // Two who suspend each other at once go one after the other from here:
        // the second sees what the first did.
        audit::hold(tx).await?;
        if any(tx).await? { Ok(()) } else { Err(Problem::new(Code::StepRefused).detail("last_administrator")) }
    }
}

/// Whether an active user holds all of it by their roles together.
async fn any(tx: &Tx) -> Result<bool, Problem> {
    let needed: Vec<String> = NEEDED.iter().map(|permission| (*permission).to_owned()).collect();
    let mut helping: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
    for role in all_roles(tx).await? {
        let held = granted([&role], &needed).into_iter().filter(|(_, scope)| *scope == Scope::All);
        let held: BTreeSet<String> = held.map(|(permission, _)| permission).collect();
        if let Some(id) = Uuid::parse_str(role.id()).ok().filter(|_| !held.is_empty()) {
            helping.insert(id, held);
        }
    }
    let mut people: HashMap<Uuid, BTreeSet<&String>> = HashMap::new();
    for (user, role) in holders(tx, helping.keys().copied().collect()).await? {
        let held = people.entry(user).or_default();
        held.extend(helping.get(&role).into_iter().flatten());
        if held.len() == NEEDED.len() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Active users with one of the roles: user, role.
async fn holders(tx: &Tx, roles: Vec<Uuid>) -> Result<Vec<(Uuid, Uuid)>, Problem> {
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let mut active = active_users(tx);
    active.column("id");
    let mut select = Query::select();
    select
        .columns(["user_id", "role_id"])
        .from("user_role")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("role_id").is_in(roles))
        .and_where(Expr::col("user_id").in_subquery(active));
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, Uuid), sea_orm::DbErr> {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
    };
    rows.iter().map(read).collect::<Result<_, _>>().refused()
}
