//! Devices that may leave out the second step for a while.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tx, entity::trusted_device};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Write, identity::Origin, refusal::Refused};

/// How long a device is trusted.
const DAYS: i64 = 30;

fn sha(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Trusts the device of a log-in; the token is for its cookie.
pub(in crate::identity) async fn trust(write: &Write, user: Uuid, origin: &Origin) -> Result<String, Problem> {
    let (id, secret) = (Uuid::now_v7(), hex::encode(rand::random::<[u8; 32]>()));
    let row = trusted_device::ActiveModel {
        tenant_id: Set(write.session.tenant.0),
        id: Set(id),
        user_id: Set(user),
        token_hash: Set(sha(&secret)),
        device: Set(origin.short_device()),
        created_at: Set(write.now),
        expires_at: Set(write.now + TimeDelta::days(DAYS)),
    };
    trusted_device::Entity::insert(row).exec_without_returning(&*write.tx).await.refused()?;
    Ok(format!("{}.{secret}", id.simple()))
}

pub(super) async fn is_trusted(tx: &Tx, user: Uuid, origin: &Origin, now: DateTime<Utc>) -> Result<bool, Problem> {
    let Some((id, secret)) = origin.trusted.as_deref().and_then(|token| token.split_once('.')) else {
        return Ok(false);
    };
    let Ok(id) = Uuid::parse_str(id) else { return Ok(false) };
    let found = trusted_device::Entity::find_by_id((tx.tenant().0, id)).one(&**tx).await.refused()?;
    Ok(found.is_some_and(|row| row.user_id == user && row.expires_at > now && row.token_hash == sha(secret)))
}

/// No device of the user is trusted any more.
pub(in crate::identity) async fn forget_devices(tx: &Tx, user: Uuid) -> Result<(), Problem> {
    let gone = trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::TenantId.eq(tx.tenant().0))
        .filter(trusted_device::Column::UserId.eq(user));
    gone.exec(&**tx).await.refused().map(|_| ())
}
