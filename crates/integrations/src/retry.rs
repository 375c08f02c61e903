//! When to try again: growing waits with jitter up to a horizon. Pure: the
//! moment and the chance are given.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// How the waits between attempts grow, and when to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Wait after the first failure.
    pub first: Duration,
    /// What each wait is multiplied with for the next one.
    pub factor: u32,
    /// No wait is longer, jitter aside.
    pub ceiling: Duration,
    /// No attempt begins later than this after the first one.
    pub horizon: Duration,
    /// How far a wait may lie below or above its length, in percent.
    pub jitter: u32,
}

/// Webhooks: quick at first, every three hours at last, for a day.
pub const WEBHOOK: Schedule = Schedule {
    first: Duration::from_secs(10),
    factor: 3,
    ceiling: Duration::from_hours(3),
    horizon: Duration::from_hours(24),
    jitter: 20,
};

/// E-mail: greylisting wants some minutes first, relays are given two days.
pub const EMAIL: Schedule = Schedule {
    first: Duration::from_mins(5),
    factor: 2,
    ceiling: Duration::from_hours(4),
    horizon: Duration::from_hours(48),
    jitter: 10,
};

/// SMS, chat and push: who reads them tomorrow has no use for them.
pub const SHORT: Schedule = Schedule {
    first: Duration::from_secs(15),
    factor: 3,
    ceiling: Duration::from_mins(30),
    horizon: Duration::from_hours(4),
    jitter: 20,
};

impl Schedule {
    /// The wait after so many failures (from 1), without jitter.
    pub fn base(&self, failures: u32) -> Duration {
        let growth = self.factor.checked_pow(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first.checked_mul(growth).unwrap_or(self.ceiling).min(self.ceiling)
    }

    /// The wait after so many failures (from 1); `chance` is any random number.
    pub fn wait(&self, failures: u32, chance: u32) -> Duration {
        let jitter = self.jitter.min(100);
        let base = self.base(failures);
        // From 100 - jitter to 100 + jitter percent, in thousandths of the span.
        let low = base * (100 - jitter) / 100;
        low + (base * (2 * jitter) / 100) * (chance % 1001) / 1000
    }

    /// When to try again, or nothing when the horizon is passed. The other
    /// side's wish for a longer wait counts.
    pub fn next(
        &self,
        began: DateTime<Utc>,
        now: DateTime<Utc>,
        failures: u32,
        chance: u32,
        at_least: Option<Duration>,
    ) -> Option<DateTime<Utc>> {
        let wait = self.wait(failures, chance).max(at_least.unwrap_or_default());
        let next = now.checked_add_signed(TimeDelta::from_std(wait).ok()?)?;
        let last = began.checked_add_signed(TimeDelta::from_std(self.horizon).ok()?)?;
        (next <= last).then_some(next)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Schedule; 3] = [WEBHOOK, EMAIL, SHORT];

    proptest! {
        #[test]
        fn waits_stay_within_their_jitter(failures in 1_u32..10_000, chance: u32, which in 0_usize..3) {
            let schedule = ALL[which];
            let (base, wait) = (schedule.base(failures), schedule.wait(failures, chance));
            prop_assert!(wait >= base * (100 - schedule.jitter) / 100);
            prop_assert!(wait <= base * (100 + schedule.jitter) / 100);
        }

        #[test]
        fn waits_grow_to_the_ceiling_and_stay(failures in 1_u32..10_000, which in 0_usize..3) {
            let schedule = ALL[which];
            prop_assert!(schedule.base(failures) <= schedule.base(failures + 1));
            prop_assert!(schedule.base(failures) <= schedule.ceiling);
            prop_assert_eq!(schedule.base(40), schedule.ceiling);
        }

        #[test]
        fn a_run_of_failures_ends_at_the_horizon(chance: u32, which in 0_usize..3, asked in 0_u64..7200) {
            let schedule = ALL[which];
            let began = DateTime::UNIX_EPOCH;
            let (mut now, mut failures) = (began, 1);
            while let Some(next) = schedule.next(began, now, failures, chance, Some(Duration::from_secs(asked))) {
                prop_assert!(next >= now + TimeDelta::seconds(i64::try_from(asked).unwrap()));
                prop_assert!((next - began).to_std().unwrap() <= schedule.horizon);
                (now, failures) = (next, failures + 1);
                prop_assert!(failures < 200);
            }
            // It did not give up long before it had to.
            let left = schedule.horizon.saturating_sub((now - began).to_std().unwrap());
            let longest = schedule.ceiling * (100 + schedule.jitter) / 100;
            prop_assert!(left <= longest.max(Duration::from_secs(asked)));
        }
    }

    #[test]
    fn a_webhook_is_tried_about_fifteen_times_in_a_day() {
        let (mut now, mut tries) = (DateTime::UNIX_EPOCH, 1);
        while let Some(next) = WEBHOOK.next(DateTime::UNIX_EPOCH, now, tries, 500, None) {
            (now, tries) = (next, tries + 1);
        }
        assert!((12..=18).contains(&tries), "{tries}");
    }
}
