//! The time, as something that is handed in.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Says what time it is. The domain has no clock of its own: the server brings the system's, tests and
/// sandbox tenants one that they move.
pub trait Clock: Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// A clock that stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// A clock that stands still until it is moved; whoever shares it sees the move. Precise to the microsecond.
#[derive(Debug)]
pub struct MovableClock(AtomicI64);

impl MovableClock {
    /// A clock that shows an instant.
    #[must_use]
    pub const fn new(start: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(start.timestamp_micros()))
    }

    /// Shows another instant from now on, earlier or later.
    pub fn set(&self, instant: DateTime<Utc>) {
        self.0.store(instant.timestamp_micros(), Ordering::SeqCst);
    }

    /// Moves by a span, backwards when it is negative; stops at the ends of time.
    pub fn advance(&self, span: TimeDelta) {
        // A span too long for microseconds reaches the end of time in its direction.
        let endless = if span < TimeDelta::zero() { i64::MIN } else { i64::MAX };
        let micros = span.num_microseconds().unwrap_or(endless);
        // The closure always answers, so the update cannot fail.
        let _before = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| Some(moved(now, micros)));
    }
}

fn moved(now: i64, micros: i64) -> i64 {
    let (first, last) = (DateTime::<Utc>::MIN_UTC.timestamp_micros(), DateTime::<Utc>::MAX_UTC.timestamp_micros());
    now.saturating_add(micros).clamp(first, last)
}

impl Clock for MovableClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-03-02T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_fixed_clock_stands_still() {
        assert_eq!(FixedClock(noon()).now(), noon());
    }

    #[test]
    fn whoever_shares_a_clock_sees_it_move() {
        let clock = Arc::new(MovableClock::new(noon()));
        let shared: Arc<dyn Clock> = clock.clone();
        clock.advance(TimeDelta::days(-1));
        assert_eq!(shared.now(), noon() - TimeDelta::days(1));
        clock.set(noon());
        assert_eq!(shared.now(), noon());
    }

    #[test]
    fn time_has_ends() {
        let clock = MovableClock::new(noon());
        clock.advance(TimeDelta::MAX);
        let end = clock.now();
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(clock.now(), end);
        clock.advance(TimeDelta::MIN);
        assert!(clock.now() < noon());
    }

    proptest! {
        #[test]
        fn spans_add_up(spans in prop::collection::vec(-10_000_000_000_i64..10_000_000_000, 0..20)) {
            let clock = MovableClock::new(noon());
            for micros in &spans {
                clock.advance(TimeDelta::microseconds(*micros));
            }
            prop_assert_eq!(clock.now(), noon() + TimeDelta::microseconds(spans.iter().sum()));
        }
    }
}
