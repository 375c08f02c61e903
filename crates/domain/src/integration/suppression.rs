//! An address or number that nobody writes to any more, and why. Removing the record
//! lets messages go there again.

use crate::kernel::{
    field::{Field, Kind},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Resource, Undo, no_derivation},
};

/// The reason of one that a person wrote down.
pub const BY_HAND: &str = "manual";

pub static SUPPRESSION: Resource = Resource {
    name: "suppression",
    path: "suppressions",
    route: "enderecos-bloqueados",
    table: "suppression",
    area: Area::Messages,
    icon: "ban",
    title: "address",
    subtitle: None,
    fields: &[
        Field::new("address", Kind::Email)
            .identifying()
            .list(1)
            .filter()
            .unique()
            .key()
            .section("profile")
            .editable_while(&[]),
        Field::new("phone", Kind::Phone).list(1).filter().unique().section("profile").editable_while(&[]),
        Field::new("reason", Kind::Choice(&[BY_HAND, "hard_bounce", "soft_bounces", "complaint", "opt_out"]))
            .required()
            .default(BY_HAND)
            .list(1)
            .filter()
            .section("profile"),
        Field::new("note", Kind::LongText { max: 500 }).identifying().section("profile"),
    ],
    flow: None,
    counters: &[],
    default_sort: "-created_at",
    derive: no_derivation,
    check: one_of_both,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};

fn one_of_both(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    match (record.text("address"), record.text("phone")) {
        (None, None) => problems.push(FieldProblem::new("address", "required")),
        (Some(_), Some(_)) => problems.push(FieldProblem::new("phone", "either")),
        _ => {}
    }
}
