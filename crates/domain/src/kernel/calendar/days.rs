//! Counting in business days.

use chrono::{Datelike, NaiveDate};

use super::{Calendar, YEARS};
use crate::kernel::value::Invalid;

/// How long a search for an open day goes on; no tenant closes for two years.
pub(super) const LONGEST_CLOSURE: usize = 732;

impl Calendar {
    /// Whether work is done on a date: an open weekday without holiday, or a day that the tenant opened.
    #[must_use]
    pub fn is_business_day(&self, date: NaiveDate) -> bool {
        !self.shifts(date).is_empty()
    }

    /// The date itself when it is a business day, otherwise the next that is: where a due date moves.
    pub fn business_day_from(&self, date: NaiveDate) -> Result<NaiveDate, Invalid> {
        self.first_open(date.iter_days())
    }

    /// The first business day after a date.
    pub fn next_business_day(&self, date: NaiveDate) -> Result<NaiveDate, Invalid> {
        self.first_open(date.iter_days().skip(1))
    }

    /// The last business day before a date.
    pub fn previous_business_day(&self, date: NaiveDate) -> Result<NaiveDate, Invalid> {
        self.first_open(date.iter_days().rev().skip(1))
    }

    /// The `n`-th business day after a date, before it when `n` is negative; for 0 the date itself,
    /// moved on to a business day when it is none.
    pub fn add_business_days(&self, date: NaiveDate, n: i32) -> Result<NaiveDate, Invalid> {
        let mut day = if n == 0 { self.business_day_from(date)? } else { date };
        for _ in 0..n.unsigned_abs() {
            day = if n > 0 { self.next_business_day(day)? } else { self.previous_business_day(day)? };
        }
        Ok(day)
    }

    /// How many business days lie after `from` and up to `to`; negative when `to` is earlier.
    /// Days outside the years of the calendar do not count.
    #[must_use]
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -self.business_days_between(to, from);
        }
        let known = |day: &NaiveDate| YEARS.contains(&day.year());
        let days = from.max(first_day()).iter_days().take_while(|day| *day <= to && known(day));
        let open = days.filter(|day| *day > from && self.is_business_day(*day)).count();
        i64::try_from(open).unwrap_or(i64::MAX)
    }

    /// A year outside the calendar's is an error and not a guess.
    fn first_open(&self, days: impl Iterator<Item = NaiveDate>) -> Result<NaiveDate, Invalid> {
        for day in days.take(LONGEST_CLOSURE) {
            if !YEARS.contains(&day.year()) {
                return Err(Invalid::CALENDAR_RANGE);
            }
            if self.is_business_day(day) {
                return Ok(day);
            }
        }
        Err(Invalid::CALENDAR_NO_BUSINESS_DAY)
    }
}

/// The first day that the calendar knows.
pub(super) fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(*YEARS.start(), 1, 1).unwrap_or_default()
}

/// The last day that the calendar knows.
pub(super) fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(*YEARS.end(), 12, 31).unwrap_or_default()
}
