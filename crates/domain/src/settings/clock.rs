//! The clock of a tenant: the world's, or one that was moved to try out what
//! happens later.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::kernel::problem::Problem;

/// How a tenant's time follows from the world's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum TenantClock {
    /// The world's time.
    #[default]
    Real,
    /// Runs as fast as the world's, so many milliseconds ahead of it.
    Moved { millis: i64 },
    /// Stands still.
    Frozen { at: DateTime<Utc> },
}

/// What somebody does to a clock; given together, they happen in this order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockMove {
    /// Back to the world's time.
    #[serde(default)]
    pub reset: bool,
    /// Shows this moment.
    #[serde(default)]
    pub set: Option<DateTime<Utc>>,
    /// Moves by so many seconds, back when it is negative.
    #[serde(default)]
    pub advance_seconds: Option<i64>,
    /// Stops the clock, or lets it run.
    #[serde(default)]
    pub frozen: Option<bool>,
}

/// First and last moment a clock may show, in seconds since 1970: 2000 to 2099.
const RANGE: std::ops::Range<i64> = 946_684_800..4_102_444_800;

impl TenantClock {
    /// What the clock shows at a moment of the world.
    #[must_use]
    pub fn show(self, real: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Real => real,
            Self::Moved { millis } => real.checked_add_signed(TimeDelta::milliseconds(millis)).unwrap_or(real),
            Self::Frozen { at } => at,
        }
    }

    /// Whether it shows another time than the world's.
    #[must_use]
    pub fn is_moved(self) -> bool {
        self != Self::Real
    }

    /// Whether it stands still.
    #[must_use]
    pub const fn is_frozen(self) -> bool {
        matches!(self, Self::Frozen { .. })
    }

    /// The clock after somebody moved it at a moment of the world.
    pub fn moved(self, by: &ClockMove, real: DateTime<Utc>) -> Result<Self, Problem> {
        let start = if by.reset { Self::Real } else { self };
        let mut shown = by.set.unwrap_or_else(|| start.show(real));
        if let Some(seconds) = by.advance_seconds {
            let span = TimeDelta::try_seconds(seconds);
            let later = span.and_then(|span| shown.checked_add_signed(span));
            shown = later.ok_or_else(|| Problem::field("advance_seconds", "range"))?;
        }
        if !RANGE.contains(&shown.timestamp()) {
            let field = if by.set.is_some() { "set" } else { "advance_seconds" };
            return Err(Problem::field(field, "range"));
        }
        if by.frozen.unwrap_or(start.is_frozen()) {
            return Ok(Self::Frozen { at: shown });
        }
        let millis = (shown - real).num_milliseconds();
        Ok(if millis == 0 { Self::Real } else { Self::Moved { millis } })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-03-10T15:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_clock_is_set_stopped_and_put_back() {
        let christmas: DateTime<Utc> = "2026-12-25T12:00:00Z".parse().unwrap();
        let set = TenantClock::Real.moved(&ClockMove { set: Some(christmas), ..ClockMove::default() }, noon()).unwrap();
        let later = noon() + TimeDelta::minutes(5);
        assert_eq!(set.show(later), christmas + TimeDelta::minutes(5), "it runs");
        let frozen = set.moved(&ClockMove { frozen: Some(true), ..ClockMove::default() }, later).unwrap();
        assert_eq!(frozen.show(later + TimeDelta::days(3)), christmas + TimeDelta::minutes(5));
        let next = ClockMove { advance_seconds: Some(86_400), ..ClockMove::default() };
        let next = frozen.moved(&next, later).unwrap();
        assert_eq!((next.is_frozen(), next.show(noon())), (true, christmas + TimeDelta::minutes(24 * 60 + 5)));
        let running = next.moved(&ClockMove { frozen: Some(false), ..ClockMove::default() }, later).unwrap();
        assert_eq!(running.show(later + TimeDelta::seconds(1)), next.show(later) + TimeDelta::seconds(1));
        let back = running.moved(&ClockMove { reset: true, ..ClockMove::default() }, later).unwrap();
        assert_eq!(back, TenantClock::Real);
    }

    #[test]
    fn time_has_ends() {
        for seconds in [i64::MAX, i64::MIN, 5_000_000_000, -5_000_000_000] {
            let far = ClockMove { advance_seconds: Some(seconds), ..ClockMove::default() };
            assert!(TenantClock::Real.moved(&far, noon()).is_err(), "{seconds}");
        }
    }

    #[test]
    fn it_is_kept_as_json() {
        for clock in [TenantClock::Real, TenantClock::Moved { millis: -7 }, TenantClock::Frozen { at: noon() }] {
            let text = serde_json::to_string(&clock).unwrap();
            assert_eq!(serde_json::from_str::<TenantClock>(&text).unwrap(), clock, "{text}");
        }
    }

    proptest! {
        #[test]
        fn advances_add_up(spans in prop::collection::vec(-1_000_000_i64..1_000_000, 0..20), frozen: bool) {
            let stop = ClockMove { frozen: Some(frozen), ..ClockMove::default() };
            let mut clock = TenantClock::Real.moved(&stop, noon()).unwrap();
            for seconds in &spans {
                let by = ClockMove { advance_seconds: Some(*seconds), ..ClockMove::default() };
                clock = clock.moved(&by, noon()).unwrap();
            }
            prop_assert_eq!(clock.show(noon()), noon() + TimeDelta::seconds(spans.iter().sum()));
            prop_assert_eq!(clock.is_frozen(), frozen);
        }
    }
}
