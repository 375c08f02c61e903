//! Codes of an authenticator application (RFC 6238): six digits, new each half
//! minute, one step of tolerance to either side.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::{
    Tx,
    entity::{second_factor, secret},
};
use qrcode::{QrCode, render::svg};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use crate::{Engine, Write, refusal::Refused, secrets};

/// Under this name the secrets are kept, where a new master key finds them.
pub(crate) const RESOURCE: &str = "two_factor";
/// Who made the code, as authenticator applications show it.
const ISSUER: &str = "Conexão";
/// Width of the picture in pixels.
const PICTURE: u32 = 208;

fn internal<E>(_: E) -> Problem {
    Problem::new(Code::Internal)
}

/// A new secret in base 32.
pub(super) fn mint() -> String {
    Secret::generate().to_base32()
}

pub(super) fn totp(secret: &str, account: &str) -> Result<Totp, Problem> {
    let secret = Secret::try_from_base32(secret).map_err(internal)?;
    let builder = Builder::new().with_secret(secret).with_skew(1);
    builder.with_account_name(account).with_issuer(Some(ISSUER)).build().map_err(internal)
}

/// What an authenticator application reads, and its picture.
pub(super) fn picture(secret: &str, account: &str) -> Result<(String, String), Problem> {
    let uri = totp(secret, account)?.to_url().map_err(internal)?;
    let code = QrCode::new(uri.as_bytes()).map_err(internal)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(PICTURE, PICTURE).build();
    Ok((uri, picture))
}

/// Keeps the secret of a user, encrypted; one that was there is gone.
pub(super) async fn keep(engine: &Engine, write: &Write, user: Uuid, text: &str) -> Result<(), Problem> {
    forget(&write.tx, user).await?;
    let (tenant, id) = (write.session.tenant, Uuid::now_v7());
    let row = secret::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(id),
        resource: Set(RESOURCE.to_owned()),
        record_id: Set(user),
        kept: Set(engine.vault.seal(text, &secrets::place(tenant, id))?),
        created_at: Set(write.now),
        expires_at: Set(None),
    };
    secret::Entity::insert(row).exec_without_returning(&*write.tx).await.refused().map(|_| ())
}

pub(super) async fn forget(tx: &Tx, user: Uuid) -> Result<(), Problem> {
    let gone = secret::Entity::delete_many()
        .filter(secret::Column::TenantId.eq(tx.tenant().0))
        .filter(secret::Column::Resource.eq(RESOURCE))
        .filter(secret::Column::RecordId.eq(user));
    gone.exec(&**tx).await.refused().map(|_| ())
}

/// The factor of a user, held against others who use it at the same time.
pub(super) async fn held(tx: &Tx, user: Uuid) -> Result<Option<second_factor::Model>, Problem> {
    let found = second_factor::Entity::find_by_id((tx.tenant().0, user)).lock_exclusive();
    found.one(&**tx).await.refused()
}

/// Uses a code up; `false` when it is wrong or was used before.
pub(super) async fn spend(
    engine: &Engine,
    tx: &Tx,
    factor: second_factor::Model,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    let Some(secret) = secrets::sealed(engine, tx, factor.user_id, now).await?.into_iter().next() else {
        return Ok(false);
    };
    let moment = u64::try_from(now.timestamp()).map_err(internal)?;
    let step = totp(&secret, "-")?.check(code, moment).and_then(|step| i64::try_from(step).ok());
    // A code that somebody looked on at is worth nothing: each step counts once.
    let Some(step) = step.filter(|step| *step > factor.last_step) else { return Ok(false) };
    let mut row = factor.into_active_model();
    row.last_step = Set(step);
    row.update(&**tx).await.refused()?;
    Ok(true)
}
