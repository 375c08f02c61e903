//! From a token to a session.

use std::{collections::HashMap, net::IpAddr, sync::Arc};

use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::{
        api_token::{API_TOKEN, TOKEN},
        role::{Scope, covers},
    },
    kernel::{
        problem::{Code, Problem},
        record::Record,
        value::Network,
    },
    locale::Locale,
    registry,
};
use conexao_storage::{Tenant, Tx, entity::tenant, table};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{Acting, Allowance, Bounds, Plan, text};
use crate::{
    Engine, Session,
    gate::Permissions,
    identity,
    refusal::Refused,
    secrets,
    tenants::{self, House},
};

fn refused() -> Problem {
    Problem::new(Code::Unauthenticated)
}

/// A program that came in.
#[derive(Debug)]
pub struct Entered {
    pub session: Session,
    /// What is left of its minute.
    pub allowance: Allowance,
    /// Why it may not do anything now although we know it: it came too often.
    pub refused: Option<Problem>,
}

/// A program that presents a token from an address; `None` when the text is
/// no token of ours at all.
pub async fn authenticate(engine: &Engine, presented: &str, address: Option<&str>) -> Option<Result<Entered, Problem>> {
    let tenant = text::tenant(TOKEN.prefix, presented)?;
    Some(enter(engine, Tenant(tenant), presented, address).await)
}

async fn enter(engine: &Engine, tenant: Tenant, presented: &str, address: Option<&str>) -> Result<Entered, Problem> {
    let now = engine.now();
    let house = engine.house(tenant).await.map_err(|_| refused())?;
    let tx = engine.db.read(tenant).await.refused()?;
    let id = secrets::holder(&tx, presented, now).await?.ok_or_else(refused)?;
    let record = load(&tx, id).await?;
    if !admits(&record, address) {
        return Err(Problem::new(Code::Forbidden).detail("address"));
    }
    let (session, plan) = bounded(engine, &tx, &record, house).await?;
    tx.rollback().await.refused()?;
    engine.tokens.known.insert(super::fingerprint(presented), id);
    let own = record.integer("per_minute").and_then(|n| u32::try_from(n).ok());
    let (allowance, refused) = engine.tokens.windows.take(tenant.0, id, own, plan, now);
    engine.tokens.usage.seen(tenant, id, address, now);
    Ok(Entered { session, allowance, refused })
}

/// The live record of a token, with scopes, roles and networks.
async fn load(tx: &Tx, id: Uuid) -> Result<Record, Problem> {
    let mut found = table::by_ids(tx, &API_TOKEN, &[id], false).await.refused()?;
    table::fill(tx, &API_TOKEN, &mut found).await.refused()?;
    found.pop().ok_or_else(refused)
}

/// Whether the address is on the list of those that may come; an empty list
/// admits all, an unknown address none.
fn admits(record: &Record, address: Option<&str>) -> bool {
    let networks = record.lines("networks");
    let address: Option<IpAddr> = address.and_then(|text| text.parse().ok());
    networks.is_empty()
        || address.is_some_and(|address| {
            let ranges = networks.iter().filter_map(|line| Network::parse(line.text("network")?).ok());
            ranges.into_iter().any(|range| range.contains(address))
        })
}

/// The session of a token that is good as of now.
async fn bounded(engine: &Engine, tx: &Tx, record: &Record, house: Arc<House>) -> Result<(Session, Plan), Problem> {
    let expired = record.instant("expires_at").is_some_and(|at| at <= engine.now());
    if record.text("status") != Some("active") || expired {
        return Err(refused());
    }
    if house.suspended {
        return Err(tenants::suspended(house.reason.as_deref()));
    }
    let id = Uuid::parse_str(record.id()).map_err(|_| refused())?;
    let owner = record.text("owner_id").and_then(|id| Uuid::parse_str(id).ok());
    let key = (id, record.version());
    let bounds = if let Some(bounds) = engine.tokens.bounds.get(&key) {
        bounds
    } else {
        let bounds = bounds(tx, record, owner, engine.now()).await?;
        engine.tokens.bounds.insert(key, bounds.clone());
        bounds
    };
    let locale = house.company.locale;
    let session = Session {
        user: owner.unwrap_or(id),
        name: bounds.name,
        permissions: bounds.permissions,
        team: bounds.team,
        time_zone: house.company.zone,
        house,
        // A program that belongs to nobody speaks as its company does.
        locale: if owner.is_some() { bounds.locale } else { locale },
        must_enrol: bounds.must_enrol,
        token: Some(Acting { id, service: owner.is_none() }),
        ..Session::system(tx.tenant(), "")
    };
    Ok((session, bounds.plan))
}

async fn bounds(tx: &Tx, record: &Record, owner: Option<Uuid>, now: DateTime<Utc>) -> Result<Bounds, Problem> {
    let roles = identity::role_permissions(tx, record).await?;
    let own = scoped(record, roles.as_ref());
    let label = format!("{} {}", record.text("name").unwrap_or_default(), record.text("hint").unwrap_or_default());
    let company = tenant::Entity::find().filter(tenant::Column::Id.eq(tx.tenant().0)).one(&**tx).await.refused()?;
    let company = company.filter(|company| company.status == "active").ok_or_else(refused)?;
    let plan = Plan::of(&company.settings);
    let Some(owner) = owner else {
        let (permissions, name) = (Arc::new(own), format!("token {label}"));
        return Ok(Bounds { permissions, team: Arc::default(), name, locale: Locale::PtBr, plan, must_enrol: false });
    };
    // A personal token may do what its owner may, as they are now; it does not
    // stand in for those the owner stands in for.
    let person = identity::session_in(tx, owner, now).await?;
    let both = own.into_iter().filter_map(|(permission, scope)| {
        let held = person.permissions.get(&permission).copied()?;
        Some((permission, held.min(scope)))
    });
    let (permissions, name) = (Arc::new(both.collect::<Permissions>()), format!("{} (token {label})", person.name));
    Ok(Bounds { permissions, team: person.team, name, locale: person.locale, plan, must_enrol: person.must_enrol })
}

/// The token's scopes, as far as its roles go where it has any.
pub(crate) fn scoped(record: &Record, roles: Option<&Permissions>) -> Permissions {
    let scopes = record.lines("scopes");
    let named =
        |permission: &String| scopes.iter().any(|s| s.text("permission").is_some_and(|s| covers(s, permission)));
    let reach = |permission: String| match roles {
        None => Some((permission, Scope::All)),
        Some(roles) => roles.get(&permission).copied().map(|scope| (permission, scope)),
    };
    registry::permissions().into_iter().filter(named).filter_map(reach).collect::<HashMap<_, _>>()
}

/// The session of a token without its text: for jobs that act for it.
pub(crate) async fn session_of(engine: &Engine, tenant: Tenant, id: Uuid) -> Result<Session, Problem> {
    let house = engine.house(tenant).await?;
    let tx = engine.db.read(tenant).await.refused()?;
    let record = load(&tx, id).await?;
    let (session, _) = bounded(engine, &tx, &record, house).await?;
    tx.rollback().await.refused()?;
    Ok(session)
}
