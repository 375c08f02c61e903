//! Dates as files and people write them.

use chrono::NaiveDate;

use super::Invalid;

/// Which number comes first in a date of two dashes or slashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `31/12/2026`, as in Brazil.
    #[default]
    DayMonthYear,
    /// `12/31/2026`, as in the United States.
    MonthDayYear,
}

/// Reads a date: `31/12/2026`, `31-12-2026`, `31.12.2026` or `31/12/26` in the given order; `2026-12-31`
/// and `20261231` in either. Two-digit years run from 1969 to 2068. A time of day behind the date
/// (`2026-12-31 00:00:00`, as spreadsheets add) is checked and dropped; one with a time zone is refused,
/// because it may mean another day here.
pub fn parse_date(text: &str, order: DateOrder) -> Result<NaiveDate, Invalid> {
    if text.len() > 64 {
        return Err(Invalid::DATE_FORMAT);
    }
    let (date, time) = text.trim().split_once([' ', 'T']).unwrap_or((text.trim(), "00:00"));
    if !is_time_of_day(time.trim()) {
        return Err(Invalid::DATE_FORMAT);
    }
    let (year, month, day) = parts(date, order).ok_or(Invalid::DATE_FORMAT)?;
    let year = number(year, 4).map(|value| if year.len() == 2 { century(value) } else { value });
    let (year, month, day) = (year?, number(month, 2)?, number(day, 2)?);
    if !(1800..=2199).contains(&year) {
        return Err(Invalid::DATE_YEAR);
    }
    let year = i32::try_from(year).map_err(|_| Invalid::DATE_YEAR)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or(Invalid::DATE_NO_SUCH_DAY)
}

/// Year, month and day as written.
fn parts(date: &str, order: DateOrder) -> Option<(&str, &str, &str)> {
    let Some(separator) = date.chars().find(|c| !c.is_ascii_digit()) else {
        let (year, rest) = (date.get(..4)?, date.get(4..)?);
        return (rest.len() == 4).then_some((year, rest.get(..2)?, rest.get(2..)?));
    };
    let mut pieces = ['/', '-', '.'].contains(&separator).then(|| date.split(separator))?;
    let (first, second, third) = (pieces.next()?, pieces.next()?, pieces.next()?);
    match (pieces.next(), first.len(), third.len(), order) {
        (None, 4, _, _) => Some((first, second, third)),
        (None, _, 2 | 4, DateOrder::DayMonthYear) => Some((third, second, first)),
        (None, _, 2 | 4, DateOrder::MonthDayYear) => Some((third, first, second)),
        _ => None,
    }
}

fn number(digits: &str, longest: usize) -> Result<u32, Invalid> {
    let plain = digits.len() <= longest && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().map_err(|_| Invalid::DATE_FORMAT) } else { Err(Invalid::DATE_FORMAT) }
}

/// The pivot of POSIX, which most programs share.
const fn century(year: u32) -> u32 {
    if year < 69 { 2000 + year } else { 1900 + year }
}

fn is_time_of_day(time: &str) -> bool {
    let whole = time.split_once('.').map_or(Some(time), |(whole, fraction)| {
        let digits = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
        digits.then_some(whole)
    });
    let limits = [24, 60, 60];
    let fields = whole.unwrap_or_default().split(':');
    let count = fields.clone().count();
    matches!(count, 2 | 3) && fields.zip(limits).all(|(field, limit)| number(field, 2).is_ok_and(|value| value < limit))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
