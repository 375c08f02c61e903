mod properties;

use chrono::Weekday;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Open on Saturday mornings, with a lunch break, closed one Tuesday and open one Sunday.
fn shop() -> Calendar {
    let day = ["08:00-12:00", "13:00-18:00"].map(|text| Shift::parse(text).unwrap()).to_vec();
    let saturday = vec![Shift::parse("09:00-13:00").unwrap()];
    let week = [day.clone(), day.clone(), day.clone(), day.clone(), day, saturday, vec![]];
    Calendar::new(Tz::America__Sao_Paulo, WorkingHours::new(week).unwrap())
        .with_holiday(date("2026-03-10"))
        .with_working_day(date("2026-03-15"), vec![Shift::parse("10:00-12:00").unwrap()])
        .unwrap()
}

#[test]
fn days() {
    let calendar = shop();
    let open = |text| calendar.is_business_day(date(text));
    assert!(open("2026-03-09") && open("2026-03-14") && open("2026-03-15"));
    assert!(!open("2026-03-08") && !open("2026-03-10") && !open("2026-04-21"));
    assert_eq!(calendar.next_business_day(date("2026-03-09")), Ok(date("2026-03-11")));
    assert_eq!(calendar.previous_business_day(date("2026-03-11")), Ok(date("2026-03-09")));
    assert_eq!(calendar.business_day_from(date("2026-03-10")), Ok(date("2026-03-11")));
    assert_eq!(calendar.add_business_days(date("2026-03-13"), 3), Ok(date("2026-03-16")));
    assert_eq!(calendar.add_business_days(date("2026-03-16"), -2), Ok(date("2026-03-14")));
    assert_eq!(calendar.business_days_between(date("2026-03-09"), date("2026-03-16")), 6);
}

#[test]
fn optional_holidays_are_kept_where_wanted() {
    let carnival = date("2026-02-17");
    assert!(Calendar::default().is_business_day(carnival));
    assert!(!Calendar::banking().is_business_day(carnival));
    assert_eq!(Calendar::banking().next_business_day(date("2026-02-13")), Ok(date("2026-02-18")));
}

/// The Central Bank's examples for the last day on which a PIX charge can be paid.
#[test]
fn pix_due_dates() {
    let bank = Calendar::banking();
    let cases = [
        ("2020-10-20", 4, "2020-10-26"),
        ("2020-12-25", 0, "2020-12-28"),
        ("2020-12-25", 1, "2020-12-29"),
        ("2020-12-25", 3, "2020-12-31"),
        ("2020-12-25", 4, "2021-01-04"),
        ("2021-08-27", 5, "2021-09-01"),
        ("2021-08-28", 5, "2021-09-06"),
    ];
    for (due, validity, last) in cases {
        let moved = bank.business_day_from(date(due)).unwrap();
        assert_eq!(bank.business_day_from(moved + Duration::days(validity)), Ok(date(last)), "{due}");
    }
}

#[test]
fn minutes_skip_lunch_night_and_holiday() {
    let calendar = shop();
    let add = |from, minutes| calendar.add_business_minutes(at(from), minutes).unwrap();
    // 11:30 to 12:00, then 13:00 to 13:30 in São Paulo (UTC−3).
    assert_eq!(add("2026-03-09T14:30:00Z", 60), at("2026-03-09T16:30:00Z"));
    // The last minutes of Monday, then Wednesday, since Tuesday is closed.
    assert_eq!(add("2026-03-09T20:50:00Z", 30), at("2026-03-11T11:20:00Z"));
    assert_eq!(add("2026-03-09T20:50:00Z", 10), at("2026-03-09T21:00:00Z"));
    assert_eq!(add("2026-03-10T15:00:00Z", 1), at("2026-03-11T11:01:00Z"));
    assert_eq!(add("2026-03-10T15:00:00Z", 0), at("2026-03-10T15:00:00Z"));
    assert_eq!(calendar.business_minutes_between(at("2026-03-09T00:00:00Z"), at("2026-03-12T00:00:00Z")), 2 * 540);
    assert!(calendar.is_open(at("2026-03-09T11:00:00Z")) && !calendar.is_open(at("2026-03-09T15:00:00Z")));
}

/// Until 2019 clocks in São Paulo were put forward at midnight and back an hour before it.
#[test]
fn clock_changes() {
    let night = vec![Shift::parse("00:00-24:00").unwrap()];
    let week = || WorkingHours::new(std::array::from_fn(|_| night.clone())).unwrap();
    let calendar = Calendar::new(Tz::America__Sao_Paulo, week());
    let length = |day: &str| {
        let (start, end) =
            (calendar.start_of(date(day)).unwrap(), calendar.start_of(date(day).succ_opt().unwrap()).unwrap());
        (calendar.business_minutes_between(start, end), (end - start).num_minutes())
    };
    assert_eq!(length("2018-11-04"), (23 * 60, 23 * 60));
    assert_eq!(length("2019-02-16"), (25 * 60, 25 * 60));
    assert_eq!(length("2019-02-18"), (24 * 60, 24 * 60));
    assert_eq!(calendar.date_of(at("2018-11-04T02:59:59Z")), date("2018-11-03"));
}

#[test]
fn a_calendar_that_never_opens_says_so() {
    let hours = WorkingHours::new(std::array::from_fn(|_| Vec::new())).unwrap();
    let closed = Calendar::new(Tz::UTC, hours);
    let never = Invalid::CALENDAR_NO_BUSINESS_DAY;
    assert_eq!(closed.next_business_day(date("2026-01-01")), Err(never));
    assert_eq!(closed.add_business_minutes(at("2026-01-01T00:00:00Z"), 1), Err(never));
    assert_eq!(closed.business_minutes_between(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC), 0);
    assert!(!closed.with_working_day(date("2026-01-01"), vec![]).unwrap().is_business_day(date("2026-01-01")));
}

#[test]
fn the_ends_of_time_are_errors() {
    let calendar = Calendar::default();
    let range = Err(Invalid::CALENDAR_RANGE);
    assert_eq!(calendar.next_business_day(NaiveDate::MAX), Err(Invalid::CALENDAR_NO_BUSINESS_DAY));
    assert_eq!(calendar.next_business_day(date("2199-12-31")), range);
    assert_eq!(calendar.previous_business_day(NaiveDate::MIN), Err(Invalid::CALENDAR_NO_BUSINESS_DAY));
    assert_eq!(calendar.add_business_days(date("2026-01-01"), i32::MAX), range);
    assert_eq!(calendar.add_business_days(date("2026-01-01"), i32::MIN), range);
    assert!(calendar.add_business_minutes(DateTime::<Utc>::MAX_UTC, 1).is_err());
    assert!(calendar.add_business_minutes(at("2026-01-01T00:00:00Z"), u32::MAX).is_err());
}

#[test]
fn the_ends_of_time_panic_in_no_zone() {
    for zone in [Tz::Asia__Tokyo, Tz::America__Los_Angeles, Tz::UTC] {
        let calendar = Calendar::new(zone, WorkingHours::default());
        for end in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let day = calendar.date_of(end);
            assert!(calendar.start_of(day).is_ok());
            assert!(!calendar.is_open(end));
            assert_eq!(calendar.business_minutes_between(end, end), 0);
        }
        assert!(calendar.instant(NaiveDate::MAX, 1440).is_err());
        assert!(calendar.start_of(NaiveDate::MIN).is_ok());
    }
}

#[test]
fn an_opened_sunday_has_the_hours_of_the_first_open_day() {
    let calendar = Calendar::default().with_working_day(date("2026-03-15"), vec![]).unwrap();
    assert_eq!(calendar.shifts(date("2026-03-15")), WorkingHours::default().on(Weekday::Mon));
}

#[test]
fn zones() {
    assert_eq!(parse_zone(" America/Manaus "), Ok(Tz::America__Manaus));
    assert_eq!(parse_zone("America/Campinas"), Err(Invalid::TIMEZONE_UNKNOWN));
}
