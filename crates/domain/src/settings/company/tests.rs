#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::kernel::plan;

fn facts() -> Facts {
    let now = "2026-03-10T15:00:00Z".parse().unwrap();
    Facts { now, today: day("2026-03-10"), zone: Tz::America__Sao_Paulo, ..Facts::default() }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn patched(input: &Json) -> Result<Record, Vec<(String, String)>> {
    let current = first_values("Aurora", "America/Sao_Paulo");
    let planned = plan::patch(&COMPANY, &current, input.as_object().unwrap(), &facts());
    planned.map_err(|problem| problem.fields.into_iter().map(|f| (f.field, f.code)).collect())
}

fn refused(input: &Json) -> Vec<(String, String)> {
    patched(input).unwrap_err()
}

fn wrong(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

#[test]
fn what_a_company_begins_with_is_good() {
    let values = patched(&json!({})).unwrap();
    assert_eq!(Company::of(values).calendar, Calendar::default());
}

#[test]
fn refusals_name_the_field() {
    assert_eq!(refused(&json!({ "accent_light": "#ffd400" })), wrong("accent_light", "contrast"));
    assert_eq!(refused(&json!({ "accent_dark": "#123456" })), wrong("accent_dark", "contrast"));
    assert_eq!(refused(&json!({ "accent_dark": "azul" })), wrong("accent_dark", "colour"));
    assert_eq!(refused(&json!({ "document": "52998224725" })), wrong("document", "cnpj"));
    assert_eq!(refused(&json!({ "time_zone": "Europe/Lisbon" })), wrong("time_zone", "choice"));
    let hours = |from: &str, until: &str| json!({ "weekday": "mon", "from": from, "until": until });
    assert_eq!(refused(&json!({ "hours": [hours("18:00", "08:00")] })), wrong("hours.0.until", "hours.order"));
    let twice = json!({ "hours": [hours("08:00", "12:00"), hours("11:00", "14:00")] });
    assert_eq!(refused(&twice), wrong("hours.1.from", "overlap"));
    let half = json!({ "days": [{ "date": "2026-12-24", "title": "Véspera", "from": "08:00" }] });
    assert_eq!(refused(&half), wrong("days.0.until", "hours.order"));
    let series = |name: &str, prefix: &str| json!({ "series": name, "prefix": prefix, "width": 4 });
    let twice = json!({ "numbering": [series("warranty", "A"), series("exchange", "A")] });
    assert_eq!(refused(&twice), wrong("numbering.1.prefix", "twice"));
}

#[test]
fn several_periods_own_days_and_half_days_make_the_calendar() {
    let values = patched(&json!({
        "hours": [
            { "weekday": "sat", "from": "13:00", "until": "15:00" },
            { "weekday": "sat", "from": "08:00", "until": "12:00" },
        ],
        "days": [
            { "date": "2026-03-14", "title": "Inventário" },
            { "date": "2026-03-15", "title": "Feira", "from": "09:00", "until": "10:00" },
        ],
    }));
    let calendar = Company::of(values.unwrap()).calendar;
    let open = |text: &str| calendar.is_business_day(day(text));
    assert!(open("2026-03-21") && !open("2026-03-20"), "only Saturdays");
    assert!(!open("2026-03-14") && open("2026-03-15"), "days of its own");
    let from = "2026-03-21T00:00:00Z".parse().unwrap();
    let end = calendar.add_business_minutes(from, 6 * 60).unwrap();
    assert_eq!(end.to_rfc3339(), "2026-03-21T18:00:00+00:00", "13 to 15 counts after 8 to 12");
}

#[test]
fn goods_are_due_after_the_terms_business_days() {
    let company = |days: Json| Company::of(patched(&json!({ "return_days": days })).unwrap());
    assert_eq!(company(json!(null)).return_due(day("2026-03-10")), None);
    assert_eq!(company(json!(5)).return_due(day("2026-03-10")), Some(day("2026-03-17")));
    assert_eq!(company(json!(1)).return_due(day("2026-04-02")), Some(day("2026-04-06")), "Good Friday is none");
}

proptest! {
    #[test]
    fn whatever_is_accepted_makes_a_calendar_with_the_same_hours(
        lines in prop::collection::vec((0..7_usize, 0..23_u16, 1..6_u16), 1..8)
    ) {
        let text = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let hours: Vec<Json> = lines
            .iter()
            .map(|(day, from, long)| {
                let until = (from * 60 + long * 30).min(1440);
                json!({ "weekday": WEEKDAYS.get(*day).map(|(name, _)| name), "from": text(from * 60), "until": text(until) })
            })
            .collect();
        if let Ok(values) = patched(&json!({ "hours": hours })) {
            let calendar = Company::of(values).calendar;
            for (at, (_, weekday)) in WEEKDAYS.iter().enumerate() {
                // A week without holidays.
                let date = NaiveDate::from_isoywd_opt(2026, 11, *weekday).unwrap();
                prop_assert_eq!(calendar.is_business_day(date), lines.iter().any(|(day, ..)| *day == at));
            }
        }
    }
}
