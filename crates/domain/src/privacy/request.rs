//! A person asks for what the law gives them (LGPD, art. 18): with a deadline,
//! somebody in charge, and the proof of what was answered.

use chrono::{Days, NaiveDate};

use crate::kernel::{
    calendar::Calendar,
    canonical::write_instant,
    field::{Field, Kind},
    flow::{Flow, Step, Tone, end, state},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Audience, Counter, Notice, Resource, Undo},
};

/// Days the law gives for the complete declaration (art. 19, II).
pub const DAYS: i64 = 15;
/// How many days before the deadline somebody is reminded, as usual.
pub const REMINDERS: &[i64] = &[5, 2, 0];

/// Kinds that end with a file for the person.
pub const DELIVERED: &[&str] = &["access", "export"];

const SHORT: Kind = Kind::Text { max: 120 };
const LONG: Kind = Kind::LongText { max: 4000 };

static FLOW: Flow = Flow {
    states: &[
        state("received", Tone::New),
        state("confirmed", Tone::Waiting),
        state("in_progress", Tone::Progress),
        end("answered", Tone::Success),
        end("refused", Tone::Danger),
    ],
    steps: &[
        Step::new("confirm_identity", &["received"], "confirmed")
            .inputs(&[("identity_proof", true), ("customer_id", false)])
            .primary()
            .stamps("confirmed_at"),
        Step::new("start", &["confirmed"], "in_progress").inputs(&[("owner_id", false)]).primary(),
        Step::new("answer", &["in_progress"], "answered")
            .guard(done)
            .inputs(&[("answer_note", true), ("answer_channel", true)])
            .primary()
            .confirm()
            .stamps("closed_at"),
        Step::new("refuse", &["received", "confirmed", "in_progress"], "refused")
            .inputs(&[("legal_reason", true), ("answer_note", true)])
            .confirm()
            .stamps("closed_at"),
    ],
};

pub static PRIVACY_REQUEST: Resource = Resource {
    name: "privacy_request",
    path: "privacy-requests",
    route: "privacidade",
    table: "privacy_request",
    area: Area::Privacy,
    icon: "file-key",
    title: "number",
    subtitle: Some("name"),
    fields: &[
        Field::new("number", SHORT).list(1).sort().filter().search().unique().system(),
        Field::new("status", Kind::State).list(1).sort().filter().system(),
        Field::new(
            "kind",
            Kind::Choice(&["access", "export", "correction", "anonymisation", "revocation", "sharing", "retention"]),
        )
        .required()
        .default("access")
        .list(1)
        .filter()
        .section("request"),
        Field::new("name", SHORT).required().list(1).filter().search().section("requester").identifying(),
        Field::new("document", Kind::CpfCnpj).list(2).filter().section("requester").personal(),
        Field::new("email", Kind::Email).list(3).filter().section("requester").personal(),
        Field::new("phone", Kind::Phone).list(3).filter().section("requester").personal(),
        Field::new("customer_id", Kind::Reference("customer")).list(2).filter().search().section("requester"),
        Field::new("channel", Kind::Choice(&["email", "phone", "whatsapp", "in_person", "letter", "portal"]))
            .required()
            .default("email")
            .list(3)
            .filter()
            .section("request"),
        Field::new("received_on", Kind::Date).list(3).filter().section("request"),
        Field::new("deadline_days", Kind::Integer { min: 1, max: DAYS }).section("request"),
        Field::new("due_on", Kind::Date).list(1).sort().filter().system(),
        Field::new("owner_id", Kind::User).list(2).filter().section("request"),
        Field::new("details", LONG).section("request"),
        Field::new("identity_proof", Kind::Text { max: 400 }).section("answer").system(),
        Field::new("confirmed_at", Kind::Instant).section("answer").system(),
        Field::new("legal_reason", Kind::Choice(&["not_controller", "legal_duty", "identity", "unfounded", "other"]))
            .filter()
            .section("answer")
            .system(),
        Field::new("answer_channel", Kind::Choice(&["email", "phone", "whatsapp", "in_person", "letter", "portal"]))
            .section("answer")
            .system(),
        Field::new("answer_note", LONG).section("answer").system(),
        Field::new("file_sha256", Kind::Text { max: 64 }).section("answer").system(),
        Field::new("file_made_at", Kind::Instant).section("answer").system(),
        Field::new("delivered_at", Kind::Instant).section("answer").system(),
        Field::new("erased_at", Kind::Instant).section("answer").system(),
        Field::new("erased_by", Kind::User).section("answer").system(),
        Field::new("closed_at", Kind::Instant).list(3).sort().filter().section("answer").system(),
    ],
    flow: Some(&FLOW),
    counters: &[Counter {
        field: "number",
        key: |r| format!("privacy_request.number.{}", year(r)),
        format: |r, n| format!("LGPD-{}-{n:04}", year(r)),
    }],
    default_sort: "-created_at",
    derive,
    check,
    facts: &[],
    notices: &[
        Notice { event: "privacy_request.create", to: Audience::Role("admin"), category: "privacy" },
        Notice { event: "privacy_request.answer", to: Audience::Owner, category: "privacy" },
    ],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};

fn year(record: &Record) -> String {
    record.text("received_on").and_then(|day| day.get(..4)).unwrap_or_default().to_owned()
}

/// A request is answered when there is what was asked for.
fn done(record: &Record, _: &Facts) -> Result<(), &'static str> {
    let kind = record.text("kind").unwrap_or_default();
    if DELIVERED.contains(&kind) && record.get("file_sha256").is_null() {
        return Err("file_not_made");
    }
    let erases = matches!(kind, "anonymisation" | "retention");
    if erases && record.get("erased_at").is_null() { Err("not_erased") } else { Ok(()) }
}

/// The deadline, moved back to a business day: a promise is not kept on a Sunday.
pub fn due(received: NaiveDate, days: i64, calendar: &Calendar) -> NaiveDate {
    let days = u64::try_from(days).unwrap_or_default();
    let last = received.checked_add_days(Days::new(days)).unwrap_or(received);
    if calendar.is_business_day(last) {
        return last;
    }
    calendar.previous_business_day(last).map_or(last, |day| day.max(received))
}

fn derive(record: &mut Record, facts: &Facts) {
    if record.get("received_on").is_null() {
        record.set("received_on", facts.today.to_string());
    }
    let received = record.date("received_on").unwrap_or(facts.today);
    let days = record.integer("deadline_days").unwrap_or_else(|| facts.company.privacy_days());
    record.set("deadline_days", days);
    record.set("due_on", due(received, days, &facts.company.calendar).to_string());
    let closed = record.text("status").is_some_and(|status| FLOW.state(status).is_some_and(|state| state.terminal));
    if closed && record.get("closed_at").is_null() {
        record.set("closed_at", write_instant(facts.now));
    }
}

fn check(record: &Record, facts: &Facts, problems: &mut Vec<FieldProblem>) {
    if record.date("received_on").is_some_and(|day| day > facts.today) {
        problems.push(FieldProblem::new("received_on", "date.future"));
    }
    let known = ["document", "email", "phone", "customer_id"].iter().any(|name| !record.get(name).is_null());
    if !known {
        problems.push(FieldProblem::new("document", "requester_unknown"));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn deadlines_fall_on_business_days_and_never_late() {
        let calendar = Calendar::default();
        assert_eq!(due(day("2026-03-10"), 15, &calendar), day("2026-03-25"));
        // The 15th day is a Saturday, and the Friday before it too late for nobody.
        assert_eq!(due(day("2026-03-13"), 15, &calendar), day("2026-03-27"));
        assert_eq!(due(day("2026-03-14"), 1, &calendar), day("2026-03-14"), "never before it came");
    }

    proptest! {
        #[test]
        fn a_deadline_is_within_what_the_law_gives(offset in 0_u64..20_000, days in 1_i64..=DAYS) {
            let received = day("1990-01-01") + Days::new(offset);
            let last = due(received, days, &Calendar::default());
            prop_assert!(last >= received && (last - received).num_days() <= days);
        }
    }
}
