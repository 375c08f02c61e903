//! Dates as people write them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::tabular::options::DateOrder;

/// The orders in which a text is a date that exists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Orders {
    /// Day, month, year.
    pub dmy: bool,
    /// Month, day, year.
    pub mdy: bool,
    /// Year, month, day.
    pub ymd: bool,
}

impl Orders {
    /// Whether some order fits.
    pub const fn any(self) -> bool {
        self.dmy || self.mdy || self.ymd
    }

    /// Whether `order` fits.
    pub const fn fits(self, order: DateOrder) -> bool {
        match order {
            DateOrder::Dmy => self.dmy,
            DateOrder::Mdy => self.mdy,
            DateOrder::Ymd => self.ymd,
        }
    }
}

/// The orders in which `text` can be read as a date, with or without a time.
///
/// Eight digits without separators never count as [`DateOrder::Mdy`].
pub fn orders(text: &str) -> Orders {
    let Some((date, time)) = split_time(text.trim()) else {
        return Orders::default();
    };
    if time.is_some_and(|time| parse_time(time).is_none()) {
        return Orders::default();
    }
    let fits = |order| parse_date_part(date, order).is_some();
    if digits_only(date) {
        let bare = time.is_none();
        return Orders { dmy: bare && fits(DateOrder::Dmy), mdy: false, ymd: bare && fits(DateOrder::Ymd) };
    }
    Orders { dmy: fits(DateOrder::Dmy), mdy: fits(DateOrder::Mdy), ymd: fits(DateOrder::Ymd) }
}

/// Whether the text carries a time of day after its date.
pub fn has_time(text: &str) -> bool {
    split_time(text.trim()).is_some_and(|(_, time)| time.is_some())
}

/// Reads a date, ignoring a time of day after it; `None` when there is no such
/// date. A date that begins with a four-digit year is read whatever the order.
/// Two-digit years are 1950–2049.
pub fn parse(text: &str, order: DateOrder) -> Option<NaiveDate> {
    let (date, _) = split_time(text.trim())?;
    parse_date_part(date, order)
}

/// Reads a date and a time of day; midnight when there is no time.
pub fn parse_with_time(text: &str, order: DateOrder) -> Option<NaiveDateTime> {
    let (date, time) = split_time(text.trim())?;
    let date = parse_date_part(date, order)?;
    let time = match time {
        Some(time) => parse_time(time)?,
        None => NaiveTime::MIN,
    };
    Some(date.and_time(time))
}

/// Parts `date[ T]time`; `None` when the text cannot be a date at all.
fn split_time(text: &str) -> Option<(&str, Option<&str>)> {
    let starts_right = text.starts_with(|c: char| c.is_ascii_digit());
    if !starts_right || text.len() < 6 || text.len() > 40 {
        return None;
    }
    if let Some((date, time)) = text.split_once(['T', ' ']) {
        let time = time.trim();
        let is_clock = time.starts_with(|c: char| c.is_ascii_digit()) && time.contains(':');
        if is_clock {
            return Some((date, Some(time)));
        }
    }
    Some((text, None))
}

fn parse_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim_end_matches('Z');
    let text = match text.split_once('+') {
        Some((clock, _)) => clock,
        None => text,
    };
    ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(text.trim(), format).ok())
}

fn digits_only(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse_date_part(text: &str, order: DateOrder) -> Option<NaiveDate> {
    if digits_only(text) {
        return parse_compact(text, order);
    }
    let mut parts =
        text.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty() && !part.eq_ignore_ascii_case("de"));
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let year_first = first.len() == 4 && digits_only(first);
    let (year, month, day) = match order {
        _ if year_first => (first, second, third),
        DateOrder::Ymd => return None,
        DateOrder::Dmy => (third, second, first),
        DateOrder::Mdy => (third, first, second),
    };
    from_parts(parse_year(year)?, parse_month(month)?, parse_day(day)?)
}

/// Eight digits: year first or, when that is the order, last.
fn parse_compact(text: &str, order: DateOrder) -> Option<NaiveDate> {
    if text.len() != 8 {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let (year, month, day) = match order {
        DateOrder::Ymd => (number(0, 4)?, number(4, 6)?, number(6, 8)?),
        DateOrder::Dmy => (number(4, 8)?, number(2, 4)?, number(0, 2)?),
        DateOrder::Mdy => (number(4, 8)?, number(0, 2)?, number(2, 4)?),
    };
    from_parts(i32::try_from(year).ok()?, month, day)
}

/// Years outside this range are other numbers, not dates of a business.
fn from_parts(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let plausible = (1850..=2200).contains(&year);
    plausible.then(|| NaiveDate::from_ymd_opt(year, month, day))?
}

fn parse_year(text: &str) -> Option<i32> {
    let year: i32 = digits_only(text).then(|| text.parse().ok())??;
    match (text.len(), year) {
        (4, _) => Some(year),
        (2, 0..=49) => Some(2000 + year),
        (2, _) => Some(1900 + year),
        _ => None,
    }
}

fn parse_day(text: &str) -> Option<u32> {
    let short = text.len() <= 2 && digits_only(text);
    short.then(|| text.parse().ok())?
}

fn parse_month(text: &str) -> Option<u32> {
    if let Some(number) = parse_day(text) {
        return Some(number);
    }
    let lower = text.to_lowercase();
    let names: [&[&str]; 12] = [
        &["jan", "janeiro", "january"],
        &["fev", "fevereiro", "feb", "february"],
        &["mar", "março", "marco", "march"],
        &["abr", "abril", "apr", "april"],
        &["mai", "maio", "may"],
        &["jun", "junho", "june"],
        &["jul", "julho", "july"],
        &["ago", "agosto", "aug", "august"],
        &["set", "setembro", "sep", "september"],
        &["out", "outubro", "oct", "october"],
        &["nov", "novembro", "november"],
        &["dez", "dezembro", "dec", "december"],
    ];
    let at = names.iter().position(|of| of.contains(&lower.as_str()))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn reads_the_ways_people_write_dates() {
        for (text, order, expected) in [
            ("31/12/2026", DateOrder::Dmy, ymd(2026, 12, 31)),
            ("1/2/26", DateOrder::Dmy, ymd(2026, 2, 1)),
            ("1/2/75", DateOrder::Mdy, ymd(1975, 1, 2)),
            ("2026-02-01", DateOrder::Dmy, ymd(2026, 2, 1)),
            ("20201022", DateOrder::Ymd, ymd(2020, 10, 22)),
            ("22102020", DateOrder::Dmy, ymd(2020, 10, 22)),
            ("05-mai-2021", DateOrder::Dmy, ymd(2021, 5, 5)),
            ("5 de março de 2021", DateOrder::Dmy, ymd(2021, 3, 5)),
            ("31.12.2026 23:59", DateOrder::Dmy, ymd(2026, 12, 31)),
        ] {
            assert_eq!(parse(text, order), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in ["", "31/02/2026", "32/01/2026", "12/2026", "1/2/3/4", "99999999", "10:30", "1.234,56"] {
            assert_eq!(parse(text, DateOrder::Dmy), None, "{text}");
            assert!(!orders(text).any(), "{text}");
        }
        assert_eq!(parse("2026/12", DateOrder::Ymd), None);
    }

    #[test]
    fn tells_which_orders_fit() {
        assert!(orders("13/12/2026").dmy && !orders("13/12/2026").mdy);
        assert!(orders("12/13/2026").mdy && !orders("12/13/2026").dmy);
        assert!(orders("01/02/2026").dmy && orders("01/02/2026").mdy);
        assert!(orders("20201022").ymd && !orders("20201022").dmy);
        assert!(orders("22102020").dmy && !orders("22102020").ymd);
    }

    #[test]
    fn keeps_the_time_of_day() {
        let read = parse_with_time("01/02/2026 10:30:05", DateOrder::Dmy).unwrap();
        assert_eq!(read.to_string(), "2026-02-01 10:30:05");
        assert!(has_time("2026-02-01T10:30") && !has_time("5 de março de 2021"));
        assert_eq!(parse_with_time("01/02/2026 25:00", DateOrder::Dmy), None);
    }
}
