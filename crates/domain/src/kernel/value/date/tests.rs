use proptest::prelude::*;

use super::*;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn forms() {
    let read = |text| parse_date(text, DateOrder::DayMonthYear);
    for text in [
        "31/12/2026",
        "31-12-2026",
        "31.12.2026",
        "31/12/26",
        "2026-12-31",
        "2026/12/31",
        "20261231",
        " 31/12/2026 ",
        "31/12/2026 00:00",
        "2026-12-31T23:59:59",
        "2026-12-31 00:00:00.000",
    ] {
        assert_eq!(read(text), Ok(date(2026, 12, 31)), "{text}");
    }
    assert_eq!(read("1/2/2026"), Ok(date(2026, 2, 1)));
    assert_eq!(read("29/02/2024"), Ok(date(2024, 2, 29)));
    assert_eq!((read("01/01/68"), read("01/01/69")), (Ok(date(2068, 1, 1)), Ok(date(1969, 1, 1))));
    assert_eq!(parse_date("02/01/2026", DateOrder::MonthDayYear), Ok(date(2026, 2, 1)));
    assert_eq!(parse_date("2026-02-01", DateOrder::MonthDayYear), Ok(date(2026, 2, 1)));
}

#[test]
fn refusals() {
    let read = |text: &str| parse_date(text, DateOrder::DayMonthYear).unwrap_err();
    for text in ["30/02/2026", "31/04/2026", "29/02/2023", "12/31/2026", "00/01/2026", "20261301"] {
        assert_eq!(read(text), Invalid::DATE_NO_SUCH_DAY, "{text}");
    }
    for text in ["31122026", "01/01/1799", "0001-01-01"] {
        assert_eq!(read(text), Invalid::DATE_YEAR, "{text}");
    }
    for text in [
        "",
        "amanhã",
        "1/2",
        "1/2/3/4",
        "31/12-2026",
        "31//2026",
        "31/12/226",
        "45000",
        "2026-12-31Z",
        "+1/02/2026",
        "2026-12-31T00:00:00Z",
        "2026-12-31T00:00:00-03:00",
        "31/12/2026 25:00",
        "31/12/2026 10:5x",
        "٣١/١٢/٢٠٢٦",
    ] {
        assert_eq!(read(text), Invalid::DATE_FORMAT, "{text}");
    }
}

fn dates() -> impl Strategy<Value = NaiveDate> {
    (0_u64..=146_000).prop_map(|days| date(1800, 1, 1) + chrono::Days::new(days))
}

proptest! {
    #[test]
    fn every_form_reads_back(date in dates(), mark in prop::sample::select(vec!['/', '-', '.'])) {
        let written = |form: &str| date.format(&form.replace('/', &mark.to_string())).to_string();
        prop_assert_eq!(parse_date(&written("%d/%m/%Y"), DateOrder::DayMonthYear), Ok(date));
        prop_assert_eq!(parse_date(&written("%m/%d/%Y"), DateOrder::MonthDayYear), Ok(date));
        for order in [DateOrder::DayMonthYear, DateOrder::MonthDayYear] {
            prop_assert_eq!(parse_date(&written("%Y/%m/%d"), order), Ok(date));
            prop_assert_eq!(parse_date(&written("%Y%m%d"), order), Ok(date));
        }
    }

    #[test]
    fn numbers_are_a_date_exactly_when_the_day_exists(y in 1800_i32..2200, m in 0_u32..15, d in 0_u32..35) {
        let read = parse_date(&format!("{d:02}/{m:02}/{y}"), DateOrder::DayMonthYear);
        prop_assert_eq!(read, NaiveDate::from_ymd_opt(y, m, d).ok_or(Invalid::DATE_NO_SUCH_DAY));
    }
}
