//! Grants as a person sets them, each with the rows it reaches: patterns give
//! way to what they covered when one of these changes.

use conexao_domain::{
    identity::role::{Scope, covers},
    registry,
};

/// One grant; without a scope it reaches what its role does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub permission: String,
    pub scope: Option<Scope>,
}

impl Grant {
    pub fn new(permission: &str, scope: Option<Scope>) -> Self {
        Self { permission: permission.to_owned(), scope }
    }
}

/// The widest rows that a permission reaches; `base` is what the role says.
pub fn reach(grants: &[Grant], base: Scope, permission: &str) -> Option<Scope> {
    let covering = grants.iter().filter(|grant| covers(&grant.permission, permission));
    covering.map(|grant| grant.scope.unwrap_or(base)).max()
}

/// The grants with a permission reaching exactly these rows, or nothing.
pub fn set(grants: &[Grant], base: Scope, permission: &str, wanted: Option<Scope>) -> Vec<Grant> {
    let all = registry::permissions();
    let mut out: Vec<Grant> = Vec::new();
    for grant in grants {
        let held = grant.scope.unwrap_or(base);
        let narrows = wanted.is_none_or(|wanted| wanted < held);
        if !covers(&grant.permission, permission) || (grant.permission != permission && !narrows) {
            out.push(grant.clone());
        } else if grant.permission != permission {
            let rest = all.iter().filter(|other| covers(&grant.permission, other) && *other != permission);
            for other in rest {
                if reach(&out, base, other).is_none_or(|known| known < held) {
                    out.push(Grant::new(other, grant.scope));
                }
            }
        }
    }
    if let Some(wanted) = wanted.filter(|wanted| reach(&out, base, permission) != Some(*wanted)) {
        out.push(Grant::new(permission, (wanted != base).then_some(wanted)));
    }
    out
}

/// The grants with everything of one resource (or, with `*`, everything there is and will be).
pub fn give_all(grants: &[Grant], pattern: &str) -> Vec<Grant> {
    let all = registry::permissions();
    let of_it = |grant: &Grant| {
        let mut covered = all.iter().filter(|p| covers(&grant.permission, p)).peekable();
        covered.peek().is_some() && covered.all(|p| covers(pattern, p))
    };
    let mut out: Vec<Grant> = grants.iter().filter(|grant| !of_it(grant)).cloned().collect();
    out.push(Grant::new(pattern, None));
    out
}

/// The grants without anything of one resource; with `*` nothing is left.
pub fn take_all(grants: &[Grant], base: Scope, pattern: &str) -> Vec<Grant> {
    let all = registry::permissions();
    let gone = all.iter().filter(|permission| covers(pattern, permission));
    gone.fold(grants.to_vec(), |grants, permission| set(&grants, base, permission, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(grants: &[&str]) -> Vec<Grant> {
        grants
            .iter()
            .map(|grant| match grant.split_once('@') {
                Some((permission, scope)) => Grant::new(permission, Scope::parse(scope)),
                None => Grant::new(grant, None),
            })
            .collect()
    }

    fn take(grants: &[Grant], permission: &str) -> Vec<Grant> {
        set(grants, Scope::All, permission, None)
    }

    fn has(grants: &[Grant], permission: &str) -> bool {
        reach(grants, Scope::All, permission).is_some()
    }

    #[test]
    fn a_pattern_gives_way_to_the_rest_of_it() {
        let left = take(&list(&["customer.*", "user.read"]), "customer.delete");
        assert!(!has(&left, "customer.delete"));
        assert!(has(&left, "customer.read") && has(&left, "customer.block") && has(&left, "user.read"));
        assert!(!left.iter().any(|grant| grant.permission.contains('*')));
    }

    #[test]
    fn giving_and_taking_meet() {
        let grants = list(&["user.read"]);
        assert_eq!(set(&grants, Scope::All, "user.read", Some(Scope::All)), grants);
        assert_eq!(take(&set(&grants, Scope::All, "customer.read", Some(Scope::Team)), "customer.read"), grants);
    }

    #[test]
    fn a_whole_resource_is_one_grant() {
        let grants = give_all(&list(&["customer.read", "customer.delete", "*.read", "user.read"]), "customer.*");
        assert_eq!(grants, list(&["*.read", "user.read", "customer.*"]));
        let none = take_all(&grants, Scope::All, "customer.*");
        assert!(!has(&none, "customer.read") && has(&none, "warranty.read"));
        assert_eq!(give_all(&list(&["customer.*", "audit.read"]), "*"), list(&["*"]));
        assert!(take_all(&list(&["*"]), Scope::All, "*").is_empty());
    }

    #[test]
    fn a_scope_is_set_for_one_permission_and_no_other() {
        let grants = list(&["customer.*"]);
        let wider = set(&grants, Scope::Own, "customer.read", Some(Scope::All));
        assert_eq!(wider, list(&["customer.*", "customer.read@all"]));
        let narrower = set(&grants, Scope::All, "customer.read", Some(Scope::Team));
        assert_eq!(reach(&narrower, Scope::All, "customer.read"), Some(Scope::Team));
        assert_eq!(reach(&narrower, Scope::All, "customer.update"), Some(Scope::All));
        // What the role says by itself needs no word of its own.
        assert_eq!(set(&[], Scope::Team, "customer.read", Some(Scope::Team)), list(&["customer.read"]));
        let back = set(&wider, Scope::Own, "customer.read", Some(Scope::Own));
        assert_eq!(reach(&back, Scope::Own, "customer.read"), Some(Scope::Own));
    }
}
