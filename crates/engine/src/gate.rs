//! Mechanism 3: permission as a capability. A session yields a gate for one
//! resource and one verb, or nothing; reads and writes take the gate.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};

use conexao_domain::{
    identity::role::Scope,
    kernel::{
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    locale::Locale,
    settings::TenantClock,
};
use conexao_storage::Tenant;
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{tenants::House, tokens::Acting};

/// Permission name → the rows it reaches.
pub type Permissions = HashMap<String, Scope>;

/// Whose rows somebody reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    All,
    /// What these people own or created.
    Of(BTreeSet<Uuid>),
}

impl Reach {
    /// What a scope means for a user with these team mates.
    fn of(scope: Scope, user: Uuid, team: &[Uuid]) -> Self {
        let mates = team.iter().copied().filter(|_| scope == Scope::Team);
        if scope == Scope::All { Self::All } else { Self::Of(mates.chain([user]).collect()) }
    }

    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Of(some), Self::Of(others)) => Self::Of(&some | &others),
            _ => Self::All,
        }
    }

    /// Whether the rows of this person are within.
    pub(crate) fn has(&self, person: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::Of(people) => people.contains(&person),
        }
    }

    fn holds(&self, record: &Record) -> bool {
        let person = |field: &&str| record.text(field).and_then(|id| Uuid::parse_str(id).ok());
        *self == Self::All || ["owner_id", "created_by"].iter().filter_map(person).any(|person| self.has(person))
    }
}

/// Somebody absent whom a session stands in for.
#[derive(Debug, Clone)]
pub struct Standing {
    pub user: Uuid,
    pub name: String,
    /// The last day of it.
    pub until: NaiveDate,
    /// What the absent person's roles grant, as far as it is lent.
    pub permissions: Permissions,
    /// The absent person's team mates.
    pub team: Vec<Uuid>,
}

/// The absent person in whose place something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behalf {
    pub user: Uuid,
    pub name: String,
}

/// Somebody who acts: who, for which tenant, with which permissions.
#[derive(Debug, Clone)]
pub struct Session {
    pub tenant: Tenant,
    /// The user; nil for the system itself.
    pub user: Uuid,
    pub name: String,
    /// What its own roles grant. What it may do at all is more while it stands in for somebody.
    pub permissions: Arc<Permissions>,
    /// Who shares a team with the user; empty where nothing is granted for the team.
    pub team: Arc<Vec<Uuid>>,
    /// Whom it stands in for now.
    pub standing: Arc<Vec<Standing>>,
    pub time_zone: chrono_tz::Tz,
    /// The tenant: its kind, its settings, its clock.
    pub house: Arc<House>,
    pub locale: Locale,
    /// The API token the session acts with.
    pub token: Option<Acting>,
    /// The log-in the session came by.
    pub login: Option<Uuid>,
    /// Whether a role demands a second factor that the user does not have yet.
    pub must_enrol: bool,
    pub request_id: Option<String>,
    pub ip: Option<String>,
    /// Key and request hash when the caller may repeat this request.
    pub idempotency: Option<(String, String)>,
}

impl Session {
    /// The system acting for a tenant in what has no date: whatever reads its
    /// zone, calendar or clock asks [`crate::Engine::system`].
    pub fn system(tenant: Tenant, name: &str) -> Self {
        let operation = conexao_domain::registry::OPERATION.iter().map(|p| (*p).to_owned());
        let all = conexao_domain::registry::permissions().into_iter().chain(operation);
        Self {
            tenant,
            user: Uuid::nil(),
            name: name.to_owned(),
            permissions: Arc::new(all.map(|p| (p, Scope::All)).collect()),
            team: Arc::default(),
            standing: Arc::default(),
            time_zone: chrono_tz::America::Sao_Paulo,
            house: Arc::default(),
            locale: Locale::PtBr,
            token: None,
            login: None,
            must_enrol: false,
            request_id: None,
            ip: None,
            idempotency: None,
        }
    }

    /// The same by the world's clock where the resource is administration: who
    /// may come in and what is sent to people goes by no other.
    fn by_clock_of(&self, resource: &Resource) -> Self {
        let mut session = self.clone();
        if session.house.clock.is_moved() && resource.area.is_administration() {
            session.house = Arc::new(House { clock: TenantClock::Real, ..(*self.house).clone() });
        }
        session
    }

    /// A moment of the world as a record of the resource says it.
    pub(crate) fn moment(&self, resource: &Resource, real: DateTime<Utc>) -> DateTime<Utc> {
        if resource.area.is_administration() { real } else { self.house.clock.show(real) }
    }

    pub fn can(&self, permission: &str) -> bool {
        self.permissions.contains_key(permission)
            || self.standing.iter().any(|standing| standing.permissions.contains_key(permission))
    }

    /// Whether the session holds a permission by itself and reaches as many
    /// rows with it. What it holds for somebody absent is nothing to hand on.
    pub(crate) fn covers(&self, permission: &str, reach: Scope) -> bool {
        self.permissions.get(permission).is_some_and(|own| *own >= reach)
    }

    /// Whether its own grants reach the rows of a person with a permission.
    pub(crate) fn reaches_by_itself(&self, permission: &str, person: Uuid) -> bool {
        let own = self.permissions.get(permission).map(|scope| Reach::of(*scope, self.user, &self.team));
        own.is_some_and(|reach| reach.has(person))
    }

    /// The rows a permission reaches, also in the place of others.
    pub fn reach(&self, permission: &str) -> Option<Reach> {
        let own = self.permissions.get(permission).map(|scope| Reach::of(*scope, self.user, &self.team));
        let lent = self.standing.iter().filter_map(|lent| lent.reach(permission));
        own.into_iter().chain(lent).reduce(Reach::join)
    }

    /// Every permission the session has, its own and those of people it stands in for.
    pub fn held(&self) -> BTreeSet<&str> {
        let lent = self.standing.iter().flat_map(|standing| standing.permissions.keys());
        self.permissions.keys().chain(lent).map(String::as_str).collect()
    }

    /// Refuses unless the session holds a permission that belongs to no resource.
    pub fn require(&self, permission: &str) -> Result<(), Problem> {
        if self.can(permission) { Ok(()) } else { Err(Problem::new(Code::Forbidden).detail(permission)) }
    }

    /// The capability to do `verb` on `resource`.
    pub fn gate(&self, resource: &'static Resource, verb: &str) -> Result<Gate, Problem> {
        let permission = format!("{}.{verb}", resource.name);
        match self.reach(&permission) {
            Some(reach) => Ok(Gate { session: self.by_clock_of(resource), resource, permission, reach }),
            None => Err(Problem::new(Code::Forbidden).detail(permission)),
        }
    }

    /// Who repeats a request: each token for itself, apart from its owner.
    pub fn repeater(&self) -> Uuid {
        self.token.as_ref().map_or(self.user, |token| token.id)
    }

    /// The acting user where only a person will do.
    pub fn person(&self) -> Option<Uuid> {
        self.user_id().filter(|_| !self.token.as_ref().is_some_and(|token| token.service))
    }

    /// The acting user, who is here and sent no token: a token changes nothing
    /// about how its owner comes in or is reached.
    pub fn in_person(&self) -> Result<Uuid, Problem> {
        let person = self.user_id().filter(|_| self.token.is_none());
        person.ok_or_else(|| Problem::new(Code::Forbidden).detail("token"))
    }

    /// The acting user for columns that refer to one.
    pub fn user_id(&self) -> Option<Uuid> {
        Some(self.user).filter(|id| !id.is_nil())
    }
}

impl Standing {
    fn reach(&self, permission: &str) -> Option<Reach> {
        self.permissions.get(permission).map(|scope| Reach::of(*scope, self.user, &self.team))
    }
}

/// Proof that the session may do one verb on one resource, within a row scope.
#[derive(Debug, Clone)]
pub struct Gate {
    pub session: Session,
    pub resource: &'static Resource,
    permission: String,
    reach: Reach,
}

impl Gate {
    /// Whether no row is beyond the gate.
    pub(crate) fn reaches_all(&self) -> bool {
        self.reach == Reach::All
    }

    /// The rows the gate reaches, as a condition for lists. Both sides of it
    /// have an index, so that few rows among many are found without a walk.
    pub(crate) fn rows(&self) -> Condition {
        let Reach::Of(people) = &self.reach else { return Condition::all() };
        let theirs = |column: &'static str| Expr::col(column).is_in(people.iter().copied());
        let owned = self.resource.field("owner_id").map(|field| theirs(field.name));
        Condition::any().add(theirs("created_by")).add_option(owned)
    }

    /// Whether the gate reaches this record.
    pub(crate) fn reaches(&self, record: &Record) -> bool {
        self.reach.holds(record)
    }

    /// In whose place the session uses the gate on a record (or to make one):
    /// nobody's where its own grants are enough.
    pub(crate) fn behalf(&self, record: Option<&Record>) -> Option<Behalf> {
        let Session { permissions, user, team, standing, .. } = &self.session;
        let enough = |reach: Option<Reach>| reach.is_some_and(|reach| record.is_none_or(|record| reach.holds(record)));
        if enough(permissions.get(&self.permission).map(|scope| Reach::of(*scope, *user, team))) {
            return None;
        }
        let lent = standing.iter().find(|lent| enough(lent.reach(&self.permission)))?;
        Some(Behalf { user: lent.user, name: lent.name.clone() })
    }
}
