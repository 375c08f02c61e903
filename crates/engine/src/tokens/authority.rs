//! A token may never hold more than whoever makes or changes it.

use conexao_domain::{
    identity::role::{Scope, covers},
    kernel::{
        problem::{Code, FieldProblem, Problem},
        record::Record,
    },
};
use conexao_storage::Tx;

use super::session::scoped;
use crate::{Session, identity};

/// Service tokens outlive the person who made them, so they are settings.
const SERVICE: &str = "settings.manage";

/// Refuses a token that would hold what the session does not.
pub(crate) async fn within(tx: &Tx, session: &Session, before: Option<&Record>, after: &Record) -> Result<(), Problem> {
    if after.text("kind") == Some("service") {
        session.require(SERVICE)?;
    }
    let same = |field: &str| before.is_some_and(|before| before.get(field) == after.get(field));
    if ["scopes", "roles", "kind"].iter().all(|field| same(field)) {
        return Ok(());
    }
    let roles = identity::role_permissions(tx, after).await?;
    let wanted = scoped(after, roles.as_ref());
    // A personal token is confined to its owner's rows at every use.
    let personal = after.text("kind") == Some("personal");
    let beyond: Vec<&String> = wanted
        .iter()
        // A service token has nothing of its own to be confined to.
        .filter(|(permission, reach)| !session.covers(permission, if personal { Scope::Own } else { **reach }))
        .map(|(permission, _)| permission)
        .collect();
    let scopes = after.lines("scopes");
    let beyond = scopes.iter().enumerate().filter_map(|(i, line)| {
        let scope = line.text("permission")?;
        let too_far = beyond.iter().any(|permission| covers(scope, permission));
        too_far.then(|| FieldProblem::new(format!("scopes.{i}.permission"), "beyond_own"))
    });
    let beyond: Vec<FieldProblem> = beyond.collect();
    if beyond.is_empty() { Ok(()) } else { Err(Problem { fields: beyond, ..Problem::new(Code::Forbidden) }) }
}
