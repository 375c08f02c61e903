//! Spans of days, and how a series fills them: intervals without records are there too.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::{
    api::dashboard::{Interval, Point},
    format, t, td,
};

/// How far back a widget looks; today is the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Days(u32),
    /// Whole months, the present one among them.
    Months(u32),
}

/// The periods to choose from.
pub const PERIODS: [&str; 5] = ["7d", "30d", "90d", "12m", "24m"];

impl Period {
    /// Reads `30d`, `4w`, `12m` or `1y`.
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let count: u32 = count.parse().ok().filter(|count| *count <= 400)?;
        let period = match unit {
            "d" => Self::Days(count),
            "w" => Self::Days(count * 7),
            "m" => Self::Months(count),
            "y" => Self::Months(count * 12),
            _ => return None,
        };
        matches!(period, Self::Days(1..=366) | Self::Months(1..=60)).then_some(period)
    }

    /// The first day of it.
    pub fn start(self, today: NaiveDate) -> NaiveDate {
        self.back(today, 1)
    }

    /// The first day of the same span before it.
    pub fn start_before(self, today: NaiveDate) -> NaiveDate {
        self.back(today, 2)
    }

    fn back(self, today: NaiveDate, times: u32) -> NaiveDate {
        let day = match self {
            Self::Days(n) => today.checked_sub_days(Days::new(u64::from((n * times).saturating_sub(1)))),
            Self::Months(n) => {
                today.with_day(1).and_then(|first| first.checked_sub_months(Months::new((n * times).saturating_sub(1))))
            }
        };
        day.unwrap_or(today)
    }

    /// The interval that gives a readable number of points.
    pub const fn usual(self) -> Interval {
        match self {
            Self::Days(..=31) => Interval::Day,
            Self::Days(..=120) | Self::Months(..=2) => Interval::Week,
            Self::Days(_) | Self::Months(_) => Interval::Month,
        }
    }

    /// About how many points it has at most.
    pub const fn points(self, interval: Interval) -> u32 {
        let days = match self {
            Self::Days(n) => n,
            Self::Months(n) => n.saturating_mul(31),
        };
        match interval {
            Interval::Day => days,
            Interval::Week => days / 7 + 2,
            Interval::Month => days / 28 + 2,
        }
    }

    /// `últimos 30 dias`, `últimos 12 meses`.
    pub fn words(self) -> String {
        match self {
            Self::Days(n) => t!("dash.last_days", n = n),
            Self::Months(n) => t!("dash.last_months", n = n),
        }
    }
}

/// One interval: its first day, and the first of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    pub first: NaiveDate,
    pub next: NaiveDate,
}

impl Bucket {
    /// The last day of it.
    pub fn last(self) -> NaiveDate {
        self.next.pred_opt().unwrap_or(self.first)
    }

    /// What stands below an axis, and what is read out.
    pub fn words(self, interval: Interval) -> (String, String) {
        let month = || td!("month.", &self.first.month().to_string());
        match interval {
            Interval::Day => (format::day_of_month(self.first), format::date(self.first)),
            Interval::Week => (format::day_of_month(self.first), t!("dash.week_of", day = format::date(self.first))),
            Interval::Month => {
                let short = month().chars().take(3).collect();
                (short, t!("dash.month_of", month = month(), year = self.first.year()))
            }
        }
    }
}

/// All intervals that touch the span from a day to another.
pub fn buckets(from: NaiveDate, to: NaiveDate, interval: Interval) -> Vec<Bucket> {
    let mut out = Vec::new();
    let mut first = begin(from, interval);
    while first <= to && out.len() < 800 {
        let Some(next) = after(first, interval) else { break };
        out.push(Bucket { first, next });
        first = next;
    }
    out
}

/// The first day of the interval a day is in. Weeks begin on Sunday.
fn begin(day: NaiveDate, interval: Interval) -> NaiveDate {
    let begun = match interval {
        Interval::Day => Some(day),
        Interval::Week => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_sunday()))),
        Interval::Month => day.with_day(1),
    };
    begun.unwrap_or(day)
}

fn after(first: NaiveDate, interval: Interval) -> Option<NaiveDate> {
    match interval {
        Interval::Day => first.succ_opt(),
        Interval::Week => first.checked_add_days(Days::new(7)),
        Interval::Month => first.checked_add_months(Months::new(1)),
    }
}

/// The value of each interval; points that lie in none are left out.
pub fn fill(buckets: &[Bucket], points: &[&Point], sums: bool) -> Vec<i64> {
    let mut values = vec![0_i64; buckets.len()];
    for point in points {
        let day = point.key.as_str().and_then(|text| text.get(..10)).and_then(|text| text.parse::<NaiveDate>().ok());
        let at = day.and_then(|day| buckets.iter().position(|bucket| bucket.first <= day && day < bucket.next));
        if let Some(value) = at.and_then(|at| values.get_mut(at)) {
            let more = if sums { point.sum.unwrap_or_default() } else { point.count };
            *value = value.saturating_add(more);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::Value as Json;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_end_today() {
        let today = day("2026-11-19");
        let of = |text: &str| Period::parse(text).unwrap();
        assert_eq!(of("30d").start(today), day("2026-10-21"));
        assert_eq!(of("30d").start_before(today), day("2026-09-21"));
        assert_eq!(of("12m").start(today), day("2025-12-01"));
        assert_eq!(of("12m").start_before(today), day("2024-12-01"));
        assert_eq!((of("2w"), of("1y")), (Period::Days(14), Period::Months(12)));
        for wrong in ["", "d", "é", "0d", "12", "-3m", "999d", "30x"] {
            assert_eq!(Period::parse(wrong), None, "{wrong}");
        }
        assert!(PERIODS.iter().all(|text| Period::parse(text).is_some()));
    }

    #[test]
    fn intervals_follow_each_other() {
        let months = buckets(day("2026-01-31"), day("2026-04-02"), Interval::Month);
        let firsts: Vec<_> = months.iter().map(|b| b.first.to_string()).collect();
        assert_eq!(firsts, ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]);
        assert_eq!(months.get(1).unwrap().last(), day("2026-02-28"));
        let weeks = buckets(day("2026-11-19"), day("2026-11-22"), Interval::Week);
        let firsts: Vec<_> = weeks.iter().map(|b| b.first.to_string()).collect();
        assert_eq!(firsts, ["2026-11-15", "2026-11-22"], "weeks begin on Sunday");
    }

    #[test]
    fn points_go_where_their_day_is() {
        let weeks = buckets(day("2026-11-08"), day("2026-11-22"), Interval::Week);
        let point = |key: &str, count| Point { key: key.into(), split: Json::Null, count, sum: Some(count * 10) };
        // A server that begins weeks on Monday is understood, too.
        let points = [point("2026-11-09", 2), point("2026-11-15", 3), point("2020-01-01", 9), point("x", 1)];
        let points: Vec<_> = points.iter().collect();
        assert_eq!(fill(&weeks, &points, false), [2, 3, 0]);
        assert_eq!(fill(&weeks, &points, true), [20, 30, 0]);
    }
}
