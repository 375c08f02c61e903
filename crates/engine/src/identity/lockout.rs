//! How long log-in waits after wrong passwords. Addresses that belong to nobody
//! wait as well, or the wait would tell which addresses belong to somebody.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Wrong passwords before the account waits; the wait doubles from a minute.
const FREE_FAILURES: i64 = 5;

/// The wait after so many wrong passwords in a row.
pub fn wait(failures: i64) -> Option<TimeDelta> {
    (failures >= FREE_FAILURES).then(|| TimeDelta::minutes(1 << (failures - FREE_FAILURES).clamp(0, 10)))
}

/// Attempts at addresses without an account, as this node saw them.
#[derive(Debug)]
pub struct Strangers(moka::sync::Cache<String, (i64, Option<DateTime<Utc>>)>);

impl Strangers {
    pub fn new() -> Self {
        let day = Duration::from_hours(24);
        Self(moka::sync::Cache::builder().max_capacity(50_000).time_to_live(day).build())
    }

    /// Counts an attempt; until when the address has to wait instead, if so.
    pub fn attempt(&self, email: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut waiting = None;
        self.0.entry_by_ref(email).and_upsert_with(|seen| {
            let (failures, until) = seen.map_or((0, None), moka::Entry::into_value);
            waiting = until.filter(|until| *until > now);
            if waiting.is_some() { (failures, until) } else { (failures + 1, wait(failures + 1).map(|w| now + w)) }
        });
        waiting
    }
}
