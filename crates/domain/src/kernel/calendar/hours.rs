//! Working hours of a week.

use std::fmt;
use std::str::FromStr;

use chrono::Weekday;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kernel::value::Invalid;

/// A period of work within a day, in minutes since local midnight; written `08:00-18:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shift {
    start: u16,
    end: u16,
}

impl Shift {
    /// A period from one minute of the day to a later one, at most 1440 (midnight).
    pub const fn new(start: u16, end: u16) -> Result<Self, Invalid> {
        if start < end && end <= 1440 { Ok(Self { start, end }) } else { Err(Invalid::HOURS_ORDER) }
    }

    /// Reads `08:00-18:00`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > 32 {
            return Err(Invalid::HOURS_FORMAT);
        }
        let (start, end) = text.split_once(['-', '\u{2013}']).ok_or(Invalid::HOURS_FORMAT)?;
        Self::new(minute_of_day(start.trim())?, minute_of_day(end.trim())?)
    }

    /// The first minute of the day that belongs to it.
    #[must_use]
    pub const fn start(self) -> u16 {
        self.start
    }

    /// The first minute of the day after it.
    #[must_use]
    pub const fn end(self) -> u16 {
        self.end
    }
}

fn minute_of_day(text: &str) -> Result<u16, Invalid> {
    let (hour, minute) = text.split_once(':').ok_or(Invalid::HOURS_FORMAT)?;
    let number = |digits: &str, last: u16| -> Result<u16, Invalid> {
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|value| plain && *value <= last).ok_or(Invalid::HOURS_FORMAT)
    };
    Ok(number(hour, 24)? * 60 + number(minute, 59)?)
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.start, self.end);
        write!(f, "{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
    }
}

impl FromStr for Shift {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl Serialize for Shift {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Shift {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// The periods of work of each weekday; in JSON seven lists, Monday first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[Vec<Shift>; 7]", into = "[Vec<Shift>; 7]")]
pub struct WorkingHours([Vec<Shift>; 7]);

impl WorkingHours {
    /// Hours from seven lists, Monday first; the periods of a day must be in order and not overlap.
    pub fn new(week: [Vec<Shift>; 7]) -> Result<Self, Invalid> {
        if week.iter().all(|day| are_in_order(day)) { Ok(Self(week)) } else { Err(Invalid::HOURS_ORDER) }
    }

    /// The periods of a weekday.
    #[must_use]
    pub fn on(&self, weekday: Weekday) -> &[Shift] {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = &self.0;
        match weekday {
            Weekday::Mon => monday,
            Weekday::Tue => tuesday,
            Weekday::Wed => wednesday,
            Weekday::Thu => thursday,
            Weekday::Fri => friday,
            Weekday::Sat => saturday,
            Weekday::Sun => sunday,
        }
    }

    /// The periods of a weekday or, when it has none, of the week's first day that has some.
    pub(super) fn on_or_first(&self, weekday: Weekday) -> &[Shift] {
        let own = self.on(weekday);
        if own.is_empty() { self.0.iter().find(|day| !day.is_empty()).map_or(own, Vec::as_slice) } else { own }
    }
}

pub(super) fn are_in_order(day: &[Shift]) -> bool {
    day.iter().zip(day.iter().skip(1)).all(|(one, next)| one.end <= next.start)
}

impl Default for WorkingHours {
    /// Monday to Friday, 8:00 to 18:00.
    fn default() -> Self {
        let day = || vec![Shift { start: 8 * 60, end: 18 * 60 }];
        Self([day(), day(), day(), day(), day(), Vec::new(), Vec::new()])
    }
}

impl TryFrom<[Vec<Shift>; 7]> for WorkingHours {
    type Error = Invalid;

    fn try_from(week: [Vec<Shift>; 7]) -> Result<Self, Invalid> {
        Self::new(week)
    }
}

impl From<WorkingHours> for [Vec<Shift>; 7] {
    fn from(hours: WorkingHours) -> Self {
        hours.0
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
