//! A webhook subscription: which events of which records are sent where.

use crate::{
    identity::role::covers,
    kernel::{
        field::{Field, Kind, Lines},
        flow::{Flow, Step, Tone, state},
        plan::Facts,
        problem::FieldProblem,
        record::Record,
        resource::{Area, Audience, Notice, Related, Resource, Undo},
        secret::{Keep, Secret},
    },
    registry,
};

static EVENTS: Lines = Lines {
    table: "webhook_event",
    parent: "webhook_subscription_id",
    fields: &[Field::new("event", Kind::Text { max: 80 }).required()],
    min: 1,
    max: 200,
};

static FLOW: Flow = Flow {
    states: &[state("active", Tone::Success), state("paused", Tone::Waiting), state("disabled", Tone::Danger)],
    steps: &[
        Step::new("pause", &["active"], "paused"),
        Step::new("resume", &["paused", "disabled"], "active").primary().stamps("active_since"),
        Step::new("rotate_secret", &["active"], "active").confirm().stamps("rotated_at"),
        // Taken by the system after a day of failures.
        Step::new("disable", &["active"], "disabled").guard(failing).confirm(),
    ],
};

/// Signs what is sent; the one before stays good for a day after a rotation.
pub static SIGNING_SECRET: Secret = Secret {
    resource: "webhook_subscription",
    prefix: "whsec",
    keep: Keep::Sealed,
    hint: None,
    renewed_by: Some("rotate_secret"),
    overlap: 24,
};

pub static WEBHOOK: Resource = Resource {
    name: "webhook_subscription",
    path: "webhook-subscriptions",
    route: "webhooks",
    table: "webhook_subscription",
    area: Area::Programs,
    icon: "share-2",
    title: "name",
    subtitle: Some("url"),
    fields: &[
        Field::new("name", Kind::Text { max: 80 }).required().list(1).sort().filter().search().section("profile"),
        Field::new("url", Kind::Text { max: 1000 }).required().list(1).filter().search().section("profile"),
        Field::new("status", Kind::State).list(1).sort().filter().system(),
        Field::new("events", Kind::Lines(&EVENTS)).required().section("events"),
        Field::new("filter", Kind::LongText { max: 2000 }).section("events"),
        Field::new("last_success_at", Kind::Instant).list(2).sort().filter().system(),
        Field::new("failing_since", Kind::Instant).list(2).sort().filter().system(),
        Field::new("active_since", Kind::Instant).system(),
        Field::new("rotated_at", Kind::Instant).system(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "name",
    derive: fresh_start,
    check,
    facts: &[],
    notices: &[
        Notice { event: "webhook_subscription.disable", to: Audience::Role("admin"), category: "webhook" },
        Notice { event: "webhook_subscription.disable", to: Audience::Role("super_admin"), category: "webhook" },
    ],
    related: &[Related { resource: "webhook_delivery", field: "subscription_id" }],
    duplicates: &["url"],
    merge: None,
    undo: Undo::Never,
};

fn failing(record: &Record, _: &Facts) -> Result<(), &'static str> {
    if record.get("failing_since").is_null() { Err("not_failing") } else { Ok(()) }
}

/// A subscription that was resumed begins without its failures.
fn fresh_start(record: &mut Record, facts: &Facts) {
    if record.get("active_since").is_null() {
        record.set("active_since", crate::kernel::canonical::write_instant(facts.now));
    }
    let since = record.instant("active_since").zip(record.instant("failing_since"));
    if record.text("status") == Some("active") && since.is_some_and(|(active, failing)| active > failing) {
        record.set("failing_since", serde_json::Value::Null);
    }
}

/// Resources whose events the subscription wants.
pub fn resources(record: &Record) -> Vec<&'static Resource> {
    let wanted = |r: &&'static Resource| registry::events_of(r).iter().any(|event| wants(record, event));
    registry::RESOURCES.iter().copied().filter(wanted).collect()
}

/// Whether the subscription wants the event; `*` and `customer.*` are patterns.
pub fn wants(record: &Record, event: &str) -> bool {
    record.lines("events").iter().any(|line| line.text("event").is_some_and(|pattern| covers(pattern, event)))
}

fn check(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    if !is_address(record.text("url").unwrap_or_default()) {
        problems.push(FieldProblem::new("url", "url"));
    }
    for (i, line) in record.lines("events").iter().enumerate() {
        let pattern = line.text("event").unwrap_or_default();
        if !registry::events().iter().any(|event| covers(pattern, event)) {
            problems.push(FieldProblem::new(format!("events.{i}.event"), "event"));
        }
    }
}

/// Whether the text is an address of the web with a host and without a login.
/// Where it leads is looked at when something is sent.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !host.contains('@') && !text.chars().any(char::is_whitespace)
}
