//! Coming in with a passkey alone: the key says who it is, the device that the
//! person is there.

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::{
    Tenant,
    entity::{credential, passkey},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value as Json;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{
    ceremony::{self, Ceremony, Purpose},
    key,
};
use crate::{
    Engine, Session, Write,
    identity::{
        Granted, Origin,
        attempts::{self, Who},
        login, session_of,
    },
    refusal::Refused,
};

fn refused() -> Problem {
    Problem::new(Code::PasskeyRefused)
}

/// What a browser asks any passkey of ours to sign.
pub async fn enter_options(engine: &Engine, origin: &Origin) -> Result<Ceremony, Problem> {
    key::signing(engine, Purpose::Enter, ceremony::of_origin(origin), &[]).await
}

/// Lets somebody in whose passkey signed the question put to the same place.
pub async fn enter(
    engine: &Engine,
    ceremony: &str,
    given: &PublicKeyCredential,
    origin: Origin,
) -> Result<Granted, Problem> {
    login::at_address(engine, &origin).await?;
    let state: DiscoverableAuthentication =
        ceremony::take(engine, ceremony, Purpose::Enter, &ceremony::of_origin(&origin)).await?;
    let Some(row) = holder(engine, given).await? else {
        stranger(engine, &origin).await?;
        return Err(refused());
    };
    let (tenant, user) = (Tenant(row.tenant_id), row.user_id);
    let system = Session { ip: origin.ip.clone(), ..Session::system(tenant, "Conexão") };
    let mut write = Write::begin(engine, &system).await?;
    let found = credential::Entity::find_by_id((tenant.0, user)).lock_exclusive().one(&*write.tx).await.refused()?;
    let credential = found.ok_or_else(refused)?;
    login::not_locked(credential.locked_until, write.now)?;
    // Without a password nobody else says who it is: the key has to.
    let named = given.get_user_unique_id().is_some();
    if !named || !key::check(engine, &mut write, user, state, given).await? {
        login::count_failure(&mut write, user, &origin).await?;
        write.commit(401, &Json::Null).await?;
        return Err(refused());
    }
    write.commit(200, &Json::Null).await?;
    let session = session_of(engine, tenant, user).await.map_err(|_| refused())?;
    let session = Session { ip: origin.ip.clone(), ..session };
    login::start(engine, session, credential, origin, false).await
}

async fn holder(engine: &Engine, given: &PublicKeyCredential) -> Result<Option<passkey::Model>, Problem> {
    let tx = engine.db.system_read().await.refused()?;
    let found = passkey::Entity::find()
        .filter(passkey::Column::CredentialId.eq(key::written(given.get_credential_id())))
        .one(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    Ok(found)
}

/// A key nobody has counts against the place it comes from.
async fn stranger(engine: &Engine, origin: &Origin) -> Result<(), Problem> {
    let Some(ip) = &origin.ip else { return Ok(()) };
    let tx = engine.db.system().await.refused()?;
    attempts::fail(&tx, &Who::at(ip), engine.now()).await?;
    tx.commit().await.refused()
}
