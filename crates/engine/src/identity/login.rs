//! Log-in with growing delay, refresh with rotation and reuse detection, log-out.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    identity::user::USER,
    kernel::problem::{Code, Problem},
};
use conexao_storage::{
    Tenant, Tx,
    entity::{credential, session},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::Map;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    attempts::{self, Who},
    keys::{ACCESS_MINUTES, Claims, Use},
    lockout,
    notice::{self, News},
    password, session_of, sessions, two_factor,
    who::{self as account, Account},
};
use crate::{
    Engine, Session,
    journal::{Entry, Write},
    refusal::Refused,
};

/// A log-in ends after this long without use.
const SESSION_DAYS: i64 = 30;
/// A log-in ends after so many days, however much it is used.
const MOST_DAYS: i64 = 90;
/// Two tabs that refresh at once are one user, not a thief.
const TWIN_SECONDS: i64 = 10;

/// What a successful log-in or refresh hands out.
#[derive(Debug)]
pub struct Granted {
    pub access_token: String,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// `None` when a twin already holds the next refresh token.
    pub refresh_token: Option<String>,
    /// For the cookie of a device that was just trusted.
    pub device_token: Option<String>,
    pub session: Session,
}

/// Where a log-in comes from, for the list of sessions and the audit.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    pub ip: Option<String>,
    pub device: Option<String>,
    /// What the cookie of a trusted device says.
    pub trusted: Option<String>,
}

impl Origin {
    /// What is kept of the device's name.
    pub(super) fn short_device(&self) -> Option<String> {
        self.device.as_ref().map(|device| device.chars().take(200).collect())
    }
}

/// Checks e-mail and password; see [`login_to`].
pub async fn login(engine: &Engine, email: &str, password: &str, origin: Origin) -> Result<Granted, Problem> {
    login_to(engine, None, email, password, origin).await
}

/// Checks a name, which is an e-mail or a user name, and a password. Says the
/// same whatever is wrong. Somebody whose password is good in several companies
/// is refused with `company_choice` and asked again with the one they name. A
/// good password of somebody who has a second factor gives `second_factor`, a
/// refusal that holds the challenge for [`super::second_step`].
pub async fn login_to(
    engine: &Engine,
    company: Option<&str>,
    name: &str,
    password: &str,
    origin: Origin,
) -> Result<Granted, Problem> {
    at_address(engine, &origin).await?;
    let name = account::spoken(name).ok_or_else(wrong)?;
    let accounts = account::named(engine, &name, company).await?;
    let now = engine.now();
    let locked = |account: &Account| account.credential.locked_until.filter(|until| *until > now);
    let (waiting, open): (Vec<_>, Vec<_>) = accounts.into_iter().partition(|account| locked(account).is_some());
    if open.is_empty() {
        return Err(nobody(engine, &name, password, waiting.iter().filter_map(locked).min(), &origin).await?);
    }
    let mut right = Vec::new();
    for account in &open {
        if password::fits(password.to_owned(), Some(account.credential.password_hash.clone())).await {
            right.push(account.clone());
        }
    }
    if right.is_empty() {
        for (n, account) in open.iter().enumerate() {
            failed(engine, account, &origin, n == 0).await?;
        }
        return Err(wrong());
    }
    let (session, credential) = account::chosen(engine, right).await?;
    let session = Session { ip: origin.ip.clone(), ..session };
    if two_factor::demanded(engine, &session, &origin).await? {
        return Err(two_factor::open(engine, &session, &origin).await?);
    }
    start(engine, session, credential, origin, false).await
}

/// What everybody is told whose password does not fit.
pub(super) fn wrong() -> Problem {
    Problem::new(Code::Credentials)
}

/// The refusal where no account may be tried: all of them wait, or there are
/// none and the name waits as if there were one.
async fn nobody(
    engine: &Engine,
    name: &str,
    password: &str,
    waiting: Option<DateTime<Utc>>,
    origin: &Origin,
) -> Result<Problem, Problem> {
    let now = engine.now();
    let stranger = Who::named(engine, name)?;
    let until = if waiting.is_some() { waiting } else { attempts::until(engine, &stranger).await? };
    not_locked(until, now)?;
    let tx = engine.db.system().await.refused()?;
    attempts::fail(&tx, &stranger, now).await?;
    if let Some(ip) = &origin.ip {
        attempts::fail(&tx, &Who::at(ip), now).await?;
    }
    tx.commit().await.refused()?;
    password::fits(password.to_owned(), None).await;
    Ok(wrong())
}

fn entry(user: Uuid, action: &str) -> Entry {
    Entry { resource: USER.name, record_id: Some(user), action: action.to_owned(), changes: Map::new() }
}

/// Refuses whoever comes from an address that has to wait.
pub(super) async fn at_address(engine: &Engine, origin: &Origin) -> Result<(), Problem> {
    let Some(ip) = &origin.ip else { return Ok(()) };
    not_locked(attempts::until(engine, &Who::at(ip)).await?, engine.now())
}

/// Refuses as long as there is something to wait for.
pub(super) fn not_locked(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), Problem> {
    let Some(until) = until.filter(|until| *until > now) else { return Ok(()) };
    let wait = Ord::max((until - now).num_seconds(), 1);
    Err(Problem::new(Code::TooManyRequests).with("retry_after", wait))
}

/// A wrong password counts for every account it was tried on, and once for the
/// address it came from: with the first of them.
async fn failed(engine: &Engine, account: &Account, origin: &Origin, first: bool) -> Result<(), Problem> {
    let system = Session { ip: origin.ip.clone(), ..Session::system(account.tenant, "Conexão") };
    let mut write = Write::begin(engine, &system).await?;
    if first {
        count_failure(&mut write, account.credential.user_id, origin).await?;
    } else {
        count_at_account(&mut write, account.credential.user_id).await?;
    }
    write.commit(401, &serde_json::Value::Null).await
}

/// Counts a wrong password or code against the account and the address.
pub(super) async fn count_failure(write: &mut Write, user: Uuid, origin: &Origin) -> Result<(), Problem> {
    if let Some(ip) = &origin.ip {
        attempts::fail(&write.tx, &Who::at(ip), write.now).await?;
    }
    count_at_account(write, user).await
}

/// Attempts that were under way when the account began to wait do not make it
/// wait longer.
async fn count_at_account(write: &mut Write, user: Uuid) -> Result<(), Problem> {
    let key = (write.tx.tenant().0, user);
    let row = credential::Entity::find_by_id(key).lock_exclusive().one(&*write.tx).await.refused()?;
    if let Some(row) = row.filter(|row| row.locked_until.is_none_or(|until| until <= write.now)) {
        let failures = row.failures + 1;
        let mut row = row.into_active_model();
        row.failures = Set(failures);
        row.locked_until = Set(lockout::wait(failures).map(|wait| write.now + wait));
        row.update(&*write.tx).await.refused()?;
    }
    write.note(entry(user, "login_failed"));
    Ok(())
}

/// Begins the session of somebody who has proved who they are. With
/// `remember` the device is trusted from now on.
pub(super) async fn start(
    engine: &Engine,
    session: Session,
    credential: credential::Model,
    origin: Origin,
    remember: bool,
) -> Result<Granted, Problem> {
    let mut write = Write::begin(engine, &session).await?;
    let id = Uuid::now_v7();
    let token = Refresh::mint(engine, session.tenant, id, 1)?;
    notice::of_new_device(engine, &mut write, &session, id, &origin).await?;
    let device_token = if remember { Some(two_factor::trust(&write, session.user, &origin).await?) } else { None };
    let row = session::ActiveModel {
        tenant_id: Set(session.tenant.0),
        id: Set(id),
        user_id: Set(session.user),
        token_hash: Set(token.hash()),
        generation: Set(1),
        created_at: Set(write.now),
        last_used_at: Set(write.now),
        expires_at: Set(write.now + TimeDelta::days(SESSION_DAYS)),
        revoked_at: Set(None),
        device: Set(origin.short_device()),
        ip: Set(origin.ip),
    };
    session::Entity::insert(row).exec_without_returning(&*write.tx).await.refused()?;
    let mut row = credential.into_active_model();
    row.failures = Set(0);
    row.locked_until = Set(None);
    row.update(&*write.tx).await.refused()?;
    stamp_login(&write.tx, session.user, write.now).await?;
    write.note(entry(session.user, "login"));
    write.commit(200, &serde_json::Value::Null).await?;
    let granted = grant(engine, session, id, Some(token.write())).await?;
    Ok(Granted { device_token, ..granted })
}

async fn stamp_login(tx: &Tx, user: Uuid, now: DateTime<Utc>) -> Result<(), Problem> {
    let mut update = Query::update();
    update
        .table(USER.table)
        .value("last_login_at", now)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(user));
    tx.execute(&update).await.refused().map(|_| ())
}

async fn grant(
    engine: &Engine,
    session: Session,
    sid: Uuid,
    refresh_token: Option<String>,
) -> Result<Granted, Problem> {
    let now = engine.now();
    let exp = (now + TimeDelta::minutes(ACCESS_MINUTES)).timestamp();
    let claims = Claims { sub: session.user, tenant: session.tenant.0, sid, exp };
    let access_token = engine.identity.keys.sign(&engine.db, &claims, now).await?;
    Ok(Granted { access_token, expires_in: ACCESS_MINUTES * 60, refresh_token, device_token: None, session })
}

/// A new access token for a refresh token, which is replaced. An old one that
/// comes back was copied: the whole log-in ends, and the user is told.
pub async fn refresh(engine: &Engine, token: &str, ip: Option<String>) -> Result<Granted, Problem> {
    let refused = || Problem::new(Code::Unauthenticated);
    let token = Refresh::read(token).ok_or_else(refused)?;
    let tx = engine.db.write(token.tenant).await.refused()?;
    // Two refreshes at once go one after the other: the second sees the first's.
    let found = session::Entity::find_by_id((token.tenant.0, token.id)).lock_exclusive();
    let row = found.one(&*tx).await.refused()?;
    let now = engine.now();
    let row = row.filter(|s| s.revoked_at.is_none() && s.expires_at > now).ok_or_else(refused)?;
    let (user, last) = (row.user_id, row.created_at + TimeDelta::days(MOST_DAYS));
    let current = row.generation == token.generation && row.token_hash == token.hash();
    // What was never handed out says nothing about the log-in, whose id is no secret.
    if !current && !token.is_genuine(engine)? {
        return Err(refused());
    }
    let twin = row.generation == token.generation + 1 && (now - row.last_used_at).num_seconds() < TWIN_SECONDS;
    if !current && !twin {
        tx.rollback().await.refused()?;
        returned(engine, &token, user, ip).await?;
        return Err(refused());
    }
    let next = Refresh::mint(engine, token.tenant, token.id, token.generation + 1)?;
    if current {
        let mut active = row.into_active_model();
        active.token_hash = Set(next.hash());
        active.generation = Set(next.generation);
        active.last_used_at = Set(now);
        active.expires_at = Set(Ord::min(now + TimeDelta::days(SESSION_DAYS), last));
        active.update(&*tx).await.refused()?;
    }
    tx.commit().await.refused()?;
    let session = session_of(engine, next.tenant, user).await?;
    grant(engine, session, next.id, current.then(|| next.write())).await
}

/// Ends the log-in whose refresh token came back after it was replaced. Whoever
/// looks after the company finds it in the audit, the user among their notices.
async fn returned(engine: &Engine, token: &Refresh, user: Uuid, ip: Option<String>) -> Result<(), Problem> {
    let system = Session { ip, ..engine.system(token.tenant, "Conexão").await? };
    let mut write = Write::begin(engine, &system).await?;
    // Of several that come back at once one is told of.
    if !sessions::end_one(&write, user, token.id).await? {
        return Ok(());
    }
    tracing::warn!(session.id = %token.id, "refresh token came back after rotation; log-in ended");
    write.note(entry(user, "session_reused"));
    notice::tell(engine, &mut write, user, News::SessionReused, "").await?;
    write.commit(401, &serde_json::Value::Null).await?;
    sessions::announce_end(engine, token.tenant, user).await;
    Ok(())
}

/// Ends the log-in that the refresh token belongs to, if it is good.
pub async fn logout(engine: &Engine, token: &str, ip: Option<String>) -> Result<(), Problem> {
    let Some(token) = Refresh::read(token) else { return Ok(()) };
    let tx = engine.db.read(token.tenant).await.refused()?;
    let row = session::Entity::find_by_id((token.tenant.0, token.id)).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let genuine = token.is_genuine(engine)?;
    let Some(row) = row.filter(|s| genuine || s.token_hash == token.hash()) else { return Ok(()) };
    // Whoever may not come in any more may still go out.
    let session = match session_of(engine, token.tenant, row.user_id).await {
        Ok(session) => session,
        Err(_) => engine.system(token.tenant, "Conexão").await?,
    };
    let mut write = Write::begin(engine, &Session { ip, ..session }).await?;
    if sessions::end_one(&write, row.user_id, token.id).await? {
        write.note(entry(row.user_id, "logout"));
        write.commit(204, &serde_json::Value::Null).await?;
        sessions::announce_end(engine, token.tenant, row.user_id).await;
    }
    Ok(())
}

/// A refresh token: where it belongs, which generation, and the secret part.
struct Refresh {
    tenant: Tenant,
    id: Uuid,
    generation: i64,
    secret: String,
}

impl Refresh {
    /// The token of a generation. Its secret follows from the master secret, so
    /// that one handed out long ago can be told from one made up.
    fn mint(engine: &Engine, tenant: Tenant, id: Uuid, generation: i64) -> Result<Self, Problem> {
        let derived = engine.identity.keys.derive(Use::Refresh, &format!("{}:{id}:{generation}", tenant.0))?;
        Ok(Self { tenant, id, generation, secret: hex::encode(Sha256::digest(derived.as_bytes())) })
    }

    /// Whether the token was handed out once.
    fn is_genuine(&self, engine: &Engine) -> Result<bool, Problem> {
        // Hashes are compared, so that the time tells nothing about the secret.
        Ok(Self::mint(engine, self.tenant, self.id, self.generation)?.hash() == self.hash())
    }

    fn write(&self) -> String {
        format!("{}.{}.{}.{}", self.tenant.0, self.id.simple(), self.generation, self.secret)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let token = Self {
            tenant: Tenant(parts.next()?.parse().ok()?),
            id: Uuid::parse_str(parts.next()?).ok()?,
            generation: parts.next()?.parse().ok().filter(|n| (1..i64::MAX).contains(n))?,
            secret: parts.next().filter(|s| s.len() == 64)?.to_owned(),
        };
        parts.next().is_none().then_some(token)
    }

    fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.write().as_bytes()))
    }
}
