//! Team members as records: listed, edited, audited like everything else.
//! Credentials are kept apart, in tables only the identity service reads.

use crate::kernel::{
    field::{Field, Kind, Lines},
    flow::{Flow, Step, Tone, state},
    resource::{Area, Resource, no_derivation, no_rules},
};

static ROLES: Lines = Lines {
    table: "user_role",
    parent: "user_id",
    fields: &[Field::new("role_id", Kind::Reference("role")).required()],
    min: 1,
    max: 20,
};

static FLOW: Flow = Flow {
    states: &[state("active", Tone::Success), state("suspended", Tone::Danger)],
    steps: &[
        Step::new("suspend", &["active"], "suspended").confirm(),
        Step::new("reinstate", &["suspended"], "active").primary(),
    ],
};

pub static USER: Resource = Resource {
    name: "user",
    path: "users",
    route: "usuarios",
    table: "user_account",
    area: Area::Settings,
    icon: "user-round",
    title: "name",
    subtitle: Some("email"),
    fields: &[
        Field::new("name", Kind::Text { max: 120 }).required().list(1).sort().filter().search().section("profile"),
        Field::new("email", Kind::Email).required().list(1).filter().search().unique().key().section("profile"),
        Field::new("status", Kind::State).list(1).filter().sort().system(),
        Field::new("locale", Kind::Choice(&["pt-BR", "en"])).required().default("pt-BR").list(3).section("profile"),
        Field::new("theme", Kind::Choice(&["system", "light", "dark"])).required().default("system").section("profile"),
        Field::new("roles", Kind::Lines(&ROLES)).required().section("access"),
        Field::new("last_login_at", Kind::Instant).list(2).sort().filter().system(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "name",
    derive: no_derivation,
    check: no_rules,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &["email"],
    merge: None,
};
