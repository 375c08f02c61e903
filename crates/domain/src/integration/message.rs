//! A message on its way to somebody. Creating one by hand writes to them.

use crate::kernel::{
    canonical::write_instant,
    field::{Field, Kind},
    flow::{Flow, Step, Tone, end, state},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Resource, Undo},
};

static FLOW: Flow = Flow {
    states: &[
        state("queued", Tone::Progress),
        state("sending", Tone::Progress),
        state("sent", Tone::Success),
        end("delivered", Tone::Success),
        end("bounced", Tone::Danger),
        state("failed", Tone::Danger),
        end("suppressed", Tone::Muted),
        // The connection was lost at the last moment: it may have arrived.
        state("unknown", Tone::Waiting),
        end("cancelled", Tone::Muted),
    ],
    steps: &[
        Step::new("retry", &["failed", "unknown"], "queued").primary().confirm(),
        Step::new("cancel", &["queued"], "cancelled"),
    ],
};

/// A message is what it is from the start.
const FIXED: &[&str] = &[];
/// Ways out.
pub const CHANNELS: &[&str] = &["email", "sms", "push", "slack"];
const CATEGORIES: &[&str] = &["account", "direct", "notice", "digest", "welcome", "renewal", "test"];
/// Characters of an SMS, which goes in parts.
const MOST_SMS: usize = 1600;
const COUNT: Kind = Kind::Integer { min: 0, max: i64::MAX };

pub static MESSAGE: Resource = Resource {
    name: "message",
    path: "messages",
    route: "envios",
    table: "message",
    area: Area::Messages,
    icon: "mail",
    title: "subject",
    subtitle: None,
    fields: &[
        Field::new("subject", Kind::Text { max: 300 })
            .identifying()
            .required()
            .list(1)
            .filter()
            .section("profile")
            .editable_while(FIXED),
        Field::new("status", Kind::State).list(1).sort().filter().system(),
        Field::new("channel", Kind::Choice(CHANNELS))
            .default("email")
            .list(1)
            .filter()
            .section("profile")
            .editable_while(FIXED),
        Field::new("address", Kind::Email).list(1).filter().personal().section("profile").editable_while(FIXED),
        Field::new("phone", Kind::Phone).list(2).filter().personal().section("profile").editable_while(FIXED),
        Field::new("recipient", Kind::Text { max: 120 })
            .identifying()
            .filter()
            .section("profile")
            .editable_while(FIXED),
        Field::new("customer_id", Kind::Reference("customer"))
            .list(2)
            .filter()
            .section("profile")
            .editable_while(FIXED),
        Field::new("language", Kind::Choice(&["pt-BR", "en"]))
            .default("pt-BR")
            .section("profile")
            .editable_while(FIXED),
        Field::new("body", Kind::LongText { max: 20_000 }).personal().section("profile").editable_while(FIXED),
        Field::new("category", Kind::Choice(CATEGORIES)).list(2).filter().system(),
        // The kind of notice it is about, which is what one click ends.
        Field::new("topic", Kind::Text { max: 40 }).filter().system(),
        Field::new("template", Kind::Text { max: 40 }).filter().system(),
        Field::new("user_id", Kind::User).list(3).filter().system(),
        Field::new("attempts", COUNT).list(3).filter().system(),
        Field::new("next_at", Kind::Instant).filter().system(),
        Field::new("begun_at", Kind::Instant).system(),
        Field::new("sent_at", Kind::Instant).list(2).filter().system(),
        // Said by whoever took it in: the proof.
        Field::new("delivered_at", Kind::Instant).list(3).filter().system(),
        Field::new("finished_at", Kind::Instant).filter().system(),
        Field::new("expires_at", Kind::Instant).system(),
        Field::new("provider_id", Kind::Text { max: 300 }).system(),
        Field::new("provider_status", Kind::Text { max: 40 }).system(),
        Field::new("segments", COUNT).system(),
        // Millionths of the currency.
        Field::new("cost_micros", COUNT).filter().system(),
        Field::new("cost_currency", Kind::Text { max: 3 }).system(),
        Field::new("error", Kind::Text { max: 200 }).list(2).filter().system(),
        Field::new("source", Kind::Text { max: 120 }).filter().system(),
        // The record it is about, whatever its kind.
        Field::new("resource", Kind::Text { max: 40 }).filter().system(),
        Field::new("record_id", Kind::Text { max: 36 }).filter().system(),
        // Filled in demonstrations without a mail server only.
        Field::new("link", Kind::LongText { max: 2000 }).identifying().system(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "-created_at",
    derive: begins,
    check: reachable,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};

/// The channel a message leaves by needs its kind of address.
fn reachable(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    let long = record.text("body").is_some_and(|body| body.chars().count() > MOST_SMS);
    match record.text("channel") {
        Some("email") if record.text("address").is_none() => problems.push(FieldProblem::new("address", "required")),
        Some("sms") if record.text("phone").is_none() => problems.push(FieldProblem::new("phone", "required")),
        Some("sms") if record.text("body").is_none() && by_hand(record) => {
            problems.push(FieldProblem::new("body", "required"));
        }
        Some("sms") if long => problems.push(FieldProblem::new("body", "length")),
        // A browser or a hook is somebody's own: nobody writes there by hand.
        Some("push" | "slack") if by_hand(record) => problems.push(FieldProblem::new("channel", "choice")),
        _ => {}
    }
}

fn by_hand(record: &Record) -> bool {
    record.text("category").is_none_or(|category| category == "direct")
}

/// Whatever waits to be sent has a moment, also when it is sent once more.
fn begins(record: &mut Record, facts: &Facts) {
    for (field, value) in [("category", "direct"), ("channel", "email"), ("template", "notification")] {
        if record.text(field).is_none() {
            record.set(field, value);
        }
    }
    match record.text("status") {
        None | Some("queued") if record.get("next_at").is_null() => {
            record.set("next_at", write_instant(facts.now));
            record.set("begun_at", write_instant(facts.now));
            record.set("attempts", 0);
            record.set("finished_at", serde_json::Value::Null);
            record.set("error", serde_json::Value::Null);
        }
        Some("cancelled") => record.set("next_at", serde_json::Value::Null),
        _ => {}
    }
}
