//! Teams: people whose records are each other's business where a role grants
//! the scope *team*. Somebody may be in several.

use crate::kernel::{
    field::{Field, Kind, Lines},
    resource::{Area, Resource, Undo, no_derivation, no_rules},
};

static MEMBERS: Lines = Lines {
    table: "team_member",
    parent: "team_id",
    fields: &[Field::new("user_id", Kind::User).required()],
    min: 0,
    max: 500,
};

pub static TEAM: Resource = Resource {
    name: "team",
    path: "teams",
    route: "equipes",
    table: "team",
    area: Area::Access,
    icon: "users",
    title: "name",
    subtitle: None,
    fields: &[
        Field::new("name", Kind::Text { max: 80 })
            .required()
            .list(1)
            .sort()
            .filter()
            .search()
            .unique()
            .key()
            .section("profile"),
        Field::new("leader_id", Kind::User).list(1).filter().section("profile"),
        Field::new("purpose", Kind::Text { max: 400 }).list(2).search().section("profile"),
        Field::new("members", Kind::Lines(&MEMBERS)).section("members"),
    ],
    flow: None,
    counters: &[],
    default_sort: "name",
    derive: no_derivation,
    check: no_rules,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &["name"],
    merge: None,
    undo: Undo::Free,
};
