//! Keys as they are kept, and whether one signed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use conexao_domain::{
    identity::user::USER,
    kernel::problem::{Code, Problem},
};
use conexao_storage::{Tx, entity::passkey};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PublicKeyCredential, WebauthnError,
};

use super::{
    ceremony::{self, Ceremony, Purpose},
    party::party,
};
use crate::{
    Engine, Write,
    identity::notice::{self, News},
    journal::Entry,
    refusal::Refused,
};

fn internal<E>(_: E) -> Problem {
    Problem::new(Code::Internal)
}

/// A credential's id as it is kept.
pub(super) fn written(id: &[u8]) -> String {
    hex::encode(id)
}

pub(super) fn of_user(tenant: i32, user: Uuid) -> Select<passkey::Entity> {
    passkey::Entity::find()
        .filter(passkey::Column::TenantId.eq(tenant))
        .filter(passkey::Column::UserId.eq(user))
        .order_by_asc(passkey::Column::Id)
}

/// The keys of a user.
pub(in crate::identity) async fn of(tx: &Tx, user: Uuid) -> Result<Vec<passkey::Model>, Problem> {
    of_user(tx.tenant().0, user).all(&**tx).await.refused()
}

/// How many keys a user can prove themselves with.
pub(in crate::identity) async fn count(tx: &Tx, user: Uuid) -> Result<u64, Problem> {
    of_user(tx.tenant().0, user).filter(passkey::Column::BlockedAt.is_null()).count(&**tx).await.refused()
}

/// All keys of a user go.
pub(in crate::identity) async fn forget_all(tx: &Tx, user: Uuid) -> Result<(), Problem> {
    let gone = passkey::Entity::delete_many()
        .filter(passkey::Column::TenantId.eq(tx.tenant().0))
        .filter(passkey::Column::UserId.eq(user));
    gone.exec(&**tx).await.refused().map(|_| ())
}

pub(super) fn entry(user: Uuid, action: &str, name: Json) -> Entry {
    let changes = Map::from_iter([("passkey".to_owned(), name)]);
    Entry { resource: USER.name, record_id: Some(user), action: action.to_owned(), changes }
}

/// Asks the keys of a user, or any key, for a signature.
pub(in crate::identity) async fn signing(
    engine: &Engine,
    purpose: Purpose,
    owner: String,
    keys: &[passkey::Model],
) -> Result<Ceremony, Problem> {
    let (options, state) = party(engine)?.start_discoverable_authentication().map_err(internal)?;
    let mut asked = ceremony::ask(engine, purpose, owner, &options, &state).await?;
    let mut allowed = Vec::new();
    for key in keys.iter().filter(|key| key.blocked_at.is_none()) {
        let kept: Passkey = serde_json::from_str(&key.kept).map_err(internal)?;
        allowed.push(json!({ "type": "public-key", "id": BASE64.encode(kept.cred_id()) }));
    }
    if let Some(options) = asked.options.as_object_mut() {
        options.insert("allowCredentials".to_owned(), Json::from(allowed));
    }
    Ok(asked)
}

/// Whether a key of the user signed the question. A key whose counter went
/// back is a copy, or there is a copy of it: it is blocked, and the user told.
pub(in crate::identity) async fn check(
    engine: &Engine,
    write: &mut Write,
    user: Uuid,
    state: DiscoverableAuthentication,
    given: &PublicKeyCredential,
) -> Result<bool, Problem> {
    let found = of_user(write.tx.tenant().0, user)
        .filter(passkey::Column::CredentialId.eq(written(given.get_credential_id())))
        .lock_exclusive()
        .one(&*write.tx)
        .await
        .refused()?;
    let Some(row) = found.filter(|row| row.blocked_at.is_none()) else { return Ok(false) };
    if given.get_user_unique_id().is_some_and(|handle| handle != user.as_bytes()) {
        return Ok(false);
    }
    let mut kept: Passkey = serde_json::from_str(&row.kept).map_err(internal)?;
    match party(engine)?.finish_discoverable_authentication_v2(given, state, &kept) {
        Ok(result) => used(write, row, &mut kept, &result).await.map(|()| true),
        Err(WebauthnError::CredentialPossibleCompromise) => block(engine, write, row).await.map(|()| false),
        Err(error) => {
            tracing::info!(%error, "a passkey did not sign");
            Ok(false)
        }
    }
}

async fn used(
    write: &Write,
    row: passkey::Model,
    kept: &mut Passkey,
    result: &AuthenticationResult,
) -> Result<(), Problem> {
    kept.update_credential(result);
    let mut row = row.into_active_model();
    row.kept = Set(serde_json::to_string(kept).map_err(internal)?);
    row.last_used_at = Set(Some(write.now));
    row.update(&*write.tx).await.refused().map(|_| ())
}

async fn block(engine: &Engine, write: &mut Write, row: passkey::Model) -> Result<(), Problem> {
    tracing::warn!(passkey = %row.id, "the counter of a passkey went back; it is blocked");
    let (user, name) = (row.user_id, row.name.clone());
    let mut row = row.into_active_model();
    row.blocked_at = Set(Some(write.now));
    row.update(&*write.tx).await.refused()?;
    write.note(entry(user, "passkey_blocked", json!([name, Json::Null])));
    notice::tell(engine, write, user, News::PasskeyBlocked, &name).await
}
