//! Counting in business time, to the second.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::Calendar;
use super::days::{LONGEST_CLOSURE, first_day, last_day};
use crate::kernel::value::Invalid;

impl Calendar {
    /// The instant by which so many minutes of business time have passed since `from`. Zero minutes end
    /// at `from` itself; a period that ends exactly at closing time ends there, not the next morning.
    pub fn add_business_minutes(&self, from: DateTime<Utc>, minutes: u32) -> Result<DateTime<Utc>, Invalid> {
        let mut left = Duration::minutes(i64::from(minutes));
        if left.is_zero() {
            return Ok(from);
        }
        let mut closed_days = 0;
        for date in Self::known_days(self.date_of(from)) {
            closed_days = if self.is_business_day(date) { 0 } else { closed_days + 1 };
            if closed_days > LONGEST_CLOSURE {
                return Err(Invalid::CALENDAR_NO_BUSINESS_DAY);
            }
            for (start, end) in self.periods(date) {
                let start = start.max(from);
                let open = end.signed_duration_since(start);
                if open >= left {
                    return start.checked_add_signed(left).ok_or(Invalid::CALENDAR_RANGE);
                }
                left -= open.max(Duration::zero());
            }
        }
        Err(Invalid::CALENDAR_RANGE)
    }

    /// The whole minutes of business time from one instant to another; negative when `to` is earlier.
    /// Time outside the years of the calendar does not count.
    #[must_use]
    pub fn business_minutes_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        if to < from {
            return -self.business_minutes_between(to, from);
        }
        let last = self.date_of(to);
        let days = Self::known_days(self.date_of(from)).take_while(|date| *date <= last);
        let open = days
            .flat_map(|date| self.periods(date))
            .map(|(start, end)| end.min(to).signed_duration_since(start.max(from)).max(Duration::zero()));
        open.fold(Duration::zero(), |sum, part| sum + part).num_minutes()
    }

    /// Whether work is done at an instant.
    #[must_use]
    pub fn is_open(&self, instant: DateTime<Utc>) -> bool {
        self.periods(self.date_of(instant)).any(|(start, end)| start <= instant && instant < end)
    }

    /// The periods of work of a date as instants, in order.
    fn periods(&self, date: NaiveDate) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        self.shifts(date).iter().filter_map(move |shift| {
            Some((self.instant(date, shift.start()).ok()?, self.instant(date, shift.end()).ok()?))
        })
    }

    fn known_days(from: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        from.max(first_day()).iter_days().take_while(|date| *date <= last_day())
    }
}
