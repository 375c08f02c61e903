//! Who has a second factor, and who has to.

use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::{role::ROLE, user::USER},
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
};
use conexao_storage::{Tx, entity::second_factor, table};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::codes;
use crate::{Engine, Session, refusal::Refused};

/// How a user stands with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Since when log-in has a second step.
    pub since: Option<DateTime<Utc>>,
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
    let required = demanded(&roles(&tx, &user).await?);
    let since = since(&tx, session.user).await?;
    let codes = codes::left(&tx, session.user).await?;
    tx.rollback().await.refused()?;
    Ok(Standing { since, required, codes })
}

async fn since(tx: &Tx, user: Uuid) -> Result<Option<DateTime<Utc>>, Problem> {
    let found = second_factor::Entity::find_by_id((tx.tenant().0, user)).one(&**tx).await.refused()?;
    Ok(found.and_then(|factor| factor.confirmed_at))
}

async fn roles(tx: &Tx, user: &Record) -> Result<Vec<Record>, Problem> {
    let ids: Vec<Uuid> = user.lines("roles").iter().filter_map(|l| Uuid::parse_str(l.text("role_id")?).ok()).collect();
    table::by_ids(tx, &ROLE, &ids, false).await.refused()
}

fn demanded(roles: &[Record]) -> bool {
    roles.iter().any(|role| role.get("requires_two_factor").as_bool() == Some(true))
}

/// Whether a role of the user demands a factor and there is none.
pub(in crate::identity) async fn missing(tx: &Tx, user: Uuid, record: &Record) -> Result<bool, Problem> {
    Ok(demanded(&roles(tx, record).await?) && since(tx, user).await?.is_none())
}
