use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use super::{Calendar, shop};

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    // From 2015 on, to meet the clock changes of São Paulo.
    (1_420_000_000_i64..1_900_000_000).prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap())
}

fn dates() -> impl Strategy<Value = NaiveDate> {
    instants().prop_map(|instant| instant.date_naive())
}

proptest! {
    #[test]
    fn adding_minutes_then_counting_them_is_the_identity(from in instants(), minutes in 0_u32..20_000) {
        for calendar in [shop(), Calendar::banking()] {
            let to = calendar.add_business_minutes(from, minutes).unwrap();
            prop_assert!(to >= from);
            prop_assert_eq!(calendar.business_minutes_between(from, to), i64::from(minutes));
            prop_assert_eq!(calendar.business_minutes_between(to, from), -i64::from(minutes));
        }
    }

    #[test]
    fn adding_in_two_steps_is_adding_at_once(from in instants(), a in 1_u32..5_000, b in 1_u32..5_000) {
        let calendar = shop();
        let halfway = calendar.add_business_minutes(from, a).unwrap();
        prop_assert_eq!(calendar.add_business_minutes(halfway, b), calendar.add_business_minutes(from, a + b));
    }

    #[test]
    fn later_starts_never_end_earlier(a in instants(), b in instants(), minutes in 0_u32..5_000) {
        let calendar = shop();
        let end = |from| calendar.add_business_minutes(from, minutes).unwrap();
        prop_assert!(end(a.min(b)) <= end(a.max(b)));
    }

    #[test]
    fn adding_days_then_counting_them_is_the_identity(from in dates(), n in -300_i32..300) {
        let calendar = shop();
        let from = calendar.business_day_from(from).unwrap();
        let to = calendar.add_business_days(from, n).unwrap();
        prop_assert!(calendar.is_business_day(to));
        prop_assert_eq!(calendar.business_days_between(from, to), i64::from(n));
        prop_assert_eq!(calendar.add_business_days(to, -n), Ok(from));
    }

    #[test]
    fn no_business_day_is_skipped(from in dates()) {
        let calendar = shop();
        let next = calendar.next_business_day(from).unwrap();
        let between = from.iter_days().skip(1).take_while(|day| *day < next);
        prop_assert!(between.into_iter().all(|day| !calendar.is_business_day(day)));
        prop_assert!(calendar.is_business_day(next) && next > from);
    }
}
