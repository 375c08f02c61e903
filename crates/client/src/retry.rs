//! When a call is made again, and after which pause.

use std::time::Duration;

use conexao_domain::kernel::problem::Code;

use crate::failure::{Failure, Reach};

/// How patient a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How often a call is made in all, at least once.
    pub attempts: u32,
    /// Pause before the second attempt; doubles with each further one.
    pub pause: Duration,
    /// Longest pause; a server that asks for more is told to the caller instead.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 5, pause: Duration::from_millis(250), longest: Duration::from_mins(1) }
    }
}

/// What making a call twice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It has one effect, for it only reads or carries an idempotency key.
    Safe,
    /// It may have two: it is made again only when the first one surely had none.
    Unsafe,
}

impl Retry {
    /// Every call is made once.
    pub const fn none() -> Self {
        Self { attempts: 1, pause: Duration::ZERO, longest: Duration::ZERO }
    }

    /// The pause before another attempt, none when there shall be no other.
    /// `attempt` counts from 1.
    pub(crate) fn pause(&self, failure: &Failure, repeat: Repeat, attempt: u32) -> Option<Duration> {
        if attempt >= self.attempts || !helps(failure, repeat) {
            return None;
        }
        let grown = self.pause.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(self.longest);
        let wait = failure.retry_after.unwrap_or_default().max(spread(grown));
        (wait <= self.longest).then_some(wait)
    }
}

/// Whether the same call may fare better a little later.
fn helps(failure: &Failure, repeat: Repeat) -> bool {
    match (failure.reach, failure.status) {
        (Reach::Unsent, _) => failure.is("network"),
        // The rate limit refuses before anything is done.
        (Reach::Answered, 429) => true,
        (Reach::Unanswered, _) | (Reach::Answered, 502..=504) => repeat == Repeat::Safe,
        // The first attempt is still at work: its answer will be ours.
        (Reach::Answered, _) => repeat == Repeat::Safe && failure.is(Code::InProgress.name()),
    }
}

/// Between half of the pause and all of it, so that clients do not come back in step.
fn spread(pause: Duration) -> Duration {
    let [.., chance] = *uuid::Uuid::new_v4().as_bytes();
    pause / 2 + pause / 512 * u32::from(chance)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answered(status: u16, code: &str) -> Failure {
        Failure::read(status, json!({ "code": code }))
    }

    #[test]
    fn only_what_is_safe_is_repeated() {
        let retry = Retry::default();
        let again = |failure: &Failure, repeat| retry.pause(failure, repeat, 1).is_some();
        for (failure, safe, risky) in [
            (Failure::network(), true, true),
            (Failure::interrupted(), true, false),
            (answered(429, "too_many_requests"), true, true),
            (answered(503, "unavailable"), true, false),
            (answered(409, "in_progress"), true, false),
            (answered(409, "duplicate"), false, false),
            (answered(500, "internal"), false, false),
            (Failure::unusable("no address"), false, false),
        ] {
            assert_eq!(again(&failure, Repeat::Safe), safe, "{failure:?}");
            assert_eq!(again(&failure, Repeat::Unsafe), risky, "{failure:?}");
        }
    }

    #[test]
    fn pauses_grow_and_end() {
        let retry = Retry::default();
        let failure = Failure::network();
        let pauses: Vec<_> = (1..5).filter_map(|n| retry.pause(&failure, Repeat::Safe, n)).collect();
        assert_eq!(pauses.len(), 4);
        for (n, pause) in (0..).zip(&pauses) {
            let full = Duration::from_millis(250 << n);
            assert!(*pause >= full / 2 && *pause <= full, "{n}: {pause:?}");
        }
        assert_eq!(retry.pause(&failure, Repeat::Safe, 5), None);
    }

    #[test]
    fn the_server_may_ask_for_more_up_to_a_point() {
        let wait = |seconds| answered(429, "too_many_requests").retry_after(Some(Duration::from_secs(seconds)));
        let retry = Retry::default();
        assert_eq!(retry.pause(&wait(7), Repeat::Unsafe, 1), Some(Duration::from_secs(7)));
        assert_eq!(retry.pause(&wait(3600), Repeat::Safe, 1), None);
    }
}
