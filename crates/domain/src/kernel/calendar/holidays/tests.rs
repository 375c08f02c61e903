use proptest::prelude::*;

use super::*;
use crate::kernel::value::{DateOrder, parse_date};

/// The published list: date (dd/mm/yyyy), name, and more. The year is the file's, see its README.
fn published(year: i32, csv: &str) -> Vec<NaiveDate> {
    let first = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
    let day = |text: String| parse_date(&text, DateOrder::DayMonthYear).unwrap().with_year(year).unwrap();
    let mut days: Vec<_> = csv.lines().filter(|line| line.contains(",NACIONAL,")).map(first).map(day).collect();
    days.sort_unstable();
    days
}

#[test]
fn national_holidays_are_the_published_ones() {
    for (year, csv) in [
        (2024, include_str!("../../../../tests/data/nacional_2024.csv")),
        (2025, include_str!("../../../../tests/data/nacional_2025.csv")),
        (2026, include_str!("../../../../tests/data/nacional_2026.csv")),
    ] {
        let ours = holidays(year).into_iter().filter(|(_, holiday)| !holiday.is_optional());
        let ours: Vec<_> = ours.map(|(date, _)| date).collect();
        assert_eq!(ours.len(), 10);
        assert_eq!(ours, published(year, csv), "{year}");
    }
}

#[test]
fn movable_days() {
    let day = |holiday: Holiday, year| holiday.date(year).unwrap().to_string();
    assert_eq!(day(Holiday::CarnivalMonday, 2024), "2024-02-12");
    assert_eq!(day(Holiday::CarnivalTuesday, 2025), "2025-03-04");
    assert_eq!(day(Holiday::CorpusChristi, 2024), "2024-05-30");
    assert_eq!(day(Holiday::CorpusChristi, 2025), "2025-06-19");
    assert_eq!(Holiday::BlackAwareness.date(2023), None);
}

/// The earliest and latest dates possible, and the year in which the tables differ from the simple rule.
#[test]
fn easter_of_known_years() {
    let cases = ["1818-03-22", "1943-04-25", "1981-04-19", "2000-04-23", "2026-04-05", "2038-04-25", "2285-03-22"];
    for known in cases {
        let known: NaiveDate = known.parse().unwrap();
        assert_eq!(easter(known.year()), Some(known));
    }
    assert_eq!((easter(1582), easter(i32::MAX)), (None, None));
}

/// Otherwise an optional day could hide a national one.
#[test]
fn optional_days_never_meet_national_ones() {
    for year in 1980..2200 {
        for (date, holiday) in holidays(year) {
            assert_eq!(on(date).map(Holiday::is_optional), Some(holiday.is_optional()), "{date}");
        }
    }
    let good_friday = NaiveDate::from_ymd_opt(2000, 4, 21).unwrap();
    assert_eq!(on(good_friday), Some(Holiday::GoodFriday));
}

#[test]
fn keys_are_what_serde_writes() {
    for holiday in Holiday::ALL {
        assert_eq!(serde_json::to_value(holiday).unwrap(), holiday.key());
    }
}

proptest! {
    #[test]
    fn easter_is_a_sunday_of_spring(year in 1583_i32..=9999) {
        let day = easter(year).unwrap();
        prop_assert_eq!(day.weekday(), chrono::Weekday::Sun);
        prop_assert!(day >= NaiveDate::from_ymd_opt(year, 3, 22).unwrap());
        prop_assert!(day <= NaiveDate::from_ymd_opt(year, 4, 25).unwrap());
    }
}
