//! Recovery codes: shown once, kept as a keyed hash, each good once.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tenant, Tx, entity::recovery_code};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{Engine, Write, identity::keys::Use, refusal::Refused};

/// How many are made at a time.
const COUNT: usize = 10;
/// Letters and digits of a code: fifty bits.
const LENGTH: usize = 10;
/// Without letters that look like digits.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn mint() -> String {
    let letter = || LETTERS.get(rand::random_range(0..LETTERS.len())).map_or('0', |byte| char::from(*byte));
    let code: String = (0..LENGTH).map(|_| letter()).collect();
    let (first, second) = code.split_at(LENGTH / 2);
    format!("{first}-{second}")
}

/// A code as it is kept, whatever way somebody types it.
fn plain(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    letters
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// Short codes need a key: without the master secret the rows say nothing.
fn hash(engine: &Engine, tenant: Tenant, user: Uuid, code: &str) -> Result<String, Problem> {
    engine.identity.keys.derive(Use::Recovery, &format!("{}:{user}:{}", tenant.0, plain(code)))
}

/// Replaces all codes of a user and returns the new ones.
pub(in crate::identity) async fn renew(engine: &Engine, write: &Write, user: Uuid) -> Result<Vec<String>, Problem> {
    forget(&write.tx, user).await?;
    let codes: Vec<String> = (0..COUNT).map(|_| mint()).collect();
    let tenant = write.session.tenant;
    for code in &codes {
        let row = recovery_code::ActiveModel {
            tenant_id: Set(tenant.0),
            id: Set(Uuid::now_v7()),
            user_id: Set(user),
            code_hash: Set(hash(engine, tenant, user, code)?),
            used_at: Set(None),
        };
        recovery_code::Entity::insert(row).exec_without_returning(&*write.tx).await.refused()?;
    }
    Ok(codes)
}

pub(super) async fn forget(tx: &Tx, user: Uuid) -> Result<(), Problem> {
    let gone = recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::TenantId.eq(tx.tenant().0))
        .filter(recovery_code::Column::UserId.eq(user));
    gone.exec(&**tx).await.refused().map(|_| ())
}

/// How many codes are left.
pub(super) async fn left(tx: &Tx, user: Uuid) -> Result<u64, Problem> {
    let unused = recovery_code::Entity::find()
        .filter(recovery_code::Column::TenantId.eq(tx.tenant().0))
        .filter(recovery_code::Column::UserId.eq(user))
        .filter(recovery_code::Column::UsedAt.is_null());
    unused.count(&**tx).await.refused()
}

/// Uses a code up; `false` when there is no such code any more. One statement,
/// so that of two at once only one succeeds.
pub(super) async fn spend(
    engine: &Engine,
    tx: &Tx,
    user: Uuid,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    if plain(code).len() != LENGTH {
        return Ok(false);
    }
    let spending = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::val(now))
        .filter(recovery_code::Column::TenantId.eq(tx.tenant().0))
        .filter(recovery_code::Column::UserId.eq(user))
        .filter(recovery_code::Column::CodeHash.eq(hash(engine, tx.tenant(), user, code)?))
        .filter(recovery_code::Column::UsedAt.is_null());
    Ok(spending.exec(&**tx).await.refused()?.rows_affected == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(plain("o1l2i-abcde"), "01121ABCDE");
        assert_eq!(plain(" 0112 1ABCDE "), "01121ABCDE");
        let code = mint();
        assert_eq!((code.len(), plain(&code).len()), (LENGTH + 1, LENGTH));
        assert_ne!(code, mint());
    }
}
