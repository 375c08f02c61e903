//! Team members as records: listed, edited, audited like everything else.
//! Credentials are kept apart, in tables only the identity service reads.

use crate::kernel::{
    field::{Field, Kind, Lines},
    flow::{Flow, Step, Tone, state},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Resource, Undo},
};

static ROLES: Lines = Lines {
    table: "user_role",
    parent: "user_id",
    fields: &[Field::new("role_id", Kind::Reference("role")).required()],
    min: 1,
    max: 20,
};

static FLOW: Flow = Flow {
    states: &[state("active", Tone::Success), state("pending", Tone::Waiting), state("suspended", Tone::Danger)],
    steps: &[
        Step::new("approve", &["pending"], "active").primary(),
        Step::new("refuse", &["pending"], "suspended").confirm(),
        Step::new("suspend", &["active"], "suspended").confirm(),
        Step::new("reinstate", &["suspended"], "active").primary(),
    ],
};

/// Shortest user name.
const SHORTEST: usize = 3;

/// A user name is typed at the log-in, so its case means nothing.
fn derive(user: &mut Record, _: &Facts) {
    if let Some(name) = user.text("username").map(str::to_lowercase) {
        user.set("username", name);
    }
}

/// Letters, digits and `.-_` between them: nothing that could be an address.
fn check(user: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    let Some(name) = user.text("username") else { return };
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let good = name.len() >= SHORTEST
        && name.bytes().all(|byte| letter(byte) || b".-_".contains(&byte))
        && name.bytes().next().is_some_and(letter)
        && name.bytes().last().is_some_and(letter);
    if !good {
        problems.push(FieldProblem::new("username", "username"));
    }
}

pub static USER: Resource = Resource {
    name: "user",
    path: "users",
    route: "usuarios",
    table: "user_account",
    area: Area::Access,
    icon: "user-round",
    title: "name",
    subtitle: Some("email"),
    fields: &[
        Field::new("name", Kind::Text { max: 120 })
            .identifying()
            .required()
            .list(1)
            .sort()
            .filter()
            .search()
            .section("profile"),
        Field::new("email", Kind::Email)
            .identifying()
            .required()
            .list(1)
            .filter()
            .search()
            .unique()
            .key()
            .section("profile"),
        // What somebody may type at the log-in in the place of the address.
        Field::new("username", Kind::Text { max: 40 }).identifying().filter().search().unique().section("profile"),
        Field::new("status", Kind::State).list(1).filter().sort().system(),
        Field::new("locale", Kind::Choice(&["pt-BR", "en"])).required().default("pt-BR").list(3).section("profile"),
        Field::new("theme", Kind::Choice(&["system", "light", "dark"])).required().default("system").section("profile"),
        Field::new("density", Kind::Choice(&["comfortable", "compact"]))
            .required()
            .default("comfortable")
            .section("profile"),
        Field::new("roles", Kind::Lines(&ROLES)).required().section("access"),
        Field::new("last_login_at", Kind::Instant).list(2).sort().filter().system(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "name",
    derive,
    check,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &["email"],
    merge: None,
    undo: Undo::Never,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_no_addresses() {
        for (name, good) in [
            ("ana", true),
            ("ana.terra-2_b", true),
            ("an", false),
            ("ana@b", false),
            (".ana", false),
            ("ana.", false),
            ("ana terra", false),
            ("joão", false),
        ] {
            let (mut user, mut problems) = (Record::default(), Vec::new());
            user.set("username", name);
            check(&user, &Facts::default(), &mut problems);
            assert_eq!(problems.is_empty(), good, "{name}");
        }
    }
}
