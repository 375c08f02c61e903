//! Mechanism 3: permission as a capability. A session yields a gate for one
//! resource and one verb, or nothing; reads and writes take the gate.

use std::{collections::HashMap, sync::Arc};

use conexao_domain::{
    identity::role::Scope,
    kernel::{
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    locale::Locale,
};
use conexao_storage::Tenant;
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::tokens::Acting;

/// Permission name → the rows it reaches.
pub type Permissions = HashMap<String, Scope>;

/// Somebody who acts: who, for which tenant, with which permissions.
#[derive(Debug, Clone)]
pub struct Session {
    pub tenant: Tenant,
    /// The user; nil for the system itself.
    pub user: Uuid,
    pub name: String,
    pub permissions: Arc<Permissions>,
    pub time_zone: chrono_tz::Tz,
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
    /// The system acting for a tenant: jobs, reactions, seeding.
    pub fn system(tenant: Tenant, name: &str) -> Self {
        let all = conexao_domain::registry::permissions();
        Self {
            tenant,
            user: Uuid::nil(),
            name: name.to_owned(),
            permissions: Arc::new(all.into_iter().map(|p| (p, Scope::All)).collect()),
            time_zone: chrono_tz::America::Sao_Paulo,
            locale: Locale::PtBr,
            token: None,
            login: None,
            must_enrol: false,
            request_id: None,
            ip: None,
            idempotency: None,
        }
    }

    pub fn can(&self, permission: &str) -> bool {
        self.permissions.contains_key(permission)
    }

    /// Whether the session holds a permission and reaches as many rows with it.
    pub(crate) fn covers(&self, permission: &str, reach: Scope) -> bool {
        self.permissions.get(permission).is_some_and(|own| *own == Scope::All || reach == Scope::Own)
    }

    /// Refuses unless the session holds a permission that belongs to no resource.
    pub fn require(&self, permission: &str) -> Result<(), Problem> {
        if self.can(permission) { Ok(()) } else { Err(Problem::new(Code::Forbidden).detail(permission)) }
    }

    /// The capability to do `verb` on `resource`.
    pub fn gate(&self, resource: &'static Resource, verb: &str) -> Result<Gate, Problem> {
        let permission = format!("{}.{verb}", resource.name);
        let scope = self.permissions.get(&permission).copied();
        let scope = scope.ok_or_else(|| Problem::new(Code::Forbidden).detail(permission))?;
        Ok(Gate { session: self.clone(), resource, scope })
    }

    /// Who repeats a request: each token for itself, apart from its owner.
    pub fn repeater(&self) -> Uuid {
        self.token.as_ref().map_or(self.user, |token| token.id)
    }

    /// The acting user where only a person will do.
    pub fn person(&self) -> Option<Uuid> {
        self.user_id().filter(|_| !self.token.as_ref().is_some_and(|token| token.service))
    }

    /// The acting user for columns that refer to one.
    pub fn user_id(&self) -> Option<Uuid> {
        Some(self.user).filter(|id| !id.is_nil())
    }
}

/// Proof that the session may do one verb on one resource, within a row scope.
#[derive(Debug, Clone)]
pub struct Gate {
    pub session: Session,
    pub resource: &'static Resource,
    scope: Scope,
}

impl Gate {
    /// The rows the gate reaches, as a condition for lists.
    pub(crate) fn rows(&self) -> Condition {
        if self.scope == Scope::All {
            return Condition::all();
        }
        let user = self.session.user;
        let owned = self.resource.field("owner_id").map(|f| Expr::col(f.name).eq(user));
        Condition::any().add(Expr::col("created_by").eq(user)).add_option(owned)
    }

    /// Whether the gate reaches this record.
    pub(crate) fn reaches(&self, record: &Record) -> bool {
        let user = self.session.user.to_string();
        self.scope == Scope::All || ["owner_id", "created_by"].iter().any(|field| record.text(field) == Some(&user))
    }
}
