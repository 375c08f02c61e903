//! One's own passkeys: listed, added, named, removed.

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::{Tx, entity::passkey};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, RegisterPublicKeyCredential};

use super::{
    ceremony::{self, Ceremony, Purpose},
    key::{entry, of_user, written},
    party,
};
use crate::{
    Engine, Session, Write,
    identity::{
        notice::{self, News},
        own_record,
        proof::{self, Proof},
        two_factor,
    },
    refusal::Refused,
};

/// Most passkeys of one user.
const MOST: usize = 20;
/// Longest name, in characters.
const LONGEST: usize = 60;

/// A user's passkeys.
#[derive(Debug)]
pub struct Keys {
    pub items: Vec<passkey::Model>,
    /// Whether browsers know passkeys for the address of this installation.
    pub available: bool,
}

/// A passkey that was added.
#[derive(Debug)]
pub struct Added {
    pub id: Uuid,
    /// Made with the first factor of all, shown this once.
    pub recovery_codes: Vec<String>,
}

fn internal<E>(_: E) -> Problem {
    Problem::new(Code::Internal)
}

/// The acting user's passkeys, the oldest first.
pub async fn list(engine: &Engine, session: &Session) -> Result<Keys, Problem> {
    let user = session.in_person()?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let items = of_user(session.tenant.0, user).all(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(Keys { items, available: party::is_available(engine) })
}

/// What a browser makes a new passkey of.
pub async fn begin(engine: &Engine, session: &Session, proof: &Proof) -> Result<Ceremony, Problem> {
    let user = session.in_person()?;
    let party = party::party(engine)?;
    let (write, _) = proof::proved(engine, session, proof).await?;
    let present = of_user(session.tenant.0, user).all(&*write.tx).await.refused()?;
    write.commit(200, &Json::Null).await?;
    if present.len() >= MOST {
        return Err(Problem::new(Code::StepRefused).detail("passkeys_most"));
    }
    let kept = present.iter().map(|key| serde_json::from_str::<Passkey>(&key.kept).map(|key| key.cred_id().clone()));
    let kept = kept.collect::<Result<Vec<_>, _>>().map_err(internal)?;
    let account = own_record(engine, session).await?;
    let email = account.text("email").unwrap_or_default();
    let (options, state) =
        party.start_passkey_registration(user, email, &session.name, Some(kept)).map_err(internal)?;
    let owner = ceremony::of_session(session);
    let mut asked = ceremony::ask(engine, Purpose::Register, owner, &options, &state).await?;
    // A key that the device remembers comes in without a name typed.
    if let Some(selection) = asked.options.pointer_mut("/authenticatorSelection") {
        selection["residentKey"] = json!("preferred");
    }
    Ok(asked)
}

/// Adds a passkey that the browser made. With the first factor of all come
/// recovery codes.
pub async fn add(
    engine: &Engine,
    session: &Session,
    ceremony: &str,
    name: &str,
    given: &RegisterPublicKeyCredential,
) -> Result<Added, Problem> {
    let user = session.in_person()?;
    let name = named(name)?;
    let state: PasskeyRegistration =
        ceremony::take(engine, ceremony, Purpose::Register, &ceremony::of_session(session)).await?;
    let kept = party::party(engine)?.finish_passkey_registration(given, &state).map_err(|error| {
        tracing::info!(%error, "a passkey was not made as asked");
        Problem::field("passkey", "passkey.refused")
    })?;
    let mut write = Write::begin(engine, session).await?;
    let first = !two_factor::factors(&write.tx, user).await?.any();
    let id = Uuid::now_v7();
    let row = passkey::ActiveModel {
        tenant_id: Set(session.tenant.0),
        id: Set(id),
        user_id: Set(user),
        credential_id: Set(written(kept.cred_id())),
        name: Set(name.clone()),
        kept: Set(serde_json::to_string(&kept).map_err(internal)?),
        created_at: Set(write.now),
        last_used_at: Set(None),
        blocked_at: Set(None),
    };
    passkey::Entity::insert(row).exec_without_returning(&*write.tx).await.refused()?;
    let recovery_codes = if first { two_factor::new_codes(engine, &write, user).await? } else { Vec::new() };
    write.note(entry(user, "passkey_added", json!([Json::Null, name])));
    notice::tell(engine, &mut write, user, News::PasskeyAdded, &name).await?;
    write.commit(201, &Json::Null).await?;
    engine.identity.forget();
    engine.tokens.forget();
    Ok(Added { id, recovery_codes })
}

fn named(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Problem::field("name", "required"));
    }
    if name.chars().count() > LONGEST {
        return Err(Problem::field("name", "length"));
    }
    Ok(name.to_owned())
}

/// Gives one of the acting user's passkeys another name.
pub async fn rename(engine: &Engine, session: &Session, id: Uuid, name: &str) -> Result<(), Problem> {
    let user = session.in_person()?;
    let name = named(name)?;
    let mut write = Write::begin(engine, session).await?;
    let row = one(&write.tx, user, id).await?;
    let before = row.name.clone();
    let mut row = row.into_active_model();
    row.name = Set(name.clone());
    row.update(&*write.tx).await.refused()?;
    write.note(entry(user, "passkey_renamed", json!([before, name])));
    write.commit(204, &Json::Null).await
}

async fn one(tx: &Tx, user: Uuid, id: Uuid) -> Result<passkey::Model, Problem> {
    let found = of_user(tx.tenant().0, user).filter(passkey::Column::Id.eq(id)).lock_exclusive();
    found.one(&**tx).await.refused()?.ok_or_else(Problem::not_found)
}

/// Removes one of the acting user's passkeys; not the last factor where a role
/// demands one.
pub async fn remove(engine: &Engine, session: &Session, id: Uuid, proof: &Proof) -> Result<(), Problem> {
    let user = session.in_person()?;
    let (mut write, _) = proof::proved(engine, session, proof).await?;
    let row = one(&write.tx, user, id).await?;
    passkey::Entity::delete_by_id((session.tenant.0, id)).exec(&*write.tx).await.refused()?;
    two_factor::settle(&write.tx, user).await?;
    write.note(entry(user, "passkey_removed", json!([row.name, Json::Null])));
    notice::tell(engine, &mut write, user, News::PasskeyRemoved, &row.name).await?;
    write.commit(204, &Json::Null).await?;
    engine.identity.forget();
    engine.tokens.forget();
    Ok(())
}
