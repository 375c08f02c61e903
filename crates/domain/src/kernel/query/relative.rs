//! Relative values: what `@today-7` means now, for this person.

use chrono::{Datelike, Days, NaiveDate, TimeZone};
use chrono_tz::Tz;
use serde_json::Value as Json;

use crate::kernel::{canonical::write_instant, field::Kind, plan::Facts};

/// Replaces a relative value by what it means, a day or a user; other values stay.
pub fn resolve(kind: &Kind, value: &Json, facts: &Facts) -> Json {
    let text = value.as_str().filter(|text| is_relative(kind, text));
    let Some(word) = text.and_then(|t| t.strip_prefix('@')) else { return value.clone() };
    if word == "me" {
        return facts.actor.clone().into();
    }
    day(word, facts.today).map_or_else(|| value.clone(), |day| day.to_string().into())
}

/// Whether the text is a relative value that means something for the kind.
pub fn is_relative(kind: &Kind, text: &str) -> bool {
    let Some(word) = text.strip_prefix('@') else { return false };
    match kind {
        Kind::User | Kind::Reference("user") => word == "me",
        Kind::Date | Kind::Instant => day(word, NaiveDate::default()).is_some(),
        _ => false,
    }
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

/// Start of a day in a time zone, as a canonical instant. Where summer time
/// skipped midnight, the day began with the first hour there was.
pub fn midnight(day: NaiveDate, zone: Tz) -> String {
    let start = day.and_time(chrono::NaiveTime::MIN);
    let mut hours = (0..4).map(|hour| start + chrono::TimeDelta::hours(hour));
    let first = hours.find_map(|at| zone.from_local_datetime(&at).earliest());
    write_instant(first.map_or_else(|| start.and_utc(), |at| at.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_its_first_hour() {
        let begins = |day: &str| day.parse().map(|day| midnight(day, chrono_tz::America::Sao_Paulo));
        assert_eq!(begins("2026-03-10"), Ok("2026-03-10T03:00:00.000Z".to_owned()));
        // Summer time skipped from 00:00 to 01:00.
        assert_eq!(begins("2018-11-04"), Ok("2018-11-04T03:00:00.000Z".to_owned()));
    }

    #[test]
    fn words_mean_something_for_some_kinds_only() {
        assert!(is_relative(&Kind::Date, "@today-7") && is_relative(&Kind::Instant, "@month"));
        assert!(is_relative(&Kind::User, "@me"));
        for (kind, word) in [(Kind::Date, "@me"), (Kind::User, "@today"), (Kind::Money, "@today"), (Kind::Cep, "@me")] {
            assert!(!is_relative(&kind, word), "{kind:?} {word}");
        }
        assert!(!is_relative(&Kind::Date, "@today*7") && !is_relative(&Kind::Date, "@today-99999"));
    }
}
