//! An address that nobody writes to any more, and why. Removing the record
//! lets messages go there again.

use crate::kernel::{
    field::{Field, Kind},
    resource::{Area, Resource, no_derivation, no_rules},
};

/// The reason of one that a person wrote down.
pub const BY_HAND: &str = "manual";

pub static SUPPRESSION: Resource = Resource {
    name: "suppression",
    path: "suppressions",
    route: "enderecos-bloqueados",
    table: "suppression",
    area: Area::Settings,
    icon: "ban",
    title: "address",
    subtitle: None,
    fields: &[
        Field::new("address", Kind::Email)
            .required()
            .list(1)
            .filter()
            .unique()
            .key()
            .section("profile")
            .editable_while(&[]),
        Field::new("reason", Kind::Choice(&[BY_HAND, "hard_bounce", "soft_bounces", "complaint"]))
            .required()
            .default(BY_HAND)
            .list(1)
            .filter()
            .section("profile"),
        Field::new("note", Kind::LongText { max: 500 }).section("profile"),
    ],
    flow: None,
    counters: &[],
    default_sort: "-created_at",
    derive: no_derivation,
    check: no_rules,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
};
