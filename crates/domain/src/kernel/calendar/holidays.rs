//! The national holidays of Brazil, by rule.

use chrono::{Datelike, Duration, NaiveDate};

/// A holiday known all over the country; its name for people is the locale entry `holiday.<key>`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Monday before Ash Wednesday; optional.
    CarnivalMonday,
    /// Tuesday before Ash Wednesday; optional.
    CarnivalTuesday,
    /// Friday before Easter.
    GoodFriday,
    /// 21 April.
    Tiradentes,
    /// 1 May.
    LabourDay,
    /// Sixty days after Easter; optional.
    CorpusChristi,
    /// 7 September.
    Independence,
    /// 12 October.
    OurLadyAparecida,
    /// 2 November.
    AllSouls,
    /// 15 November.
    Republic,
    /// 20 November, since 2024 (Lei 14.759/2023).
    BlackAwareness,
    /// 25 December.
    Christmas,
}

impl Holiday {
    /// All of them, in the order of the year.
    pub const ALL: [Self; 13] = [
        Self::NewYear,
        Self::CarnivalMonday,
        Self::CarnivalTuesday,
        Self::GoodFriday,
        Self::Tiradentes,
        Self::LabourDay,
        Self::CorpusChristi,
        Self::Independence,
        Self::OurLadyAparecida,
        Self::AllSouls,
        Self::Republic,
        Self::BlackAwareness,
        Self::Christmas,
    ];

    /// Whether banks and offices close by custom and not by federal law.
    #[must_use]
    pub const fn is_optional(self) -> bool {
        matches!(
            self,
            Self::CarnivalMonday | Self::CarnivalTuesday | Self::CorpusChristi
        )
    }

    /// Its day in a year; nothing in years without it.
    #[must_use]
    pub fn date(self, year: i32) -> Option<NaiveDate> {
        match self.rule() {
            Rule::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Rule::FixedSince(first, month, day) if year >= first => {
                NaiveDate::from_ymd_opt(year, month, day)
            }
            Rule::FixedSince(..) => None,
            Rule::AfterEaster(days) => easter(year)?.checked_add_signed(Duration::days(days)),
        }
    }

    const fn rule(self) -> Rule {
        match self {
            Self::NewYear => Rule::Fixed(1, 1),
            Self::CarnivalMonday => Rule::AfterEaster(-48),
            Self::CarnivalTuesday => Rule::AfterEaster(-47),
            Self::GoodFriday => Rule::AfterEaster(-2),
            Self::Tiradentes => Rule::Fixed(4, 21),
            Self::LabourDay => Rule::Fixed(5, 1),
            Self::CorpusChristi => Rule::AfterEaster(60),
            Self::Independence => Rule::Fixed(9, 7),
            Self::OurLadyAparecida => Rule::FixedSince(1980, 10, 12),
            Self::AllSouls => Rule::Fixed(11, 2),
            Self::Republic => Rule::Fixed(11, 15),
            Self::BlackAwareness => Rule::FixedSince(2024, 11, 20),
            Self::Christmas => Rule::Fixed(12, 25),
        }
    }
}

/// When in the year.
enum Rule {
    /// Month and day.
    Fixed(u32, u32),
    /// First year, month and day.
    FixedSince(i32, u32, u32),
    /// Days after Easter Sunday.
    AfterEaster(i64),
}

/// The holidays of a year with their dates, in order of date.
#[must_use]
pub fn holidays(year: i32) -> Vec<(NaiveDate, Holiday)> {
    let mut days: Vec<_> = Holiday::ALL
        .into_iter()
        .filter_map(|holiday| Some((holiday.date(year)?, holiday)))
        .collect();
    days.sort_unstable();
    days
}

/// The holiday of a date. Where two meet, the national one is named before the optional one.
pub(super) fn on(date: NaiveDate) -> Option<Holiday> {
    let mut met = Holiday::ALL
        .into_iter()
        .filter(|holiday| holiday.date(date.year()) == Some(date));
    let first = met.next()?;
    if first.is_optional() {
        Some(met.find(|other| !other.is_optional()).unwrap_or(first))
    } else {
        Some(first)
    }
}

/// Easter Sunday in the Gregorian calendar, from 1583 on (the anonymous computus of 1876).
#[must_use]
pub fn easter(year: i32) -> Option<NaiveDate> {
    if !(1583..=9999).contains(&year) {
        return None;
    }
    let golden = year % 19;
    let (century, within) = (year / 100, year % 100);
    let leap_correction = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + leap_correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (within / 4) - moon - within % 4) % 7;
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let day_of_march = moon + weekday - 7 * late + 22;
    NaiveDate::from_ymd_opt(year, 3, 1)?
        .checked_add_signed(Duration::days(i64::from(day_of_march) - 1))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::value::{DateOrder, parse_date};

    /// The published list: date (dd/mm/yyyy), name, and more. The year is the file's, see its README.
    fn published(year: i32, csv: &str) -> Vec<NaiveDate> {
        let first = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
        let day = |text: String| {
            parse_date(&text, DateOrder::DayMonthYear)
                .unwrap()
                .with_year(year)
                .unwrap()
        };
        let mut days: Vec<_> = csv
            .lines()
            .filter(|line| line.contains(",NACIONAL,"))
            .map(first)
            .map(day)
            .collect();
        days.sort_unstable();
        days
    }

    #[test]
    fn national_holidays_are_the_published_ones() {
        for (year, csv) in [
            (2024, include_str!("../../../tests/data/nacional_2024.csv")),
            (2025, include_str!("../../../tests/data/nacional_2025.csv")),
            (2026, include_str!("../../../tests/data/nacional_2026.csv")),
        ] {
            let ours = holidays(year)
                .into_iter()
                .filter(|(_, holiday)| !holiday.is_optional());
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
        let cases = [
            "1818-03-22",
            "1943-04-25",
            "1981-04-19",
            "2000-04-23",
            "2026-04-05",
            "2038-04-25",
            "2285-03-22",
        ];
        for known in cases {
            let known: NaiveDate = known.parse().unwrap();
            assert_eq!(easter(known.year()), Some(known));
        }
        assert_eq!((easter(1582), easter(i32::MAX)), (None, None));
    }

    /// In 2019 the 21st of April was Easter Sunday too; on 1 May 2008 Ascension, no holiday, fell.
    #[test]
    fn where_two_meet_the_national_one_is_named() {
        for year in 1980..2200 {
            for (date, holiday) in holidays(year) {
                assert_eq!(
                    on(date).map(Holiday::is_optional),
                    Some(
                        holiday.is_optional()
                            && holidays(year)
                                .iter()
                                .all(|(other, h)| *other != date || h.is_optional())
                    )
                );
            }
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
}
