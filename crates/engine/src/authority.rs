//! What nobody may hand on: records that give power, roles, users with them
//! and teams of users, and those that act by themselves, tokens and webhooks, reach no
//! further than whoever makes or changes them.

use conexao_domain::{
    identity::{
        absence::ABSENCE,
        api_token::API_TOKEN,
        invitation::INVITATION,
        role::{ROLE, covers},
        team::TEAM,
        user::USER,
    },
    integration::{message::MESSAGE, webhook::WEBHOOK},
    kernel::{
        problem::{Code, FieldProblem, Problem},
        record::Record,
        resource::Resource,
    },
    registry,
};
use conexao_storage::{Tx, table};
use uuid::Uuid;

use crate::{Session, identity, refusal::Refused, rights, tokens, webhooks, write::Next};

/// Refuses a record that would reach further than the session.
pub(crate) async fn check(
    tx: &Tx,
    session: &Session,
    resource: &Resource,
    before: Option<&Record>,
    after: &Record,
) -> Result<(), Problem> {
    if resource.name == API_TOKEN.name {
        tokens::within(tx, session, before, after).await
    } else if resource.name == WEBHOOK.name {
        webhooks::within(session, before, after)
    } else if resource.name == ROLE.name {
        known_here(session, after)?;
        identity::role_within(session, before, after)
    } else if resource.name == USER.name {
        identity::user_within(tx, session, before, after).await?;
        match before {
            Some(before) => identity::changeable(tx, session, before).await,
            None => Ok(()),
        }
    } else if resource.name == INVITATION.name {
        identity::invitable(tx, after).await?;
        identity::user_within(tx, session, before, after).await
    } else if resource.name == ABSENCE.name {
        rights::absence_within(tx, session, before, after).await
    } else if resource.name == TEAM.name {
        rights::team_within(tx, session, before, after).await
    } else {
        Ok(())
    }
}

/// Refuses to bring back what may no longer be as it was.
pub(crate) async fn check_revival(
    tx: &Tx,
    session: &Session,
    resource: &Resource,
    record: &Record,
) -> Result<(), Problem> {
    if resource.name == ABSENCE.name {
        rights::absence_within(tx, session, None, record).await
    } else if resource.name == TEAM.name {
        rights::team_within(tx, session, None, record).await
    } else if resource.name == USER.name {
        identity::changeable(tx, session, record).await
    } else {
        Ok(())
    }
}

/// Refuses to remove what the session could not even change.
pub(crate) async fn check_removal(
    tx: &Tx,
    session: &Session,
    resource: &Resource,
    record: &Record,
) -> Result<(), Problem> {
    if resource.name == USER.name { identity::changeable(tx, session, record).await } else { Ok(()) }
}

/// The same for many, which are looked up only where it matters.
pub(crate) async fn check_removals(
    tx: &Tx,
    session: &Session,
    resource: &'static Resource,
    ids: &[Uuid],
) -> Result<(), Problem> {
    if resource.name != USER.name {
        return Ok(());
    }
    let mut records = table::by_ids(tx, resource, ids, false).await.refused()?;
    table::fill(tx, resource, &mut records).await.refused()?;
    for record in &records {
        check_removal(tx, session, resource, record).await?;
    }
    Ok(())
}

/// The operator's permissions exist in the operator's tenant alone: elsewhere
/// no role can be given one.
fn known_here(session: &Session, role: &Record) -> Result<(), Problem> {
    let known = session.house.permissions();
    let lines = role.lines("grants");
    let nothing = |line: &Record| {
        let grant = line.text("permission").unwrap_or_default();
        !known.iter().any(|permission| covers(grant, permission))
    };
    let unknown = lines.iter().enumerate().filter(|(_, line)| nothing(line));
    let fields: Vec<_> =
        unknown.map(|(i, _)| FieldProblem::new(format!("grants.{i}.permission"), "permission")).collect();
    if fields.is_empty() { Ok(()) } else { Err(Problem::fields(fields)) }
}

/// The same for one of many. Records that have a secret are made one by one,
/// because only then is there an answer that can show it.
pub(crate) async fn check_many(tx: &Tx, session: &Session, resource: &Resource, next: &Next) -> Result<(), Problem> {
    match next {
        // Who stands in for whom is decided one by one, each against all others.
        Next::New(_) | Next::Changed { .. } if resource.name == ABSENCE.name => {
            Err(Problem::new(Code::Forbidden).detail("absence.import"))
        }
        // A file of addresses is no way to write to many people.
        Next::New(_) if registry::secret_of(resource.name).is_some() || resource.name == MESSAGE.name => {
            Err(Problem::new(Code::Forbidden).detail(format!("{}.create", resource.name)))
        }
        Next::New(record) => check(tx, session, resource, None, record).await,
        Next::Changed { current, next } => check(tx, session, resource, Some(current), next).await,
    }
}
