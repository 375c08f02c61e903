//! Grants as a person ticks them: patterns give way to what they covered when
//! one of these goes.

use conexao_domain::{identity::role::covers, registry};

/// Whether a permission is granted, by its name or by a pattern.
pub fn has(grants: &[String], permission: &str) -> bool {
    grants.iter().any(|grant| covers(grant, permission))
}

/// The grants with a permission given.
pub fn give(grants: &[String], permission: &str) -> Vec<String> {
    let mut out = grants.to_vec();
    if !has(grants, permission) {
        out.push(permission.to_owned());
    }
    out
}

/// The grants with a permission taken.
pub fn take(grants: &[String], permission: &str) -> Vec<String> {
    let all = registry::permissions();
    let mut out: Vec<String> = grants.iter().filter(|grant| !covers(grant, permission)).cloned().collect();
    let patterns = grants.iter().filter(|grant| covers(grant, permission));
    let covered = patterns.flat_map(|grant| all.iter().filter(move |p| covers(grant, p)));
    for left in covered.filter(|p| *p != permission) {
        if !has(&out, left) {
            out.push(left.clone());
        }
    }
    out
}

/// The grants with everything of one resource (or, with `*`, everything there is and will be).
pub fn give_all(grants: &[String], pattern: &str) -> Vec<String> {
    let all = registry::permissions();
    let of_it = |grant: &String| {
        let mut covered = all.iter().filter(|p| covers(grant, p)).peekable();
        covered.peek().is_some() && covered.all(|p| covers(pattern, p))
    };
    let mut out: Vec<String> = grants.iter().filter(|grant| !of_it(grant)).cloned().collect();
    out.push(pattern.to_owned());
    out
}

/// The grants without anything of one resource; with `*` nothing is left.
pub fn take_all(grants: &[String], pattern: &str) -> Vec<String> {
    let all = registry::permissions();
    let gone = all.iter().filter(|permission| covers(pattern, permission));
    gone.fold(grants.to_vec(), |grants, permission| take(&grants, permission))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(grants: &[&str]) -> Vec<String> {
        grants.iter().map(|grant| (*grant).to_owned()).collect()
    }

    #[test]
    fn a_pattern_gives_way_to_the_rest_of_it() {
        let left = take(&list(&["customer.*", "user.read"]), "customer.delete");
        assert!(!has(&left, "customer.delete"));
        assert!(has(&left, "customer.read") && has(&left, "customer.block") && has(&left, "user.read"));
        assert!(!left.iter().any(|grant| grant.contains('*')));
    }

    #[test]
    fn giving_and_taking_meet() {
        let grants = list(&["user.read"]);
        assert_eq!(give(&grants, "user.read"), grants);
        assert_eq!(take(&give(&grants, "customer.read"), "customer.read"), grants);
    }

    #[test]
    fn a_whole_resource_is_one_grant() {
        let grants = give_all(&list(&["customer.read", "customer.delete", "*.read", "user.read"]), "customer.*");
        assert_eq!(grants, list(&["*.read", "user.read", "customer.*"]));
        let none = take_all(&grants, "customer.*");
        assert!(!has(&none, "customer.read") && has(&none, "warranty.read"));
        assert_eq!(give_all(&list(&["customer.*", "audit.read"]), "*"), list(&["*"]));
        assert!(take_all(&list(&["*"]), "*").is_empty());
    }
}
