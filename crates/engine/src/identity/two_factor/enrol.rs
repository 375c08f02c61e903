//! Beginning, confirming and ending the second factor of one's own account.

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::entity::{credential, second_factor};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{challenge::entry, codes, forget_devices, totp};
use crate::{
    Engine, Gate, Session, Write,
    identity::{Origin, bounds::account_within, login, own_record, password},
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

/// Only people have factors; a token may not change how its owner comes in.
fn person(session: &Session) -> Result<Uuid, Problem> {
    let person = session.user_id().filter(|_| session.token.is_none());
    person.ok_or_else(|| Problem::new(Code::Forbidden).detail("token"))
}

fn origin(session: &Session) -> Origin {
    Origin { ip: session.ip.clone(), ..Origin::default() }
}

/// The answer to a wrong proof, which counts like a wrong one at log-in.
async fn refuse(engine: &Engine, mut write: Write, user: Uuid, wrong: Problem) -> Result<Problem, Problem> {
    let from = origin(&write.session);
    // The answer of a refusal is not kept for a repetition.
    write.session.idempotency = None;
    login::count_failure(engine, &mut write, user, &from).await?;
    write.commit(422, &Json::Null).await?;
    Ok(wrong)
}

/// Opens a write of somebody who proved with the password who they are.
async fn proved(engine: &Engine, session: &Session, text: &str) -> Result<Write, Problem> {
    let user = person(session)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = credential::Entity::find_by_id((session.tenant.0, user)).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let found = found.ok_or_else(|| Problem::new(Code::Forbidden))?;
    login::not_locked(found.locked_until, engine.now())?;
    // Outside of a transaction: the check takes its time.
    let good = password::fits(text.to_owned(), Some(found.password_hash)).await;
    let write = Write::begin(engine, session).await?;
    if good { Ok(write) } else { Err(refuse(engine, write, user, Problem::field("password", "password.wrong")).await?) }
}

/// Makes a secret that counts once it is confirmed.
pub async fn begin(engine: &Engine, session: &Session, password: &str) -> Result<Begun, Problem> {
    let account = own_record(engine, session).await?.text("email").unwrap_or_default().to_owned();
    let write = proved(engine, session, password).await?;
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
/// Returns the recovery codes.
pub async fn confirm(engine: &Engine, session: &Session, code: &str) -> Result<Vec<String>, Problem> {
    let user = person(session)?;
    let mut write = Write::begin(engine, session).await?;
    let factor = totp::held(&write.tx, user).await?.filter(|factor| factor.confirmed_at.is_none());
    let factor = factor.ok_or_else(|| Problem::new(Code::StepRefused))?;
    not_locked(&write, user).await?;
    if !totp::spend(engine, &write.tx, factor, code, write.now).await? {
        return Err(refuse(engine, write, user, Problem::field("code", "code.wrong")).await?);
    }
    // Read again: using the code up changed it.
    if let Some(factor) = totp::held(&write.tx, user).await? {
        let mut row = factor.into_active_model();
        row.confirmed_at = Set(Some(write.now));
        row.update(&*write.tx).await.refused()?;
    }
    let made = codes::renew(engine, &write, user).await?;
    write.note(entry(user, "two_factor_enabled"));
    write.commit(200, &Json::Null).await?;
    engine.identity.forget();
    Ok(made)
}

async fn not_locked(write: &Write, user: Uuid) -> Result<(), Problem> {
    let key = (write.session.tenant.0, user);
    let found = credential::Entity::find_by_id(key).lock_exclusive().one(&*write.tx).await.refused()?;
    login::not_locked(found.and_then(|row| row.locked_until), write.now)
}

/// Uses up a code of a factor that is on.
async fn with_code(engine: &Engine, write: Write, user: Uuid, code: &str) -> Result<Write, Problem> {
    let factor = totp::held(&write.tx, user).await?.filter(|factor| factor.confirmed_at.is_some());
    let factor = factor.ok_or_else(|| Problem::new(Code::StepRefused))?;
    not_locked(&write, user).await?;
    let good = totp::spend(engine, &write.tx, factor, code, write.now).await?
        || codes::spend(engine, &write.tx, user, code, write.now).await?;
    if good { Ok(write) } else { Err(refuse(engine, write, user, Problem::field("code", "code.wrong")).await?) }
}

/// Ends the second factor.
pub async fn disable(engine: &Engine, session: &Session, password: &str, code: &str) -> Result<(), Problem> {
    let write = proved(engine, session, password).await?;
    let mut write = with_code(engine, write, session.user, code).await?;
    remove(&write, session.user).await?;
    write.note(entry(session.user, "two_factor_disabled"));
    write.commit(204, &Json::Null).await?;
    engine.identity.forget();
    Ok(())
}

/// Replaces the recovery codes.
pub async fn renew_codes(engine: &Engine, session: &Session, code: &str) -> Result<Vec<String>, Problem> {
    let user = person(session)?;
    let write = Write::begin(engine, session).await?;
    let mut write = with_code(engine, write, user, code).await?;
    let made = codes::renew(engine, &write, user).await?;
    write.note(entry(user, "recovery_codes_renewed"));
    write.commit(200, &Json::Null).await?;
    Ok(made)
}

/// Ends the second factor of somebody who lost it; the gate is `user.update`.
pub async fn reset(engine: &Engine, gate: &Gate, user: Uuid) -> Result<(), Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = read::load(&write.tx, gate, user).await?;
    account_within(&write.tx, &gate.session, &record).await?;
    remove(&write, user).await?;
    write.note(entry(user, "two_factor_reset"));
    write.commit(204, &Json::Null).await?;
    engine.identity.forget();
    Ok(())
}

async fn remove(write: &Write, user: Uuid) -> Result<(), Problem> {
    codes::forget(&write.tx, user).await?;
    totp::forget(&write.tx, user).await?;
    forget_devices(&write.tx, user).await?;
    let gone = second_factor::Entity::delete_by_id((write.session.tenant.0, user));
    gone.exec(&*write.tx).await.refused().map(|_| ())
}
