//! Links that let somebody in once: to choose a new password, to join, to prove
//! an address. What is handed out is kept nowhere, only its hash.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tenant, Tx, entity::account_link};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Select,
    sea_query::{Expr, ExprTrait},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::refusal::Refused;

/// What a link is for; one for a password opens no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Recovery,
    Invitation,
    /// An account that somebody asked for.
    Registration,
    /// Another address of an account.
    Email,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Invitation => "invitation",
            Self::Registration => "registration",
            Self::Email => "email",
        }
    }
}

/// Whom a link lets in.
#[derive(Clone, Default)]
pub(super) struct Holder {
    pub user: Option<Uuid>,
    pub invitation: Option<Uuid>,
    /// The address the link proves.
    pub email: Option<String>,
    /// Name of an account to be.
    pub name: Option<String>,
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The tenant a token names; the rest of it is looked up there.
pub(super) fn tenant_of(token: &str) -> Option<Tenant> {
    let (tenant, secret) = token.split_once('-')?;
    let good = secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    tenant.parse().ok().filter(|_| good).map(Tenant)
}

/// Makes a link good for so long and returns its token. Earlier ones of the
/// same holder and purpose open nothing any more.
pub(super) async fn make(
    tx: &Tx,
    purpose: Purpose,
    holder: Holder,
    now: DateTime<Utc>,
    life: TimeDelta,
) -> Result<String, Problem> {
    let tenant = tx.tenant().0;
    let mut older = account_link::Entity::update_many()
        .col_expr(account_link::Column::UsedAt, Expr::val(now))
        .filter(account_link::Column::TenantId.eq(tenant))
        .filter(account_link::Column::Purpose.eq(purpose.name()))
        .filter(account_link::Column::UsedAt.is_null());
    older = match (holder.user, holder.invitation) {
        (Some(user), _) => older.filter(account_link::Column::UserId.eq(user)),
        (_, Some(invitation)) => older.filter(account_link::Column::InvitationId.eq(invitation)),
        _ => older.filter(account_link::Column::Email.eq(holder.email.clone())),
    };
    older.exec(&**tx).await.refused()?;
    let secret: [u8; 32] = rand::random();
    let token = format!("{tenant}-{}", hex::encode(secret));
    let row = account_link::ActiveModel {
        tenant_id: Set(tenant),
        id: Set(Uuid::now_v7()),
        purpose: Set(purpose.name().to_owned()),
        user_id: Set(holder.user),
        invitation_id: Set(holder.invitation),
        email: Set(holder.email),
        name: Set(holder.name),
        // Links once held a password that somebody else may have chosen.
        password_hash: Set(None),
        token_hash: Set(hash(&token)),
        created_at: Set(now),
        expires_at: Set(now + life),
        used_at: Set(None),
    };
    account_link::Entity::insert(row).exec_without_returning(&**tx).await.refused()?;
    Ok(token)
}

/// The link of a token while it is good.
pub(super) async fn find(
    tx: &Tx,
    purpose: Purpose,
    token: &str,
    now: DateTime<Utc>,
) -> Result<account_link::Model, Problem> {
    let found = account_link::Entity::find()
        .filter(account_link::Column::TenantId.eq(tx.tenant().0))
        .filter(account_link::Column::TokenHash.eq(hash(token)))
        .filter(account_link::Column::Purpose.eq(purpose.name()))
        .filter(account_link::Column::UsedAt.is_null())
        .filter(account_link::Column::ExpiresAt.gt(now))
        .one(&**tx)
        .await
        .refused()?;
    found.ok_or_else(Problem::not_found)
}

/// Uses a link up; of two at once one is told that it is gone.
pub(super) async fn spend(tx: &Tx, link: &account_link::Model, now: DateTime<Utc>) -> Result<(), Problem> {
    let spent = account_link::Entity::update_many()
        .col_expr(account_link::Column::UsedAt, Expr::val(now))
        .filter(account_link::Column::TenantId.eq(link.tenant_id))
        .filter(account_link::Column::Id.eq(link.id))
        .filter(Expr::col("used_at").is_null());
    let spent = spent.exec(&**tx).await.refused()?;
    if spent.rows_affected == 1 { Ok(()) } else { Err(Problem::not_found()) }
}

/// How many links of a purpose a user was sent since a moment.
pub(super) async fn made_since(tx: &Tx, purpose: Purpose, user: Uuid, since: DateTime<Utc>) -> Result<u64, Problem> {
    made(tx, purpose, since).filter(account_link::Column::UserId.eq(user)).count(&**tx).await.refused()
}

/// The same by the address a link proves.
pub(super) async fn made_for(tx: &Tx, purpose: Purpose, email: &str, since: DateTime<Utc>) -> Result<u64, Problem> {
    made(tx, purpose, since).filter(account_link::Column::Email.eq(email)).count(&**tx).await.refused()
}

fn made(tx: &Tx, purpose: Purpose, since: DateTime<Utc>) -> Select<account_link::Entity> {
    account_link::Entity::find()
        .filter(account_link::Column::TenantId.eq(tx.tenant().0))
        .filter(account_link::Column::Purpose.eq(purpose.name()))
        .filter(account_link::Column::CreatedAt.gt(since))
}

/// Links of a purpose that a user was sent open nothing any more.
pub(super) async fn void(tx: &Tx, purpose: Purpose, user: Uuid, now: DateTime<Utc>) -> Result<(), Problem> {
    let voiding = account_link::Entity::update_many()
        .col_expr(account_link::Column::UsedAt, Expr::val(now))
        .filter(account_link::Column::TenantId.eq(tx.tenant().0))
        .filter(account_link::Column::Purpose.eq(purpose.name()))
        .filter(account_link::Column::UserId.eq(user))
        .filter(account_link::Column::UsedAt.is_null());
    voiding.exec(&**tx).await.refused().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_token_names_a_tenant() {
        let secret = "a".repeat(64);
        assert_eq!(tenant_of(&format!("7-{secret}")), Some(Tenant(7)));
        for wrong in
            ["", "7", "7-", "x-aa", &format!("7-{}", "z".repeat(64)), &format!("x-{secret}"), &format!("7-{secret}0")]
        {
            assert_eq!(tenant_of(wrong), None, "{wrong}");
        }
    }
}
