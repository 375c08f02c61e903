//! From a token to a session: the user as of now, with roles and permissions.

use async_recursion::async_recursion;
use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::{
        role::{ROLE, Scope, covers},
        user::USER,
    },
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
    locale::Locale,
    registry,
};
use conexao_storage::{
    Tenant, Tx,
    entity::{session, tenant},
    table,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{sessions, two_factor};
use crate::{Engine, Session, gate::Permissions, refusal::Refused, rights, tenants::House};

/// The session behind an access token; refused when the token, the log-in or
/// the user is no longer good.
#[async_recursion]
pub async fn authenticate(engine: &Engine, token: &str) -> Result<Session, Problem> {
    engine.catch_up();
    let claims = engine.identity.keys.admit(&engine.db, token, engine.now()).await?;
    if let Some(session) = engine.identity.seen.get(&claims.sid) {
        return Ok(session);
    }
    let tenant = Tenant(claims.tenant);
    let tx = engine.db.read(tenant).await.refused()?;
    let row = session::Entity::find_by_id((tenant.0, claims.sid)).one(&*tx).await.refused()?;
    let live = row.is_some_and(|s| s.revoked_at.is_none() && s.user_id == claims.sub && s.expires_at > engine.now());
    if !live {
        return Err(Problem::new(Code::Unauthenticated));
    }
    let session = Session { login: Some(claims.sid), ..session_in(&tx, claims.sub, engine.now()).await? };
    tx.rollback().await.refused()?;
    engine.identity.seen.insert(claims.sid, session.clone());
    Ok(session)
}

/// The session of a user without a log-in: for jobs that act for them.
#[async_recursion]
pub async fn session_of(engine: &Engine, tenant: Tenant, user: Uuid) -> Result<Session, Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let session = session_in(&tx, user, engine.now()).await?;
    tx.rollback().await.refused()?;
    Ok(session)
}

/// The session of a log-in that lasts, and of its user as of now.
#[async_recursion]
pub(crate) async fn session_of_login(
    engine: &Engine,
    tenant: Tenant,
    user: Uuid,
    login: Option<Uuid>,
) -> Result<Session, Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    if let Some(login) = login
        && !sessions::lasts(&tx, login, engine.now()).await?
    {
        return Err(Problem::new(Code::Unauthenticated));
    }
    let session = Session { login, ..session_in(&tx, user, engine.now()).await? };
    tx.rollback().await.refused()?;
    Ok(session)
}

/// The session of a user as the open transaction sees them at a moment.
#[async_recursion]
pub(crate) async fn session_in(tx: &Tx, id: Uuid, now: DateTime<Utc>) -> Result<Session, Problem> {
    let refused = || Problem::new(Code::Unauthenticated);
    let company = tenant::Entity::find().filter(tenant::Column::Id.eq(tx.tenant().0)).one(&**tx).await.refused()?;
    let house = House::of(&company.ok_or_else(refused)?);
    if house.suspended {
        return Err(refused());
    }
    let mut users = table::by_ids(tx, &USER, &[id], false).await.refused()?;
    users.retain(|user| user.text("status") == Some("active"));
    table::fill(tx, &USER, &mut users).await.refused()?;
    let user = users.pop().ok_or_else(refused)?;
    let time_zone = house.company.zone;
    let roles = roles_of(tx, &user).await?;
    let permissions = granted(&roles, &house.permissions());
    let team = rights::team_for(tx, id, &permissions).await?;
    let standing = rights::standing(tx, id, now.with_timezone(&time_zone).date_naive()).await?;
    Ok(Session {
        tenant: tx.tenant(),
        user: id,
        name: user.text("name").unwrap_or_default().to_owned(),
        permissions: Arc::new(permissions),
        team: Arc::new(team),
        standing: Arc::new(standing),
        time_zone,
        house: Arc::new(house),
        locale: if user.text("locale") == Some("en") { Locale::En } else { Locale::PtBr },
        token: None,
        login: None,
        must_enrol: two_factor::missing(tx, id, &roles).await?,
        request_id: None,
        ip: None,
        idempotency: None,
    })
}

/// What the roles of a record that is no user permit; `None` where it has none.
pub(crate) async fn role_permissions(tx: &Tx, record: &Record) -> Result<Option<Permissions>, Problem> {
    if record.lines("roles").is_empty() {
        return Ok(None);
    }
    permissions(tx, record).await.map(Some)
}

/// The union of the user's roles; a permission held in several scopes has the widest.
#[async_recursion]
pub(crate) async fn permissions(tx: &Tx, user: &Record) -> Result<Permissions, Problem> {
    Ok(granted(&roles_of(tx, user).await?, &registry::permissions()))
}

/// The roles of a user with their grants.
pub(super) async fn roles_of(tx: &Tx, user: &Record) -> Result<Vec<Record>, Problem> {
    let ids: Vec<Uuid> = user.lines("roles").iter().filter_map(|l| Uuid::parse_str(l.text("role_id")?).ok()).collect();
    let mut roles = table::by_ids(tx, &ROLE, &ids, false).await.refused()?;
    table::fill(tx, &ROLE, &mut roles).await.refused()?;
    Ok(roles)
}

/// What roles grant together, of the permissions there are in their tenant.
pub(crate) fn granted<'a>(roles: impl IntoIterator<Item = &'a Record>, known: &[String]) -> Permissions {
    let mut granted: Permissions = HashMap::new();
    for role in roles {
        for line in role.lines("grants") {
            let (reach, grant) = (line_scope(role, &line), line.text("permission").unwrap_or_default());
            for permission in known.iter().filter(|permission| covers(grant, permission)) {
                let held = granted.entry(permission.clone()).or_insert(reach);
                *held = reach.max(*held);
            }
        }
    }
    granted
}

/// The rows a role reaches where a grant says nothing else.
pub(crate) fn scope(role: &Record) -> Scope {
    role.text("scope").and_then(Scope::parse).unwrap_or(Scope::All)
}

/// The rows one grant of a role reaches.
pub(crate) fn line_scope(role: &Record, line: &Record) -> Scope {
    line.text("scope").and_then(Scope::parse).unwrap_or_else(|| scope(role))
}

/// Those of the known permissions that a line of a role's grants covers.
pub(crate) fn covered<'a>(line: &Record, known: &'a [String]) -> Vec<&'a String> {
    let grant = line.text("permission").unwrap_or_default();
    known.iter().filter(|permission| covers(grant, permission)).collect()
}

/// Whether a role of the record demands a second factor that the user does not have.
pub(crate) async fn lacks_factor(tx: &Tx, user: Uuid, record: &Record) -> Result<bool, Problem> {
    two_factor::missing(tx, user, &roles_of(tx, record).await?).await
}
