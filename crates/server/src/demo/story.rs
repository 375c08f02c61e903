//! When things happened in the demo company: the past weeks, told in order.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::value::Clock;

/// A clock that stands where the story is.
#[derive(Debug, Clone, Default)]
pub struct StoryClock(Arc<AtomicI64>);

impl StoryClock {
    pub fn set(&self, at: DateTime<Utc>) {
        self.0.store(at.timestamp_millis(), Ordering::Relaxed);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::Relaxed)).unwrap_or_default()
    }
}

/// What happens to a customer or to a request; the number is whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Arrive(usize),
    /// The customer turns out to be a fraud.
    Block(usize),
    Open(usize),
    Cancel(usize),
    RequestReturn(usize),
    Generate(usize),
    Check(usize),
}

/// Days over which the customers arrive, before the first request.
const FIRST_DAYS: i64 = 20;
/// A day of work begins at nine in São Paulo and has eight hours.
const OPENS: i64 = 12 * 60;
const OPEN_MINUTES: usize = 8 * 60;

/// Everything that happens until `now`, in order: a request a day, the last one
/// today, and each taken as far through its flow as its number says.
pub fn plan(now: DateTime<Utc>, customers: usize, requests: usize) -> Vec<(DateTime<Utc>, Act)> {
    let requested = i64::try_from(requests).unwrap_or_default();
    let mut acts: Vec<(DateTime<Utc>, Act)> = Vec::new();
    for n in 0..customers {
        let day = FIRST_DAYS * i64::try_from(n).unwrap_or_default() / i64::try_from(customers.max(1)).unwrap_or(1);
        acts.push((hour(now, requested + FIRST_DAYS - day, n), Act::Arrive(n)));
    }
    if let Some(last) = customers.checked_sub(1) {
        acts.push((hour(now, requested - 1, last), Act::Block(last)));
    }
    for n in 0..requests {
        let opened = hour(now, requested - 1 - i64::try_from(n).unwrap_or_default(), n);
        // A day between two steps, less when there are not so many days left.
        let pause = TimeDelta::days(1).min((now - opened) / 4);
        acts.push((opened, Act::Open(n)));
        let steps = steps(n).iter().zip(1..);
        acts.extend(steps.map(|(step, count)| (opened + pause * count, step(n))));
    }
    // Who arrived first also has the lower number at the same minute.
    acts.sort_by_key(|(at, _)| *at);
    acts
}

/// The steps of the `n`-th request: every fifth is at each stage of the flow.
fn steps(n: usize) -> &'static [fn(usize) -> Act] {
    match n % 5 {
        0 => &[],
        1 => &[Act::RequestReturn],
        2 => &[Act::RequestReturn, Act::Generate],
        4 if n.is_multiple_of(2) => &[Act::Cancel],
        _ => &[Act::RequestReturn, Act::Generate, Act::Check],
    }
}

/// A minute of the working day so many days ago, and never one still to come.
fn hour(now: DateTime<Utc>, days_ago: i64, n: usize) -> DateTime<Utc> {
    let day = (now - TimeDelta::days(days_ago)).date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let minute = OPENS + i64::try_from(n * 37 % OPEN_MINUTES).unwrap_or_default();
    (day + TimeDelta::minutes(minute)).min(now - TimeDelta::minutes(30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_is_told_in_order_and_ends_before_now() {
        for hour in [0, 9, 15, 23] {
            let now = "2026-11-21T00:00:00Z".parse::<DateTime<Utc>>().unwrap_or_default() + TimeDelta::hours(hour);
            let acts = plan(now, 60, 48);
            assert!(acts.is_sorted_by_key(|(at, _)| *at));
            assert!(acts.iter().all(|(at, _)| *at <= now));
            let opened = acts.iter().filter_map(|(_, act)| if let Act::Open(n) = act { Some(*n) } else { None });
            assert!(opened.eq(0..48), "numbers are drawn in the order of opening");
            let last_arrival = acts.iter().rposition(|(_, act)| matches!(act, Act::Arrive(_)));
            let first_request = acts.iter().position(|(_, act)| matches!(act, Act::Open(_)));
            assert!(last_arrival < first_request);
        }
    }
}
