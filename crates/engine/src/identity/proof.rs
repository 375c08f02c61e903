//! What somebody shows again before a change of how they come in: the password
//! or a passkey.

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::entity::credential;
use sea_orm::EntityTrait;
use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{
    Origin, login,
    passkey::{self, Ceremony, Purpose},
    password,
};
use crate::{Engine, Session, Write, refusal::Refused};

/// A question and what a passkey made of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Signed {
    pub ceremony: String,
    pub credential: PublicKeyCredential,
}

/// With what somebody shows that it is them.
#[derive(Clone, Default, Deserialize)]
pub struct Proof {
    #[serde(default)]
    pub password: Option<String>,
    #[serde(default)]
    pub passkey: Option<Signed>,
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.passkey.is_some() { "Proof by passkey" } else { "Proof by password" })
    }
}

/// What it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    Password,
    /// A passkey of a verified user: both factors in one.
    Passkey,
}

/// The answer to a wrong proof, which counts like a wrong one at log-in.
pub(super) async fn refuse(mut write: Write, user: Uuid, wrong: Problem) -> Result<Problem, Problem> {
    let from = Origin { ip: write.session.ip.clone(), ..Origin::default() };
    // The answer of a refusal is not kept for a repetition.
    write.session.idempotency = None;
    login::count_failure(&mut write, user, &from).await?;
    write.commit(422, &Json::Null).await?;
    Ok(wrong)
}

/// What a browser asks the acting user's passkeys to sign.
pub async fn options(engine: &Engine, session: &Session) -> Result<Ceremony, Problem> {
    let keys = passkey::list(engine, session).await?.items;
    if keys.iter().all(|key| key.blocked_at.is_some()) {
        return Err(Problem::new(Code::StepRefused).detail("no_passkey"));
    }
    passkey::signing(engine, Purpose::Prove, passkey::of_session(session), &keys).await
}

/// Opens a write of somebody who proved who they are.
pub(super) async fn proved(engine: &Engine, session: &Session, proof: &Proof) -> Result<(Write, Means), Problem> {
    let user = session.in_person()?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = credential::Entity::find_by_id((session.tenant.0, user)).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let found = found.ok_or_else(|| Problem::new(Code::Forbidden))?;
    login::not_locked(found.locked_until, engine.now())?;
    if let Some(signed) = &proof.passkey {
        let owner = passkey::of_session(session);
        let state: DiscoverableAuthentication = passkey::take(engine, &signed.ceremony, Purpose::Prove, &owner).await?;
        let mut write = Write::begin(engine, session).await?;
        if passkey::check(engine, &mut write, user, state, &signed.credential).await? {
            return Ok((write, Means::Passkey));
        }
        return Err(refuse(write, user, Problem::field("passkey", "passkey.refused")).await?);
    }
    let Some(text) = &proof.password else { return Err(Problem::field("password", "required")) };
    // Outside of a transaction: the check takes its time.
    let good = password::fits(text.clone(), Some(found.password_hash)).await;
    let write = Write::begin(engine, session).await?;
    if good {
        return Ok((write, Means::Password));
    }
    Err(refuse(write, user, Problem::field("password", "password.wrong")).await?)
}
