//! One event on its way to one subscription, with what was sent and answered.
//! Creating one by hand sends a test event.

use crate::kernel::{
    canonical::write_instant,
    field::{Field, Kind},
    flow::{Flow, Step, Tone, state},
    plan::Facts,
    record::Record,
    resource::{Area, Resource, Undo, no_rules},
};

/// What a test sends.
pub const PING: &str = "webhook.ping";

static FLOW: Flow = Flow {
    states: &[
        state("pending", Tone::Progress),
        state("delivered", Tone::Success),
        state("failed", Tone::Danger),
        state("cancelled", Tone::Muted),
    ],
    steps: &[
        Step::new("replay", &["delivered", "failed", "cancelled"], "pending").primary(),
        Step::new("cancel", &["pending"], "cancelled"),
    ],
};

const COUNT: Kind = Kind::Integer { min: 0, max: i64::MAX };

pub static DELIVERY: Resource = Resource {
    name: "webhook_delivery",
    path: "webhook-deliveries",
    route: "entregas-de-webhook",
    table: "webhook_delivery",
    area: Area::Programs,
    icon: "send",
    title: "event",
    subtitle: None,
    fields: &[
        Field::new("event", Kind::Text { max: 80 }).list(1).filter().system(),
        Field::new("subscription_id", Kind::Reference("webhook_subscription"))
            .required()
            .list(1)
            .filter()
            .section("profile")
            .editable_while(&[]),
        Field::new("status", Kind::State).list(1).sort().filter().system(),
        Field::new("response_status", COUNT).list(1).filter().system(),
        Field::new("attempts", COUNT).list(2).filter().system(),
        Field::new("duration_ms", COUNT).list(3).system(),
        Field::new("next_at", Kind::Instant).list(3).filter().system(),
        Field::new("begun_at", Kind::Instant).system(),
        Field::new("finished_at", Kind::Instant).list(2).filter().system(),
        Field::new("error", Kind::Text { max: 200 }).list(2).filter().system(),
        Field::new("event_id", Kind::Text { max: 36 }).filter().system(),
        Field::new("resource", Kind::Text { max: 60 }).filter().system(),
        Field::new("record_id", Kind::Text { max: 36 }).filter().system(),
        Field::new("request_headers", Kind::LongText { max: 8000 }).system(),
        Field::new("request_body", Kind::LongText { max: 300_000 }).identifying().system(),
        Field::new("response_headers", Kind::LongText { max: 8000 }).system(),
        // Whatever the other side says may name people.
        Field::new("response_body", Kind::LongText { max: 8000 }).system().personal(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "-created_at",
    derive: begins,
    check: no_rules,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};

/// Whatever waits to be sent has a moment, also when it is sent once more.
fn begins(record: &mut Record, facts: &Facts) {
    if record.text("event").is_none() {
        record.set("event", PING);
    }
    if record.text("status").is_none_or(|s| s == "pending") && record.get("next_at").is_null() {
        record.set("next_at", write_instant(facts.now));
        record.set("begun_at", write_instant(facts.now));
        record.set("attempts", 0);
        record.set("finished_at", serde_json::Value::Null);
    }
}
