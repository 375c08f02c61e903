//! Between a good password and the second step: a challenge that one device may
//! answer, once, within minutes.

use chrono::TimeDelta;
use conexao_domain::{
    identity::user::USER,
    kernel::problem::{Code, Problem},
};
use conexao_storage::{
    Tenant, Tx,
    entity::{credential, login_challenge},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{codes, factors, totp, trust};
use crate::{
    Engine, Session, Write,
    identity::{
        Granted, Origin, Signed, login,
        notice::{self, News},
        passkey::{self, Ceremony, Purpose},
        session_of,
    },
    journal::Entry,
    refusal::Refused,
};

/// How long the second step may take, in minutes.
const MINUTES: i64 = 5;
/// Wrong codes after which the password is asked for again.
const ATTEMPTS: i64 = 5;

fn sha(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn origin_hash(origin: &Origin) -> String {
    sha(&format!("{}\0{}", origin.ip.as_deref().unwrap_or_default(), origin.device.as_deref().unwrap_or_default()))
}

/// Whether the log-in of this user from there has a second step.
pub(in crate::identity) async fn demanded(
    engine: &Engine,
    session: &Session,
    origin: &Origin,
) -> Result<bool, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let has = factors(&tx, session.user).await?.any();
    let demanded = has && !trust::is_trusted(&tx, session.user, origin, engine.now()).await?;
    tx.rollback().await.refused()?;
    Ok(demanded)
}

/// Opens a challenge; what the caller is told is the refusal that holds it.
pub(in crate::identity) async fn open(engine: &Engine, session: &Session, origin: &Origin) -> Result<Problem, Problem> {
    let write = Write::begin(engine, session).await?;
    let factors = factors(&write.tx, session.user).await?;
    let (id, secret) = (Uuid::now_v7(), hex::encode(rand::random::<[u8; 32]>()));
    let row = login_challenge::ActiveModel {
        tenant_id: Set(session.tenant.0),
        id: Set(id),
        user_id: Set(session.user),
        token_hash: Set(sha(&secret)),
        origin_hash: Set(origin_hash(origin)),
        attempts: Set(0),
        created_at: Set(write.now),
        expires_at: Set(write.now + TimeDelta::minutes(MINUTES)),
        used_at: Set(None),
    };
    login_challenge::Entity::insert(row).exec_without_returning(&*write.tx).await.refused()?;
    write.commit(401, &Json::Null).await?;
    let text = format!("{}.{}.{secret}", session.tenant.0, id.simple());
    let has = [("totp", factors.since.is_some()), ("passkey", factors.passkeys > 0), ("recovery", true)];
    let methods: Vec<Json> = has.iter().filter(|(_, has)| *has).map(|(name, _)| Json::from(*name)).collect();
    let problem = Problem::new(Code::SecondFactor).with("challenge", text).with("methods", methods);
    Ok(problem.with("expires_in", MINUTES * 60))
}

fn read(text: &str) -> Option<(Tenant, Uuid, &str)> {
    let mut parts = text.splitn(3, '.');
    let tenant = Tenant(parts.next()?.parse().ok()?);
    Some((tenant, Uuid::parse_str(parts.next()?).ok()?, parts.next().filter(|secret| secret.len() == 64)?))
}

fn expired() -> Problem {
    Problem::new(Code::ChallengeExpired)
}

/// What a challenge is answered with.
enum Proof<'a> {
    Code(&'a str),
    Passkey(DiscoverableAuthentication, &'a PublicKeyCredential),
}

/// Answers a challenge with a code. With `remember` the device may leave the
/// second step out from now on.
pub async fn second_step(
    engine: &Engine,
    challenge: &str,
    code: &str,
    remember: bool,
    origin: Origin,
) -> Result<Granted, Problem> {
    answered(engine, challenge, Proof::Code(code), remember, origin).await
}

/// What a browser asks the passkeys of a challenge's user to sign.
pub async fn passkey_options(engine: &Engine, challenge: &str, origin: &Origin) -> Result<Ceremony, Problem> {
    let (tenant, id, secret) = read(challenge).ok_or_else(expired)?;
    let tx = engine.db.read(tenant).await.refused()?;
    let found = login_challenge::Entity::find_by_id((tenant.0, id)).one(&*tx).await.refused()?;
    let row = own(found, secret, origin, engine.now())?;
    let keys = passkey::of(&tx, row.user_id).await?;
    tx.rollback().await.refused()?;
    passkey::signing(engine, Purpose::SecondStep, format!("challenge:{id}"), &keys).await
}

/// Answers a challenge with a passkey; see [`second_step`].
pub async fn second_step_by_passkey(
    engine: &Engine,
    challenge: &str,
    signed: &Signed,
    remember: bool,
    origin: Origin,
) -> Result<Granted, Problem> {
    let (_, id, _) = read(challenge).ok_or_else(expired)?;
    let owner = format!("challenge:{id}");
    let state = passkey::take(engine, &signed.ceremony, Purpose::SecondStep, &owner).await?;
    answered(engine, challenge, Proof::Passkey(state, &signed.credential), remember, origin).await
}

async fn answered(
    engine: &Engine,
    challenge: &str,
    proof: Proof<'_>,
    remember: bool,
    origin: Origin,
) -> Result<Granted, Problem> {
    login::at_address(engine, &origin).await?;
    let (tenant, id, secret) = read(challenge).ok_or_else(expired)?;
    let system = Session { ip: origin.ip.clone(), ..Session::system(tenant, "Conexão") };
    let mut write = Write::begin(engine, &system).await?;
    let row = open_row(&write.tx, id, secret, &origin, write.now).await?;
    let user = row.user_id;
    let found = credential::Entity::find_by_id((tenant.0, user)).lock_exclusive().one(&*write.tx).await.refused()?;
    let credential = found.ok_or_else(expired)?;
    login::not_locked(credential.locked_until, write.now)?;
    if !factors(&write.tx, user).await?.any() {
        return Err(expired());
    }
    let wrong = if matches!(proof, Proof::Code(_)) { ("code", "code.wrong") } else { ("passkey", "passkey.refused") };
    let good = match proof {
        Proof::Code(code) => with_code(engine, &mut write, user, code).await?,
        Proof::Passkey(state, given) => passkey::check(engine, &mut write, user, state, given).await?,
    };
    let attempts = row.attempts + 1;
    let mut row = row.into_active_model();
    row.attempts = Set(attempts);
    row.used_at = Set((good || attempts >= ATTEMPTS).then_some(write.now));
    row.update(&*write.tx).await.refused()?;
    if !good {
        login::count_failure(&mut write, user, &origin).await?;
        write.commit(422, &Json::Null).await?;
        return Err(Problem::field(wrong.0, wrong.1));
    }
    write.commit(200, &Json::Null).await?;
    let session = session_of(engine, tenant, user).await.map_err(|_| expired())?;
    let session = Session { ip: origin.ip.clone(), ..session };
    login::start(engine, session, credential, origin, remember).await
}

/// Uses up a code of the application, or a recovery code, which the user is told.
async fn with_code(engine: &Engine, write: &mut Write, user: Uuid, code: &str) -> Result<bool, Problem> {
    let factor = totp::held(&write.tx, user).await?.filter(|factor| factor.confirmed_at.is_some());
    if let Some(factor) = factor
        && totp::spend(engine, &write.tx, factor, code, write.now).await?
    {
        return Ok(true);
    }
    let good = codes::spend(engine, &write.tx, user, code, write.now).await?;
    if good {
        write.note(entry(user, "recovery_code_used"));
        notice::tell(engine, write, user, News::RecoveryCodeUsed, "").await?;
    }
    Ok(good)
}

pub(super) fn entry(user: Uuid, action: &str) -> Entry {
    Entry { resource: USER.name, record_id: Some(user), action: action.to_owned(), changes: Map::new() }
}

async fn open_row(
    tx: &Tx,
    id: Uuid,
    secret: &str,
    origin: &Origin,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<login_challenge::Model, Problem> {
    let found = login_challenge::Entity::find_by_id((tx.tenant().0, id)).lock_exclusive().one(&**tx).await.refused()?;
    own(found, secret, origin, now)
}

/// The challenge, if it is still open for whoever knows its secret there.
fn own(
    found: Option<login_challenge::Model>,
    secret: &str,
    origin: &Origin,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<login_challenge::Model, Problem> {
    let open = found.filter(|row| row.used_at.is_none() && row.expires_at > now);
    let own = open.filter(|row| row.token_hash == sha(secret) && row.origin_hash == origin_hash(origin));
    own.ok_or_else(expired)
}
