//! Seeded roles (rows H001–H010). A grant is a permission or a pattern:
//! `*`, `customer.*` (every verb of it), `*.read` (one verb of everything).

use crate::kernel::{
    field::{Field, Kind, Lines},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Resource, Undo, no_derivation},
};

static GRANTS: Lines = Lines {
    table: "role_grant",
    parent: "role_id",
    fields: &[
        Field::new("permission", Kind::Text { max: 80 }).required(),
        // Where the grant reaches other rows than the role does.
        Field::new("scope", Kind::Choice(SCOPES)),
    ],
    min: 0,
    max: 500,
};

pub static ROLE: Resource = Resource {
    name: "role",
    path: "roles",
    route: "papeis",
    table: "role",
    area: Area::Access,
    icon: "shield-check",
    title: "name",
    subtitle: None,
    fields: &[
        Field::new("name", Kind::Text { max: 80 }).required().list(1).sort().filter().search().section("profile"),
        Field::new("key", Kind::Text { max: 40 }).required().list(2).filter().unique().key().section("profile"),
        Field::new("scope", Kind::Choice(SCOPES)).required().default("all").list(1).filter().section("profile"),
        Field::new("requires_two_factor", Kind::Boolean).filter().section("profile"),
        Field::new("grants", Kind::Lines(&GRANTS)).section("access"),
    ],
    flow: None,
    counters: &[],
    default_sort: "name",
    derive: no_derivation,
    check: known_permissions,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Free,
};

/// A grant that covers nothing is a typing mistake.
fn known_permissions(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    // A tenant that has no operator's permissions is refused them by the engine.
    let mut all = crate::registry::permissions();
    all.extend(crate::registry::permissions_of_operator());
    for (i, line) in record.lines("grants").iter().enumerate() {
        let grant = line.text("permission").unwrap_or_default();
        if !all.iter().any(|permission| covers(grant, permission)) {
            problems.push(FieldProblem::new(format!("grants.{i}.permission"), "permission"));
        }
    }
}

/// The scopes by name, the widest first.
pub const SCOPES: &[&str] = &["all", "team", "own"];

/// Which rows a grant reaches; a wider scope is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Records the user owns or created.
    Own,
    /// Records that somebody of the user's teams owns or created.
    Team,
    All,
}

impl Scope {
    /// The word in records and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Team => "team",
            Self::Own => "own",
        }
    }

    /// The scope of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::All, Self::Team, Self::Own].into_iter().find(|scope| scope.name() == name)
    }
}

#[derive(Debug, Clone, Copy)]
pub struct SeededRole {
    /// Stable key and locale key `role.<key>`; `role_text.<key>` says what it is for.
    pub key: &'static str,
    pub scope: Scope,
    pub grants: &'static [&'static str],
    /// Grants that reach the rows of the team only.
    pub team: &'static [&'static str],
}

impl SeededRole {
    /// Every grant with the rows it reaches.
    pub fn granted(&self) -> impl Iterator<Item = (&'static str, Scope)> {
        let (grants, team, scope) = (self.grants, self.team, self.scope);
        grants.iter().map(move |grant| (*grant, scope)).chain(team.iter().map(|grant| (*grant, Scope::Team)))
    }

    /// The rows a permission reaches with the role; none without a grant.
    pub fn reach(&self, permission: &str) -> Option<Scope> {
        self.granted().filter(|(grant, _)| covers(grant, permission)).map(|(_, scope)| scope).max()
    }

    const fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    const fn team(mut self, grants: &'static [&'static str]) -> Self {
        self.team = grants;
        self
    }
}

const fn role(key: &'static str, grants: &'static [&'static str]) -> SeededRole {
    SeededRole { key, scope: Scope::All, grants, team: &[] }
}

/// Roles of the operator's tenant.
pub static OPERATOR_ROLES: &[SeededRole] =
    &[role("operator", &["*"]), role("operator_viewer", &["tenant.read", "user.read", "audit.read"])];

pub static SEEDED_ROLES: &[SeededRole] = &[
    role("super_admin", &["*"]),
    role("admin", &["*"]),
    role(
        "gerente",
        &["customer.*", "warranty.*", "user.read", "role.read", "team.*", "absence.*", "audit.read", "job.manage"],
    ),
    role("admin_cs", &["customer.*", "warranty.*", "user.read", "team.read", "absence.read", "audit.read"]),
    role("conferente", &["*.read", "customer.reveal", "warranty.check", "warranty.send_back", "warranty.export"]),
    role("financeiro", &["*.read", "customer.reveal", "customer.export", "warranty.export"]),
    role("vendedor", &["customer.read", "customer.create", "customer.update", "warranty.read", "warranty.create"]),
    role("mercado_livre", &["customer.read", "warranty.read"]),
    role("tecnico_eletronico", &["customer.read", "warranty.read", "warranty.update"]),
    role("tecnico", &["customer.read", "warranty.read"]).scope(Scope::Own),
    role("operador_cobranca", &["customer.read", "customer.reveal"]).team(&["warranty.read"]),
    role("admin_cobranca", &["customer.*", "warranty.read", "user.read", "team.read", "absence.read"]),
    role("cliente", &[]).scope(Scope::Own),
];

/// Whether a permission looks after the product: people, roles, programs,
/// settings. Nobody comes by such power through an absence alone.
pub fn is_administration(permission: &str) -> bool {
    let resource = permission.split_once('.').and_then(|(resource, _)| crate::registry::by_name(resource));
    resource.is_none_or(|resource| resource.area.is_administration())
}

/// Whether `grant` covers `permission`.
pub fn covers(grant: &str, permission: &str) -> bool {
    if grant == "*" || grant == permission {
        return true;
    }
    let Some((resource, verb)) = permission.split_once('.') else { return false };
    match grant.split_once('.') {
        // "*.read" is for business records; administration is granted by name.
        Some(("*", v)) => {
            let area = crate::registry::by_name(resource).map(|r| r.area);
            v == verb && area.is_some_and(|area| !area.is_administration())
        }
        Some((r, "*")) => r == resource,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::permissions;

    #[test]
    fn every_grant_covers_something() {
        let all = permissions();
        for role in SEEDED_ROLES {
            for (grant, _) in role.granted() {
                assert!(all.iter().any(|p| covers(grant, p)), "{}: {grant}", role.key);
            }
        }
    }

    #[test]
    fn the_widest_scope_wins() {
        let mixed = role("mixed", &["customer.read"]).scope(Scope::Own).team(&["customer.*"]);
        assert_eq!(mixed.reach("customer.read"), Some(Scope::Team));
        assert_eq!(mixed.reach("warranty.read"), None);
        assert!(Scope::All > Scope::Team && Scope::Team > Scope::Own);
        assert!(SCOPES.iter().all(|name| Scope::parse(name).is_some_and(|scope| scope.name() == *name)));
    }

    #[test]
    fn administration_is_told_from_the_companys_work() {
        for permission in ["role.update", "user.read", "api_token.create", "settings.manage", "audit.read"] {
            assert!(is_administration(permission), "{permission}");
        }
        for permission in ["customer.read", "warranty.check"] {
            assert!(!is_administration(permission), "{permission}");
        }
    }

    #[test]
    fn patterns_stay_within_their_side_of_the_dot() {
        assert!(covers("customer.*", "customer.delete"));
        assert!(!covers("customer.*", "warranty.delete"));
        assert!(covers("*.read", "warranty.read"));
        assert!(!covers("*.read", "user.read"));
        assert!(!covers("*.read", "warranty.update"));
    }
}
