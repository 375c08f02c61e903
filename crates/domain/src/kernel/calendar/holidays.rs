//! The national holidays of Brazil, by rule.

use chrono::{Datelike, Duration, NaiveDate};

/// A holiday known all over the country; its name for people is the locale entry `holiday.<key>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Monday before Ash Wednesday; optional.
    CarnivalMonday,
    /// Tuesday before Ash Wednesday; optional. Ash Wednesday itself is a business day, since work and
    /// banking resume in it.
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

    /// The name for machines, as serde writes it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NewYear => "new_year",
            Self::CarnivalMonday => "carnival_monday",
            Self::CarnivalTuesday => "carnival_tuesday",
            Self::GoodFriday => "good_friday",
            Self::Tiradentes => "tiradentes",
            Self::LabourDay => "labour_day",
            Self::CorpusChristi => "corpus_christi",
            Self::Independence => "independence",
            Self::OurLadyAparecida => "our_lady_aparecida",
            Self::AllSouls => "all_souls",
            Self::Republic => "republic",
            Self::BlackAwareness => "black_awareness",
            Self::Christmas => "christmas",
        }
    }

    /// Whether banks and offices close by custom and not by federal law.
    #[must_use]
    pub const fn is_optional(self) -> bool {
        matches!(self, Self::CarnivalMonday | Self::CarnivalTuesday | Self::CorpusChristi)
    }

    /// Its day in a year; nothing in years without it.
    #[must_use]
    pub fn date(self, year: i32) -> Option<NaiveDate> {
        match self.rule() {
            Rule::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Rule::FixedSince(first, month, day) if year >= first => NaiveDate::from_ymd_opt(year, month, day),
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
    let mut days: Vec<_> =
        Holiday::ALL.into_iter().filter_map(|holiday| Some((holiday.date(year)?, holiday))).collect();
    days.sort_unstable();
    days
}

/// The holiday of a date; the earlier in the list where two meet (Good Friday and Tiradentes in 2000).
pub(super) fn on(date: NaiveDate) -> Option<Holiday> {
    Holiday::ALL.into_iter().find(|holiday| holiday.date(date.year()) == Some(date))
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
    NaiveDate::from_ymd_opt(year, 3, 1)?.checked_add_signed(Duration::days(i64::from(day_of_march) - 1))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
