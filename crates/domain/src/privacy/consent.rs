//! The register of consents: for what, by which way, when and how it was given
//! or taken back. What was given once is never deleted by taking it back.

use crate::kernel::{
    canonical::write_instant,
    field::{Field, Kind},
    flow::{Flow, Step, Tone, end, state},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Resource, Undo},
};

/// A consent says what it says; another one is another record.
const FIXED: &[&str] = &[];

static FLOW: Flow = Flow {
    states: &[state("given", Tone::Success), end("revoked", Tone::Muted)],
    steps: &[Step::new("revoke", &["given"], "revoked")
        .inputs(&[("revoked_how", true)])
        .confirm()
        .stamps("revoked_at")],
};

pub static CONSENT: Resource = Resource {
    name: "consent",
    path: "consents",
    route: "consentimentos",
    table: "consent",
    area: Area::Privacy,
    icon: "check-check",
    title: "purpose_text",
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
        Field::new("purpose", Kind::Choice(&["marketing", "billing", "service", "research", "sharing"]))
            .required()
            .list(1)
            .filter()
            .section("request")
            .editable_while(FIXED),
        Field::new("purpose_text", Kind::Text { max: 300 })
            .required()
            .list(2)
            .search()
            .section("request")
            .editable_while(FIXED),
        Field::new("channel", Kind::Choice(&["any", "phone", "whatsapp", "email", "letter"]))
            .required()
            .default("any")
            .list(1)
            .filter()
            .section("request")
            .editable_while(FIXED),
        Field::new("given_at", Kind::Instant).list(2).sort().filter().section("answer").editable_while(FIXED),
        Field::new("given_how", Kind::Text { max: 300 }).required().list(3).section("answer").editable_while(FIXED),
        Field::new("revoked_at", Kind::Instant).list(2).sort().filter().section("answer").system(),
        Field::new("revoked_how", Kind::Text { max: 300 }).section("answer").system(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "-created_at",
    derive: dated,
    check,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};

fn dated(record: &mut Record, facts: &Facts) {
    if record.get("given_at").is_null() {
        record.set("given_at", write_instant(facts.now));
    }
}

fn check(record: &Record, facts: &Facts, problems: &mut Vec<FieldProblem>) {
    if record.instant("given_at").is_some_and(|at| at > facts.now) {
        problems.push(FieldProblem::new("given_at", "date.future"));
    }
}
