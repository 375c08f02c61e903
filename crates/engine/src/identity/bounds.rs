//! Nobody hands on more than they hold: not by writing a role, not by giving
//! one to somebody, not by taking over the account of somebody who holds more.

use conexao_domain::{
    identity::role::Scope,
    kernel::{
        problem::{Code, FieldProblem, Problem},
        record::Record,
    },
};
use conexao_storage::Tx;

use super::session::{covered, role_permissions, scope};
use crate::Session;

/// Code of a value that reaches further than the session.
const BEYOND: &str = "beyond_own";

fn beyond(fields: Vec<FieldProblem>) -> Result<(), Problem> {
    if fields.is_empty() { Ok(()) } else { Err(Problem { fields, ..Problem::new(Code::Forbidden) }) }
}

/// Refuses a role that grants what the session does not hold. What it granted
/// before, as far as before, may stay.
pub(crate) fn role_within(session: &Session, before: Option<&Record>, after: &Record) -> Result<(), Problem> {
    let reach = scope(after);
    let known = |permission: &str| {
        let kept = before.filter(|before| reach == Scope::Own || scope(before) == Scope::All);
        kept.is_some_and(|before| before.lines("grants").iter().any(|line| line.text("permission") == Some(permission)))
    };
    let lines = after.lines("grants");
    let fields = lines.iter().enumerate().filter(|(_, line)| !known(line.text("permission").unwrap_or_default()));
    let fields = fields.filter(|(_, line)| !covered(line).iter().all(|permission| session.covers(permission, reach)));
    beyond(fields.map(|(i, _)| FieldProblem::new(format!("grants.{i}.permission"), BEYOND)).collect())
}

/// Refuses to give a user roles that hold more than the session, and to change
/// the log-in of a user who does.
pub(crate) async fn user_within(
    tx: &Tx,
    session: &Session,
    before: Option<&Record>,
    after: &Record,
) -> Result<(), Problem> {
    let had: Vec<Record> = before.map(|before| before.lines("roles")).unwrap_or_default();
    let mut fields = Vec::new();
    for (i, line) in after.lines("roles").into_iter().enumerate() {
        if had.iter().any(|had| had.text("role_id") == line.text("role_id")) {
            continue;
        }
        let mut alone = Record::default();
        alone.set("roles", vec![serde_json::Value::Object(line.0)]);
        if !holds(tx, session, &alone).await? {
            fields.push(FieldProblem::new(format!("roles.{i}.role_id"), BEYOND));
        }
    }
    if let Some(before) = before.filter(|before| before.text("email") != after.text("email"))
        && !holds(tx, session, before).await?
    {
        fields.push(FieldProblem::new("email", BEYOND));
    }
    beyond(fields)
}

/// Refuses to take over the account of a user who holds more than the session.
pub(super) async fn account_within(tx: &Tx, session: &Session, user: &Record) -> Result<(), Problem> {
    if holds(tx, session, user).await? { Ok(()) } else { Err(Problem::new(Code::Forbidden).detail(BEYOND)) }
}

/// Whether the session holds all that the roles of the record grant.
async fn holds(tx: &Tx, session: &Session, record: &Record) -> Result<bool, Problem> {
    let granted = role_permissions(tx, record).await?.unwrap_or_default();
    Ok(granted.iter().all(|(permission, reach)| session.covers(permission, *reach)))
}
