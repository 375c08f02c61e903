//! When a delivery that failed is tried again: soon at first, then ever more
//! rarely, for about a day.

use chrono::TimeDelta;

/// Seconds after each failed attempt; together a day.
const WAITS: &[i64] = &[10, 30, 60, 300, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 25_500];

/// The wait after this many failed attempts; `None` when it was enough. Up to
/// a fifth is added by chance, so that what failed together does not return
/// together.
pub(super) fn wait(attempts: i64) -> Option<TimeDelta> {
    let index = usize::try_from(attempts - 1).unwrap_or_default();
    let seconds = WAITS.get(index)?;
    let chance = rand::random_range(0..=seconds * 200);
    Some(TimeDelta::seconds(*seconds) + TimeDelta::milliseconds(chance))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn tries_grow_apart_and_end_after_a_day() {
        assert_eq!(WAITS.iter().sum::<i64>(), 86_200);
        assert!(WAITS.is_sorted());
        let waits: Vec<TimeDelta> = (1..=12).map(|n| wait(n).unwrap()).collect();
        for (wait, seconds) in waits.iter().zip(WAITS) {
            assert!((*seconds..=seconds + seconds / 5).contains(&wait.num_seconds()));
        }
        assert_eq!(wait(13), None);
    }
}
