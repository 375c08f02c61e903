//! What nobody may hand on: records that give power, roles and users with
//! them, and those that act by themselves, tokens and webhooks, reach no
//! further than whoever makes or changes them.

use conexao_domain::{
    identity::{api_token::API_TOKEN, invitation::INVITATION, role::ROLE, user::USER},
    integration::{message::MESSAGE, webhook::WEBHOOK},
    kernel::{
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    registry,
};
use conexao_storage::Tx;

use crate::{Session, identity, tokens, webhooks, write::Next};

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
        identity::role_within(session, before, after)
    } else if resource.name == USER.name {
        identity::user_within(tx, session, before, after).await
    } else if resource.name == INVITATION.name {
        identity::invitable(tx, after).await?;
        identity::user_within(tx, session, before, after).await
    } else {
        Ok(())
    }
}

/// The same for one of many. Records that have a secret are made one by one,
/// because only then is there an answer that can show it.
pub(crate) async fn check_many(tx: &Tx, session: &Session, resource: &Resource, next: &Next) -> Result<(), Problem> {
    match next {
        // A file of addresses is no way to write to many people.
        Next::New(_) if registry::secret_of(resource.name).is_some() || resource.name == MESSAGE.name => {
            Err(Problem::new(Code::Forbidden).detail(format!("{}.create", resource.name)))
        }
        Next::New(record) => check(tx, session, resource, None, record).await,
        Next::Changed { current, next } => check(tx, session, resource, Some(current), next).await,
    }
}
