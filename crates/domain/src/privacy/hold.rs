//! A legal hold: as long as it stands, nothing of the person is anonymised.

use crate::kernel::{
    field::{Field, Kind},
    flow::{Flow, Step, Tone, end, state},
    resource::{Area, Resource, Undo, no_derivation, no_rules},
};

const FIXED: &[&str] = &[];

static FLOW: Flow = Flow {
    states: &[state("active", Tone::Danger), end("released", Tone::Muted)],
    steps: &[Step::new("release", &["active"], "released")
        .inputs(&[("release_reason", true)])
        .primary()
        .confirm()
        .stamps("released_at")],
};

pub static LEGAL_HOLD: Resource = Resource {
    name: "legal_hold",
    path: "legal-holds",
    route: "guarda-legal",
    table: "legal_hold",
    area: Area::Privacy,
    icon: "scale",
    title: "reason",
    subtitle: Some("customer_id"),
    fields: &[
        Field::new("customer_id", Kind::Reference("customer"))
            .required()
            .list(1)
            .filter()
            .search()
            .section("request")
            .editable_while(FIXED),
        Field::new("status", Kind::State).list(1).sort().filter().system(),
        Field::new("reason", Kind::Text { max: 300 })
            .required()
            .list(1)
            .search()
            .section("request")
            .editable_while(FIXED),
        Field::new("process", Kind::Text { max: 60 }).list(2).filter().search().section("request"),
        Field::new("release_reason", Kind::Text { max: 300 }).section("answer").system(),
        Field::new("released_at", Kind::Instant).list(3).sort().filter().section("answer").system(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "-created_at",
    derive: no_derivation,
    check: no_rules,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};
