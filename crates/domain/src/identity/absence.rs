//! Somebody is away, and somebody else holds their grants for so long: as a
//! source of its own that ends by date, and never hands on what it lends.

use crate::kernel::{
    field::{Field, Kind},
    flow::{Flow, Step, Tone, end, state},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Counter, Resource, Undo, no_derivation},
};

/// Longest absence, in days.
const LONGEST: i64 = 366;

/// Nothing may change it once the absence exists.
const FIXED: &[&str] = &[];
const VALID: &[&str] = &["valid"];

static FLOW: Flow = Flow {
    states: &[state("valid", Tone::Progress), end("ended", Tone::Muted)],
    steps: &[Step::new("end", VALID, "ended").confirm().stamps("ended_at")],
};

pub static ABSENCE: Resource = Resource {
    name: "absence",
    path: "absences",
    route: "ausencias",
    table: "absence",
    area: Area::Access,
    icon: "calendar-clock",
    title: "number",
    subtitle: Some("reason"),
    fields: &[
        Field::new("number", Kind::Text { max: 20 }).list(2).sort().filter().search().unique().system(),
        // Who is away: the record is theirs.
        Field::new("owner_id", Kind::User).required().list(1).filter().section("absence").editable_while(FIXED),
        Field::new("substitute_id", Kind::User).required().list(1).filter().section("absence").editable_while(VALID),
        Field::new("starts_on", Kind::Date).required().list(1).sort().filter().section("absence").editable_while(VALID),
        Field::new("ends_on", Kind::Date).required().list(1).sort().filter().section("absence").editable_while(VALID),
        Field::new("reason", Kind::Text { max: 400 }).list(3).section("absence"),
        Field::new("with_administration", Kind::Boolean)
            .default("false")
            .filter()
            .section("absence")
            .editable_while(VALID),
        Field::new("status", Kind::State).list(1).sort().filter().system(),
        Field::new("ended_at", Kind::Instant).system(),
    ],
    flow: Some(&FLOW),
    counters: &[Counter { field: "number", key: |_| "absence.number".into(), format: |_, n| format!("AUS-{n:04}") }],
    default_sort: "-starts_on",
    derive: no_derivation,
    check,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};

fn check(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    if record.text("owner_id") == record.text("substitute_id") {
        problems.push(FieldProblem::new("substitute_id", "same_person"));
    }
    if let Some((from, to)) = record.date("starts_on").zip(record.date("ends_on")) {
        if to < from {
            problems.push(FieldProblem::new("ends_on", "ends_before"));
        } else if (to - from).num_days() > LONGEST {
            problems.push(FieldProblem::new("ends_on", "range"));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::kernel::plan;

    fn planned(substitute: &str, from: &str, to: &str) -> Result<Record, Vec<(String, String)>> {
        let facts = Facts {
            now: "2026-03-10T15:00:00Z".parse().unwrap(),
            today: "2026-03-10".parse().unwrap(),
            zone: chrono_tz::America::Sao_Paulo,
            actor: String::new(),
            ..Facts::default()
        };
        let id = |n: &str| format!("00000000-0000-7000-8000-00000000000{n}");
        let input = json!({ "owner_id": id("1"), "substitute_id": id(substitute), "starts_on": from, "ends_on": to });
        let Json::Object(input) = input else { return Err(Vec::new()) };
        plan::create(&ABSENCE, &input, &facts).map_err(|p| p.fields.into_iter().map(|f| (f.field, f.code)).collect())
    }

    #[test]
    fn an_absence_has_another_person_and_an_order() {
        let wrong = |field: &str, code: &str| Err(vec![(field.to_owned(), code.to_owned())]);
        assert!(planned("2", "2026-03-10", "2026-03-10").is_ok());
        assert_eq!(planned("1", "2026-03-10", "2026-03-12"), wrong("substitute_id", "same_person"));
        assert_eq!(planned("2", "2026-03-12", "2026-03-10"), wrong("ends_on", "ends_before"));
        assert_eq!(planned("2", "2026-03-12", "2028-03-10"), wrong("ends_on", "range"));
    }
}
