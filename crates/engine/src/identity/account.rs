//! Passwords of accounts, and accounts made outside the browser (seed, CLI).

use conexao_domain::{
    identity::{role::ROLE, user::USER},
    kernel::{
        problem::{Code, Problem},
        query,
        record::Record,
    },
};
use conexao_storage::entity::credential;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    bounds::account_within,
    notice::{self, News},
    password,
    proof::{self, Proof},
    sessions, two_factor,
};
use crate::{
    Engine, Gate, Session,
    journal::{Entry, Write},
    read,
    refusal::Refused,
    write,
};

/// Sets a user's password; the gate is `user.update`.
pub async fn set_password(engine: &Engine, gate: &Gate, user: Uuid, text: &str) -> Result<(), Problem> {
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let record = read::load(&tx, gate, user).await?;
    tx.rollback().await.refused()?;
    password::check(engine, text, &password::known_of(&record))?;
    let hash = password::hash(text.to_owned()).await?;
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = read::load(&write.tx, gate, user).await?;
    account_within(&write.tx, &gate.session, &record).await?;
    let changed = keep_password(&write, user, &hash).await?;
    end_sessions(&write, user).await?;
    write.note(entry(user, "set_password"));
    if changed {
        notice::tell(engine, &mut write, user, News::PasswordChanged, "").await?;
    }
    write.commit(204, &Json::Null).await?;
    sessions::announce_end(engine, gate.session.tenant, user).await;
    Ok(())
}

fn entry(user: Uuid, action: &str) -> Entry {
    Entry { resource: USER.name, record_id: Some(user), action: action.to_owned(), changes: Map::new() }
}

/// Changes the acting user's own password; every other log-in ends.
pub async fn change_password(engine: &Engine, session: &Session, proof: &Proof, text: &str) -> Result<(), Problem> {
    let user = session.in_person()?;
    let own = own_record(engine, session).await?;
    password::check(engine, text, &password::known_of(&own))?;
    let hash = password::hash(text.to_owned()).await?;
    let (mut write, _) = proof::proved(engine, session, proof).await?;
    keep_password(&write, user, &hash).await?;
    sessions::end_others(&write, user, session.login).await?;
    two_factor::forget_devices(&write.tx, user).await?;
    write.note(entry(user, "change_password"));
    notice::tell(engine, &mut write, user, News::PasswordChanged, "").await?;
    write.commit(204, &Json::Null).await?;
    sessions::announce_end(engine, session.tenant, user).await;
    Ok(())
}

/// Keeps a user's new password; an account that had to wait need not any more.
/// Whether there was one before.
pub(super) async fn keep_password(write: &Write, user: Uuid, hash: &str) -> Result<bool, Problem> {
    let tenant = write.tx.tenant().0;
    let found = credential::Entity::find_by_id((tenant, user)).one(&*write.tx).await.refused()?;
    let fresh = credential::ActiveModel {
        tenant_id: Set(tenant),
        user_id: Set(user),
        password_hash: Set(hash.to_owned()),
        failures: Set(0),
        locked_until: Set(None),
        updated_at: Set(write.now),
    };
    let had = found.is_some();
    match found.map(IntoActiveModel::into_active_model) {
        None => drop(credential::Entity::insert(fresh).exec_without_returning(&*write.tx).await.refused()?),
        Some(mut row) => {
            row.password_hash = Set(hash.to_owned());
            row.failures = Set(0);
            row.locked_until = Set(None);
            row.updated_at = Set(write.now);
            drop(row.update(&*write.tx).await.refused()?);
        }
    }
    Ok(had)
}

/// Whoever logged in with the old password is out, and no device is trusted any more.
pub(super) async fn end_sessions(write: &Write, user: Uuid) -> Result<(), Problem> {
    sessions::end_all(write, user).await?;
    two_factor::forget_devices(&write.tx, user).await
}

/// Creates a user with the roles of these keys and a password.
pub async fn create_user(
    engine: &Engine,
    session: &Session,
    name: &str,
    email: &str,
    roles: &[&str],
    text: &str,
) -> Result<Uuid, Problem> {
    password::check(engine, text, &[name, email])?;
    let mut lines = Vec::new();
    let readable = session.gate(&ROLE, "read")?;
    for key in roles {
        let wanted = query::parse(&ROLE, [("filter[key]", *key)].into_iter(), &[])?;
        let found = read::list(engine, &readable, &wanted).await?;
        let role = found.items.first().ok_or_else(|| Problem::field("role", "reference"))?;
        lines.push(json!({ "role_id": role.id() }));
    }
    let input = Map::from_iter([
        ("name".into(), name.into()),
        ("email".into(), email.into()),
        ("roles".into(), Json::from(lines)),
    ]);
    let user = write::create(engine, &session.gate(&USER, "create")?, &input).await?;
    let id = Uuid::parse_str(user.id()).map_err(|_| Problem::new(Code::Internal))?;
    set_password(engine, &session.gate(&USER, "update")?, id, text).await?;
    Ok(id)
}

/// The acting user's own record; needs no permission beyond being logged in.
pub async fn own_record(engine: &Engine, session: &Session) -> Result<Record, Problem> {
    let own = Session::system(session.tenant, &session.name).gate(&USER, "read")?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let record = read::load(&tx, &own, session.user).await?;
    let seen = read::present(&tx, &USER, vec![record], true).await?.pop();
    tx.rollback().await.refused()?;
    seen.ok_or_else(Problem::not_found)
}

/// Changes the acting user's own settings; the caller bounds which fields.
pub async fn change_own(engine: &Engine, session: &Session, input: &Map<String, Json>) -> Result<(), Problem> {
    // Nobody gave a token the right to change its owner.
    if session.token.is_some() {
        return Err(Problem::new(Code::Forbidden).detail("token"));
    }
    let all = Session::system(session.tenant, &session.name);
    let own = Session { permissions: all.permissions, ..session.clone() }.gate(&USER, "update")?;
    let mut write = Write::begin(engine, session).await?;
    write::apply_patch(engine, &mut write, &own, session.user, None, input).await?;
    write.commit(200, &Json::Null).await?;
    engine.identity.forget();
    Ok(())
}
