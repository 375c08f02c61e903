//! How long log-in waits after wrong passwords. Names that belong to nobody
//! wait as well, or the wait would tell which belong to somebody.

use chrono::TimeDelta;

/// Wrong passwords before the account waits; the wait doubles from a minute.
const FREE_FAILURES: i64 = 5;
/// Wrong attempts from one network address before it waits: many people may
/// share one.
const FREE_AT_ADDRESS: i64 = 30;

/// The wait after so many wrong passwords in a row.
pub(super) fn wait(failures: i64) -> Option<TimeDelta> {
    (failures >= FREE_FAILURES).then(|| TimeDelta::minutes(1 << (failures - FREE_FAILURES).clamp(0, 10)))
}

/// The wait after so many wrong attempts from one network address.
pub(super) fn wait_at_address(failures: i64) -> Option<TimeDelta> {
    wait(failures - FREE_AT_ADDRESS + FREE_FAILURES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_a_minute() {
        let minutes = |failures| wait(failures).map(|wait| wait.num_minutes());
        assert_eq!([4, 5, 6, 7, 15, 99].map(minutes), [None, Some(1), Some(2), Some(4), Some(1024), Some(1024)]);
        let minutes = |failures| wait_at_address(failures).map(|wait| wait.num_minutes());
        assert_eq!([29, 30, 31].map(minutes), [None, Some(1), Some(2)]);
    }
}
