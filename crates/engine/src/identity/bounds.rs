//! Nobody hands on more than they hold: not by writing a role, not by giving
//! one to somebody, not by taking over the account of somebody who holds more.
//! Nor does anybody take power away that is greater than theirs: who holds more
//! is neither demoted nor suspended nor removed.

use conexao_domain::{
    identity::role::Scope,
    kernel::{
        problem::{Code, FieldProblem, Problem},
        record::Record,
    },
};
use conexao_storage::Tx;

use super::session::{covered, granted, line_scope, roles_of};
use crate::Session;

/// Code of a value that reaches further than the session.
const BEYOND: &str = "beyond_own";

fn beyond(fields: Vec<FieldProblem>) -> Result<(), Problem> {
    if fields.is_empty() { Ok(()) } else { Err(Problem { fields, ..Problem::new(Code::Forbidden) }) }
}

/// Refuses a role that grants what the session does not hold. What it granted
/// before, as far as before, may stay.
pub(crate) fn role_within(session: &Session, before: Option<&Record>, after: &Record) -> Result<(), Problem> {
    let before: Vec<(String, Scope)> = before.map(grants).unwrap_or_default();
    let kept = |permission: &str, reach: Scope| before.iter().any(|(known, was)| known == permission && *was >= reach);
    let (lines, known) = (after.lines("grants"), session.house.permissions());
    let beyond_own = lines.iter().enumerate().filter(|(_, line)| {
        let (permission, reach) = (line.text("permission").unwrap_or_default(), line_scope(after, line));
        !kept(permission, reach) && !covered(line, &known).iter().all(|permission| session.covers(permission, reach))
    });
    beyond(beyond_own.map(|(i, _)| FieldProblem::new(format!("grants.{i}.permission"), BEYOND)).collect())
}

/// The grants of a role with the rows each reaches.
fn grants(role: &Record) -> Vec<(String, Scope)> {
    let line = |line: &Record| (line.text("permission").unwrap_or_default().to_owned(), line_scope(role, line));
    role.lines("grants").iter().map(line).collect()
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
    if holds(tx, session, user).await? { Ok(()) } else { Err(Problem::new(Code::Forbidden).detail("beyond_own")) }
}

/// Refuses to change a user who holds more than the session, in any way:
/// their roles, their state, their name, whether they are there at all.
/// Oneself is nobody else, as long as no token stands in between.
pub(crate) async fn changeable(tx: &Tx, session: &Session, user: &Record) -> Result<(), Problem> {
    if session.in_person().is_ok_and(|own| own.to_string() == user.id()) {
        return Ok(());
    }
    account_within(tx, session, user).await
}

/// Whether the session holds all that the roles of the record grant, of the
/// permissions there are in its company.
pub(crate) async fn holds(tx: &Tx, session: &Session, record: &Record) -> Result<bool, Problem> {
    let granted = granted(&roles_of(tx, record).await?, &session.house.permissions());
    Ok(granted.iter().all(|(permission, reach)| session.covers(permission, *reach)))
}
