//! Relative values: what `@today-7` means now, for this person.

use chrono::{Datelike, Days, NaiveDate, TimeZone};
use chrono_tz::Tz;
use serde_json::Value as Json;

use crate::kernel::{canonical::write_instant, field::Kind, plan::Facts};

/// Replaces a relative value by what it means; other values stay.
pub fn resolve(kind: &Kind, value: &Json, facts: &Facts) -> Json {
    let Some(word) = value.as_str().and_then(|t| t.strip_prefix('@')) else { return value.clone() };
    if word == "me" {
        return facts.actor.clone().into();
    }
    let Some(day) = day(word, facts.today) else { return value.clone() };
    match kind {
        Kind::Instant => midnight(day, facts.zone).into(),
        _ => day.to_string().into(),
    }
}

/// Whether the text is a relative value this grammar knows.
pub fn is_relative(text: &str) -> bool {
    let sample = NaiveDate::default();
    text.strip_prefix('@').is_some_and(|word| word == "me" || day(word, sample).is_some())
}

fn day(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    match word {
        "today" => Some(today),
        "month" => today.with_day(1),
        "year" => today.with_day(1)?.with_month(1),
        "week" => today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_sunday()))),
        _ => {
            let (sign, days) = word.strip_prefix("today")?.split_at_checked(1)?;
            let days = Days::new(days.parse::<u16>().ok()?.into());
            match sign {
                "-" => today.checked_sub_days(days),
                "+" => today.checked_add_days(days),
                _ => None,
            }
        }
    }
}

/// Start of a day in a time zone, as a canonical instant.
pub fn midnight(day: NaiveDate, zone: Tz) -> String {
    let start = day.and_time(chrono::NaiveTime::MIN);
    let local = zone.from_local_datetime(&start).earliest();
    write_instant(local.map_or_else(|| start.and_utc(), |at| at.to_utc()))
}
