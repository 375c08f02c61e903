//! Who has a second factor, and who has to.

use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::user::USER,
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
};
use conexao_storage::{Tx, entity::second_factor, table};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{codes, forget_devices};
use crate::{
    Engine, Session,
    identity::{passkey, session::roles_of},
    refusal::Refused,
};

/// How a user stands with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Since when an authenticator application makes codes.
    pub since: Option<DateTime<Utc>>,
    /// Passkeys that can answer the second step.
    pub passkeys: u64,
    /// Whether a role demands it.
    pub required: bool,
    /// Recovery codes that are left.
    pub codes: u64,
}

/// How the acting user stands.
pub async fn standing(engine: &Engine, session: &Session) -> Result<Standing, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut users = table::by_ids(&tx, &USER, &[session.user], false).await.refused()?;
    table::fill(&tx, &USER, &mut users).await.refused()?;
    let user = users.pop().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let required = demanded(&roles_of(&tx, &user).await?);
    let Factors { since, passkeys } = factors(&tx, session.user).await?;
    let codes = codes::left(&tx, session.user).await?;
    tx.rollback().await.refused()?;
    Ok(Standing { since, passkeys, required, codes })
}

/// What a user can answer the second step with, apart from recovery codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) struct Factors {
    /// Since when an authenticator application makes codes.
    pub since: Option<DateTime<Utc>>,
    pub passkeys: u64,
}

impl Factors {
    pub(in crate::identity) const fn any(&self) -> bool {
        self.since.is_some() || self.passkeys > 0
    }
}

/// The factors of a user as the transaction sees them.
pub(in crate::identity) async fn factors(tx: &Tx, user: Uuid) -> Result<Factors, Problem> {
    let found = second_factor::Entity::find_by_id((tx.tenant().0, user)).one(&**tx).await.refused()?;
    let since = found.and_then(|factor| factor.confirmed_at);
    Ok(Factors { since, passkeys: passkey::count(tx, user).await? })
}

/// After a factor was taken away: the last one may not go where a role demands
/// one, and with it go recovery codes and trust in devices.
pub(in crate::identity) async fn settle(tx: &Tx, user: Uuid) -> Result<(), Problem> {
    if factors(tx, user).await?.any() {
        return Ok(());
    }
    let mut found = table::by_ids(tx, &USER, &[user], false).await.refused()?;
    table::fill(tx, &USER, &mut found).await.refused()?;
    if let Some(record) = found.pop()
        && demanded(&roles_of(tx, &record).await?)
    {
        return Err(Problem::new(Code::LastFactor));
    }
    codes::forget(tx, user).await?;
    forget_devices(tx, user).await
}

fn demanded(roles: &[Record]) -> bool {
    roles.iter().any(|role| role.get("requires_two_factor").as_bool() == Some(true))
}

/// Whether one of the roles demands a factor of the user and there is none.
pub(in crate::identity) async fn missing(tx: &Tx, user: Uuid, roles: &[Record]) -> Result<bool, Problem> {
    Ok(demanded(roles) && !factors(tx, user).await?.any())
}
