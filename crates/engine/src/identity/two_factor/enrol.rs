//! Beginning, confirming and ending the second factor of one's own account.

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::entity::{credential, second_factor};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{challenge::entry, codes, factors, forget_devices, settle, totp};
use crate::{
    Engine, Gate, Session, Write,
    identity::{
        Proof, Signed,
        bounds::account_within,
        login,
        notice::{self, News},
        own_record, passkey,
        proof::{Means, proved, refuse},
    },
    read,
    refusal::Refused,
};

/// What an authenticator application needs.
#[derive(Debug)]
pub struct Begun {
    /// Base 32, to type in.
    pub secret: String,
    /// `otpauth://…`
    pub uri: String,
    /// The address as a QR code, an SVG document.
    pub picture: String,
}

/// Makes a secret that counts once it is confirmed.
pub async fn begin(engine: &Engine, session: &Session, proof: &Proof) -> Result<Begun, Problem> {
    let account = own_record(engine, session).await?.text("email").unwrap_or_default().to_owned();
    let (write, _) = proved(engine, session, proof).await?;
    let user = session.user;
    let found = totp::held(&write.tx, user).await?;
    if found.as_ref().is_some_and(|factor| factor.confirmed_at.is_some()) {
        return Err(Problem::new(Code::StepRefused));
    }
    let fresh = second_factor::ActiveModel {
        tenant_id: Set(session.tenant.0),
        user_id: Set(user),
        created_at: Set(write.now),
        confirmed_at: Set(None),
        last_step: Set(0),
    };
    if found.is_some() {
        fresh.update(&*write.tx).await.refused()?;
    } else {
        second_factor::Entity::insert(fresh).exec_without_returning(&*write.tx).await.refused()?;
    }
    let secret = totp::mint();
    totp::keep(engine, &write, user, &secret).await?;
    let (uri, picture) = totp::picture(&secret, &account)?;
    write.commit(200, &Json::Null).await?;
    Ok(Begun { secret, uri, picture })
}

/// Confirms the secret by a code of it: from now on log-in has a second step.
/// Returns the recovery codes, which replace those there were.
pub async fn confirm(engine: &Engine, session: &Session, code: &str) -> Result<Vec<String>, Problem> {
    let user = session.in_person()?;
    let mut write = Write::begin(engine, session).await?;
    let factor = totp::held(&write.tx, user).await?.filter(|factor| factor.confirmed_at.is_none());
    let factor = factor.ok_or_else(|| Problem::new(Code::StepRefused))?;
    not_locked(&write, user).await?;
    if !totp::spend(engine, &write.tx, factor, code, write.now).await? {
        return Err(refuse(write, user, Problem::field("code", "code.wrong")).await?);
    }
    // Read again: using the code up changed it.
    if let Some(factor) = totp::held(&write.tx, user).await? {
        let mut row = factor.into_active_model();
        row.confirmed_at = Set(Some(write.now));
        row.update(&*write.tx).await.refused()?;
    }
    let made = codes::renew(engine, &write, user).await?;
    write.note(entry(user, "two_factor_enabled"));
    notice::tell(engine, &mut write, user, News::AuthenticatorAdded, "").await?;
    write.commit(200, &Json::Null).await?;
    engine.identity.forget();
    engine.tokens.forget();
    Ok(made)
}

async fn not_locked(write: &Write, user: Uuid) -> Result<(), Problem> {
    let key = (write.session.tenant.0, user);
    let found = credential::Entity::find_by_id(key).lock_exclusive().one(&*write.tx).await.refused()?;
    login::not_locked(found.and_then(|row| row.locked_until), write.now)
}

/// Uses up a code of a factor that is on, or a recovery code.
async fn with_code(engine: &Engine, write: Write, user: Uuid, code: &str) -> Result<Write, Problem> {
    if !factors(&write.tx, user).await?.any() {
        return Err(Problem::new(Code::StepRefused));
    }
    not_locked(&write, user).await?;
    let factor = totp::held(&write.tx, user).await?.filter(|factor| factor.confirmed_at.is_some());
    let by_application = match factor {
        Some(factor) => totp::spend(engine, &write.tx, factor, code, write.now).await?,
        None => false,
    };
    let good = by_application || codes::spend(engine, &write.tx, user, code, write.now).await?;
    if good { Ok(write) } else { Err(refuse(write, user, Problem::field("code", "code.wrong")).await?) }
}

/// Ends the authenticator application, proved by password and code or by a
/// passkey; not the last factor where a role demands one.
pub async fn disable(engine: &Engine, session: &Session, proof: &Proof, code: Option<&str>) -> Result<(), Problem> {
    let user = session.user;
    let (mut write, means) = proved(engine, session, proof).await?;
    if means == Means::Password {
        let code = code.ok_or_else(|| Problem::field("code", "required"))?;
        write = with_code(engine, write, user, code).await?;
    }
    let held = totp::held(&write.tx, user).await?;
    if held.is_none_or(|factor| factor.confirmed_at.is_none()) {
        return Err(Problem::new(Code::StepRefused));
    }
    remove(&write, user).await?;
    settle(&write.tx, user).await?;
    write.note(entry(user, "two_factor_disabled"));
    notice::tell(engine, &mut write, user, News::AuthenticatorRemoved, "").await?;
    write.commit(204, &Json::Null).await?;
    engine.identity.forget();
    engine.tokens.forget();
    Ok(())
}

/// Replaces the recovery codes, proved by a code or a passkey.
pub async fn renew_codes(
    engine: &Engine,
    session: &Session,
    code: Option<&str>,
    signed: Option<Signed>,
) -> Result<Vec<String>, Problem> {
    let user = session.in_person()?;
    let mut write = if signed.is_some() {
        proved(engine, session, &Proof { password: None, passkey: signed }).await?.0
    } else {
        let code = code.ok_or_else(|| Problem::field("code", "required"))?;
        with_code(engine, Write::begin(engine, session).await?, user, code).await?
    };
    let made = codes::renew(engine, &write, user).await?;
    write.note(entry(user, "recovery_codes_renewed"));
    notice::tell(engine, &mut write, user, News::RecoveryCodesRenewed, "").await?;
    write.commit(200, &Json::Null).await?;
    Ok(made)
}

/// Ends all factors of somebody who lost them; the gate is `user.update`.
pub async fn reset(engine: &Engine, gate: &Gate, user: Uuid) -> Result<(), Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = read::load(&write.tx, gate, user).await?;
    account_within(&write.tx, &gate.session, &record).await?;
    remove(&write, user).await?;
    passkey::forget_all(&write.tx, user).await?;
    codes::forget(&write.tx, user).await?;
    forget_devices(&write.tx, user).await?;
    write.note(entry(user, "two_factor_reset"));
    notice::tell(engine, &mut write, user, News::FactorsReset, &gate.session.name).await?;
    write.commit(204, &Json::Null).await?;
    engine.identity.forget();
    engine.tokens.forget();
    Ok(())
}

/// The application goes; what else there is stays.
async fn remove(write: &Write, user: Uuid) -> Result<(), Problem> {
    totp::forget(&write.tx, user).await?;
    let gone = second_factor::Entity::delete_by_id((write.session.tenant.0, user));
    gone.exec(&*write.tx).await.refused().map(|_| ())
}
