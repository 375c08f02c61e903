//! Stretches of time that records are counted by, in the days of a zone.

use chrono::{DateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// How long the stretches are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    Day,
    /// From Sunday on, like `@week`.
    Week,
    Month,
}

impl Interval {
    pub const ALL: &'static [(&'static str, Self)] =
        &[("day", Self::Day), ("week", Self::Week), ("month", Self::Month)];

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, interval)| *interval)
    }
}

/// Between two looks at the clock of a zone: no summer time is shorter.
const LOOK: TimeDelta = TimeDelta::days(7);

/// From when on a zone's clock stood how many seconds before or behind UTC,
/// oldest first; the first holds for everything earlier as well. For databases
/// that know no zones.
pub fn shifts(zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<(DateTime<Utc>, i32)> {
    let seconds = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let mut found = vec![(from, seconds(from))];
    let mut at = from;
    while at < until {
        let next = at + LOOK;
        if seconds(next) != seconds(at) {
            let (mut low, mut high) = (at, next);
            while high - low > TimeDelta::seconds(1) {
                let middle = low + (high - low) / 2;
                if seconds(middle) == seconds(at) { low = middle } else { high = middle }
            }
            // The search ends within the second of the change, at or after it.
            let change = DateTime::from_timestamp(high.timestamp(), 0).unwrap_or(high);
            found.push((change, seconds(next)));
        }
        at = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(zone: Tz, from: &str, until: &str) -> Vec<(String, i32)> {
        let read = |day: &str| format!("{day}T00:00:00Z").parse().unwrap_or_default();
        shifts(zone, read(from), read(until)).into_iter().map(|(at, by)| (at.to_rfc3339(), by)).collect()
    }

    #[test]
    fn clocks_are_known_to_the_second() {
        let said = told(chrono_tz::America::Sao_Paulo, "2018-06-01", "2026-01-01");
        let expected = [
            ("2018-06-01T00:00:00+00:00", -10_800),
            ("2018-11-04T03:00:00+00:00", -7_200),
            ("2019-02-17T02:00:00+00:00", -10_800),
        ];
        assert_eq!(said, expected.map(|(at, by)| (at.to_owned(), by)));
        assert_eq!(told(chrono_tz::UTC, "2000-01-01", "2030-01-01").len(), 1);
    }
}
