//! What a node knows of a tenant: its kind, its settings, its clock. Read
//! once and remembered for seconds; a change is told to every node.

use async_recursion::async_recursion;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{problem::Problem, record::Record},
    registry,
    settings::{Company, TenantClock, TenantKind},
};
use conexao_storage::{Tenant, entity::tenant};

use crate::{
    Engine, Session,
    live::{Event, Kind},
};

/// Longest time for which a node that heard nothing of a change goes on.
const TRUST: Duration = Duration::from_secs(10);

/// A tenant as everything that acts for it needs it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct House {
    pub kind: TenantKind,
    pub clock: TenantClock,
    /// Settings in the form they are used in.
    pub company: Arc<Company>,
    pub suspended: bool,
    pub reason: Option<String>,
}

impl House {
    pub(crate) fn of(row: &tenant::Model) -> Self {
        Self {
            kind: TenantKind::parse(&row.kind),
            clock: serde_json::from_str(&row.clock).unwrap_or_default(),
            company: Arc::new(Company::of(values(row))),
            suspended: row.status != "active",
            reason: row.reason.clone(),
        }
    }

    /// Every permission there is in this tenant.
    pub fn permissions(&self) -> Vec<String> {
        match self.kind {
            TenantKind::Operator => registry::permissions_of_operator(),
            _ => registry::permissions(),
        }
    }

    /// What the tenant's clock shows, when somebody moved it.
    pub fn moved(&self, real: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.clock.is_moved().then(|| self.clock.show(real))
    }
}

/// The settings as they are kept.
pub(super) fn values(row: &tenant::Model) -> Record {
    let settings: serde_json::Value = serde_json::from_str(&row.settings).unwrap_or_default();
    let mut values = settings.get("company").and_then(|c| c.as_object()).cloned().map(Record).unwrap_or_default();
    // The row is what other parts read; it has the last word.
    values.set("name", row.name.clone());
    values.set("time_zone", row.time_zone.clone());
    values
}

/// The tenants this node has seen lately.
#[derive(Debug)]
pub(crate) struct Houses {
    seen: moka::sync::Cache<i32, Arc<House>>,
    /// How many changes were heard of when the memory was last emptied.
    turn: AtomicU64,
}

impl Default for Houses {
    fn default() -> Self {
        let seen = moka::sync::Cache::builder().max_capacity(10_000).time_to_live(TRUST).build();
        Self { seen, turn: AtomicU64::new(0) }
    }
}

impl Engine {
    /// Forgets what changes elsewhere made wrong.
    pub(crate) fn catch_up(&self) {
        let turn = self.hub.turn();
        if self.houses.turn.load(Ordering::Acquire) != turn && self.houses.turn.swap(turn, Ordering::AcqRel) != turn {
            self.houses.seen.invalidate_all();
            self.identity.forget();
            self.tokens.forget();
        }
    }

    /// A tenant as it is now, give or take the moment a signal takes between nodes.
    #[async_recursion]
    pub async fn house(&self, tenant: Tenant) -> Result<Arc<House>, Problem> {
        self.catch_up();
        if let Some(house) = self.houses.seen.get(&tenant.0) {
            return Ok(house);
        }
        let house = Arc::new(House::of(&super::get(self, tenant).await?));
        self.houses.seen.insert(tenant.0, Arc::clone(&house));
        Ok(house)
    }

    /// The system acting for a tenant, by its clock and its settings.
    #[async_recursion]
    pub async fn system(&self, tenant: Tenant, name: &str) -> Result<Session, Problem> {
        let house = self.house(tenant).await?;
        Ok(Session { locale: house.company.locale, ..Session::system(tenant, name).in_house(house) })
    }

    /// Says on every node that a tenant changed.
    pub(crate) async fn announce_change(&self, tenant: Tenant) {
        forget(self);
        let event = Event::new(tenant.0, Kind::Company, None, serde_json::Value::Null);
        self.hub.publish(&self.db, vec![event]).await;
    }
}

/// Forgets what this node remembers of tenants: for whoever changed their rows
/// by other ways than these functions.
pub fn forget(engine: &Engine) {
    engine.houses.seen.invalidate_all();
    engine.identity.forget();
    engine.tokens.forget();
}

impl Session {
    /// The same by the clock and the zone of a tenant.
    pub(crate) fn in_house(mut self, house: Arc<House>) -> Self {
        self.time_zone = house.company.zone;
        self.house = house;
        self
    }
}
