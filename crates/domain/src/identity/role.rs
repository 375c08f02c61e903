//! Seeded roles (rows H001–H010). A grant is a permission or a pattern:
//! `*`, `customer.*` (every verb of it), `*.read` (one verb of everything).

use crate::kernel::{
    field::{Field, Kind, Lines},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Resource, no_derivation},
};

static GRANTS: Lines = Lines {
    table: "role_grant",
    parent: "role_id",
    fields: &[Field::new("permission", Kind::Text { max: 80 }).required()],
    min: 0,
    max: 500,
};

pub static ROLE: Resource = Resource {
    name: "role",
    path: "roles",
    route: "papeis",
    table: "role",
    area: Area::Settings,
    icon: "shield-check",
    title: "name",
    subtitle: None,
    fields: &[
        Field::new("name", Kind::Text { max: 80 }).required().list(1).sort().filter().search().section("profile"),
        Field::new("key", Kind::Text { max: 40 }).required().list(2).filter().unique().key().section("profile"),
        Field::new("scope", Kind::Choice(&["all", "own"]))
            .required()
            .default("all")
            .list(1)
            .filter()
            .section("profile"),
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
};

/// A grant that covers nothing is a typing mistake.
fn known_permissions(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    let all = crate::registry::permissions();
    for (i, line) in record.lines("grants").iter().enumerate() {
        let grant = line.text("permission").unwrap_or_default();
        if !all.iter().any(|permission| covers(grant, permission)) {
            problems.push(FieldProblem::new(format!("grants.{i}.permission"), "permission"));
        }
    }
}

/// Which rows of a granted resource a role sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    All,
    /// Records the user owns or created.
    Own,
}

#[derive(Debug, Clone, Copy)]
pub struct SeededRole {
    /// Stable key and locale key `role.<key>`.
    pub key: &'static str,
    pub scope: Scope,
    pub grants: &'static [&'static str],
}

const fn role(key: &'static str, grants: &'static [&'static str]) -> SeededRole {
    SeededRole { key, scope: Scope::All, grants }
}

pub static SEEDED_ROLES: &[SeededRole] = &[
    role("super_admin", &["*"]),
    role("admin", &["*"]),
    role("gerente", &["customer.*", "warranty.*", "user.read", "role.read", "audit.read", "job.manage"]),
    role("admin_cs", &["customer.*", "warranty.*", "user.read", "audit.read"]),
    role("conferente", &["*.read", "customer.reveal", "warranty.check", "warranty.send_back", "warranty.export"]),
    role("financeiro", &["*.read", "customer.reveal", "customer.export", "warranty.export"]),
    role("vendedor", &["customer.read", "customer.create", "customer.update", "warranty.read", "warranty.create"]),
    role("mercado_livre", &["customer.read", "warranty.read"]),
    role("tecnico_eletronico", &["customer.read", "warranty.read", "warranty.update"]),
    SeededRole { key: "tecnico", scope: Scope::Own, grants: &["customer.read", "warranty.read"] },
    SeededRole { key: "operador_cobranca", scope: Scope::All, grants: &["customer.read", "customer.reveal"] },
    role("admin_cobranca", &["customer.*", "user.read"]),
    SeededRole { key: "cliente", scope: Scope::Own, grants: &[] },
];

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
            v == verb && area.is_some_and(|area| area != Area::Settings)
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
            for grant in role.grants {
                assert!(all.iter().any(|p| covers(grant, p)), "{}: {grant}", role.key);
            }
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
