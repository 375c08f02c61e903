//! Business days and business time: one calendar for due dates, deadlines and service levels.
//!
//! National holidays are computed; a tenant adds its own days, its working hours and its time zone.
//! A date is always a date of the calendar's zone, an instant is UTC.

mod days;
mod holidays;
mod hours;
mod minutes;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

pub use holidays::{Holiday, easter, holidays};
pub use hours::{Shift, WorkingHours};

use super::value::Invalid;

/// The first and last year that the calendar answers for.
const YEARS: std::ops::RangeInclusive<i32> = 1980..=2199;

/// What a tenant decided about one day.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TenantDay {
    Closed,
    Open(Vec<Shift>),
}

/// A calendar of business days and hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    zone: Tz,
    hours: WorkingHours,
    optional_holidays: bool,
    days: BTreeMap<NaiveDate, TenantDay>,
}

impl Default for Calendar {
    /// Monday to Friday, 8:00 to 18:00 in São Paulo, national holidays only.
    fn default() -> Self {
        Self::new(Tz::America__Sao_Paulo, WorkingHours::default())
    }
}

impl Calendar {
    /// A calendar with national holidays only, where Carnival and Corpus Christi are business days.
    #[must_use]
    pub const fn new(zone: Tz, hours: WorkingHours) -> Self {
        Self { zone, hours, optional_holidays: false, days: BTreeMap::new() }
    }

    /// The calendar of banks and of PIX due dates: Monday to Friday, closed on Carnival and Corpus Christi too.
    #[must_use]
    pub fn banking() -> Self {
        Self::default().with_optional_holidays(true)
    }

    /// Whether Carnival (Monday and Tuesday) and Corpus Christi are holidays here.
    #[must_use]
    pub const fn with_optional_holidays(mut self, closed: bool) -> Self {
        self.optional_holidays = closed;
        self
    }

    /// Closes a day.
    #[must_use]
    pub fn with_holiday(mut self, date: NaiveDate) -> Self {
        self.days.insert(date, TenantDay::Closed);
        self
    }

    /// Opens a day, be it a holiday or a Sunday. Without shifts it has the hours of its weekday, and on
    /// a weekday that has none those of the week's first open day.
    pub fn with_working_day(mut self, date: NaiveDate, shifts: Vec<Shift>) -> Result<Self, Invalid> {
        if !hours::are_in_order(&shifts) {
            return Err(Invalid::HOURS_ORDER);
        }
        self.days.insert(date, TenantDay::Open(shifts));
        Ok(self)
    }

    /// The time zone.
    #[must_use]
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// The date that an instant has here. Within two days of chrono's ends of time, where a local
    /// time may not exist, the date is that of two days before the end.
    #[must_use]
    pub fn date_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        let margin = Duration::days(2);
        let first = DateTime::<Utc>::MIN_UTC + margin;
        let last = DateTime::<Utc>::MAX_UTC - margin;
        instant.clamp(first, last).with_timezone(&self.zone).date_naive()
    }

    /// The instant at which a date begins here.
    pub fn start_of(&self, date: NaiveDate) -> Result<DateTime<Utc>, Invalid> {
        self.instant(date, 0)
    }

    /// The instant of a local minute of the day (1440 is the next midnight). A time that clocks skip
    /// counts as the first one after the gap, one that they show twice as its first showing.
    fn instant(&self, date: NaiveDate, minute: u16) -> Result<DateTime<Utc>, Invalid> {
        let midnight = NaiveDateTime::new(date, NaiveTime::MIN);
        // Gaps are of at most a day (a zone that crossed the date line), in steps of a quarter of an hour.
        (0..=96)
            .find_map(|quarter| {
                let local = midnight.checked_add_signed(Duration::minutes(i64::from(minute) + quarter * 15))?;
                self.zone.from_local_datetime(&local).earliest()
            })
            .map(|instant| instant.with_timezone(&Utc))
            .ok_or(Invalid::CALENDAR_RANGE)
    }

    /// The periods of work of a date, in order; none when it is closed.
    fn shifts(&self, date: NaiveDate) -> &[Shift] {
        match self.days.get(&date) {
            Some(TenantDay::Closed) => &[],
            Some(TenantDay::Open(shifts)) if !shifts.is_empty() => shifts,
            Some(TenantDay::Open(_)) => self.hours.on_or_first(date.weekday()),
            None if self.is_holiday(date) => &[],
            None => self.hours.on(date.weekday()),
        }
    }

    /// Whether a national holiday, or an optional one that is kept here, falls on a date.
    #[must_use]
    pub fn is_holiday(&self, date: NaiveDate) -> bool {
        holidays::on(date).is_some_and(|holiday| !holiday.is_optional() || self.optional_holidays)
    }
}

/// A time zone by its name in the time zone database, such as `America/Sao_Paulo`.
pub fn parse_zone(name: &str) -> Result<Tz, Invalid> {
    if name.len() > 64 {
        return Err(Invalid::TIMEZONE_UNKNOWN);
    }
    name.trim().parse().map_err(|_| Invalid::TIMEZONE_UNKNOWN)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
