//! Stored values of a workbook as the text a person would type.

use calamine::{CellErrorType, DataType, ExcelDateTime};
use chrono::{NaiveDateTime, NaiveTime, Timelike};

use crate::tabular::row::{IssueKind, RawCell};

/// The last day Excel knows, 9999-12-31, as its serial number plus one.
const END_OF_DAYS: f64 = 2_958_466.0;
/// Whole numbers up to here are exact in a float.
const EXACT: f64 = 1e15;

/// Turns a stored value into text.
pub(super) fn from_cell(value: &impl DataType) -> (RawCell, Option<IssueKind>) {
    if let Some(text) = value.get_string() {
        return (non_empty(text.to_owned(), RawCell::Text), None);
    }
    if let Some(number) = value.get_float() {
        return (number_text(number), None);
    }
    if let Some(number) = value.get_int() {
        return (RawCell::Number(number.to_string()), None);
    }
    if let Some(truth) = value.get_bool() {
        let text = if truth { "VERDADEIRO" } else { "FALSO" };
        return (RawCell::Native(text.to_owned()), None);
    }
    if let Some(moment) = value.get_datetime() {
        return (moment_text(&moment), None);
    }
    if let Some(text) = value.get_datetime_iso() {
        let text = text.strip_suffix("T00:00:00").unwrap_or(text);
        return (non_empty(text.to_owned(), RawCell::Native), None);
    }
    if let Some(text) = value.get_duration_iso() {
        return (RawCell::Native(duration_text(text)), None);
    }
    if let Some(error) = value.get_error() {
        let text = error_text(error).to_owned();
        return (RawCell::Text(text), Some(IssueKind::FormulaError));
    }
    (RawCell::Empty, None)
}

fn non_empty(text: String, wrap: fn(String) -> RawCell) -> RawCell {
    if text.is_empty() { RawCell::Empty } else { wrap(text) }
}

/// Cuts a cell that is longer than `limit` bytes.
pub(super) fn bounded(cell: RawCell, limit: usize) -> (RawCell, Option<IssueKind>) {
    match cell {
        RawCell::Text(mut text) if text.len() > limit => {
            text.truncate(text.floor_char_boundary(limit));
            (RawCell::Text(text), Some(IssueKind::Truncated))
        }
        other => (other, None),
    }
}

/// Digits as Excel shows them: 15 significant ones, no exponent where it can
/// be helped, no `.0`.
fn number_text(number: f64) -> RawCell {
    if !number.is_finite() {
        return RawCell::Text(error_text(&CellErrorType::Num).to_owned());
    }
    if number.fract() == 0.0 && number.abs() < EXACT {
        let text = format!("{number:.0}");
        let text = text.strip_prefix("-").filter(|digits| *digits == "0").unwrap_or(&text);
        return RawCell::Number(text.to_owned());
    }
    RawCell::Number(plain_digits(&format!("{number:.14e}")))
}

/// `-1.23450000000000e-3` as `-0.0012345`.
fn plain_digits(scientific: &str) -> String {
    let (sign, rest) = match scientific.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", scientific),
    };
    let Some((mantissa, exponent)) = rest.split_once('e') else {
        return scientific.to_owned();
    };
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let digits = digits.trim_end_matches('0');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // How many digits stand before the mark.
    let Ok(before) = usize::try_from(exponent + 1) else {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    };
    match digits.split_at_checked(before) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some(("", fraction)) => format!("{sign}0.{fraction}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{digits:0<before$}"),
    }
}

fn moment_text(moment: &ExcelDateTime) -> RawCell {
    let serial = moment.as_f64();
    if moment.is_duration() {
        return match moment.as_duration().filter(|_| serial.abs() < END_OF_DAYS) {
            Some(duration) => RawCell::Native(clock(duration.num_seconds())),
            None => number_text(serial),
        };
    }
    if !(0.0..END_OF_DAYS).contains(&serial) {
        return number_text(serial);
    }
    let Some(read) = moment.as_datetime() else {
        return number_text(serial);
    };
    let read = to_second(read);
    let text = if serial < 1.0 {
        read.format("%H:%M:%S")
    } else if read.time() == NaiveTime::MIN {
        read.format("%Y-%m-%d")
    } else {
        read.format("%Y-%m-%dT%H:%M:%S")
    };
    RawCell::Native(text.to_string())
}

/// To the nearest second: a fraction of a day has no exact seconds.
fn to_second(read: NaiveDateTime) -> NaiveDateTime {
    let half = chrono::TimeDelta::milliseconds(500);
    let later = read.checked_add_signed(half).unwrap_or(read);
    later.with_nanosecond(0).unwrap_or(later)
}

/// Hours may pass 24.
fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{sign}{hours:02}:{minutes:02}:{:02}", seconds % 60)
}

/// `PT10H30M05S` as `10:30:05`; as it stands when it is another duration.
fn duration_text(text: &str) -> String {
    let read = || {
        let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let seconds = rest.strip_suffix('S')?.split('.').next()?;
        let number = |digits: &str| digits.parse::<i64>().ok();
        let total = number(hours)?.checked_mul(3600)? + number(minutes)?.checked_mul(60)?;
        Some(clock(total + number(seconds)?))
    };
    read().unwrap_or_else(|| text.to_owned())
}

/// Errors as Excel in Portuguese shows them.
const fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/D",
        CellErrorType::Name => "#NOME?",
        CellErrorType::Null => "#NULO!",
        CellErrorType::Num => "#NÚM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALOR!",
        CellErrorType::GettingData => "#OBTENDO_DADOS",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, ExcelDateTimeType};

    fn text(value: &Data) -> String {
        from_cell(value).0.as_str().to_owned()
    }

    #[test]
    fn numbers_as_excel_shows_them() {
        for (number, expected) in [
            (1.0, "1"),
            (-0.0, "0"),
            (52_998_224_725.0, "52998224725"),
            (11_222_333_000_181.0, "11222333000181"),
            (0.1 + 0.2, "0.3"),
            (1234.56, "1234.56"),
            (-0.001_234_5, "-0.0012345"),
            (1e21, "1000000000000000000000"),
            (123_456_789_012_345_680.0, "123456789012346000"),
            (f64::NAN, "#NÚM!"),
        ] {
            assert_eq!(text(&Data::Float(number)), expected);
        }
        assert_eq!(text(&Data::Int(42)), "42");
    }

    #[test]
    fn moments_are_iso() {
        let moment = |serial| Data::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, false));
        assert_eq!(text(&moment(45_943.0)), "2025-10-13");
        assert_eq!(text(&moment(45_943.541)), "2025-10-13T12:59:02");
        assert_eq!(text(&moment(0.5)), "12:00:00");
        assert_eq!(text(&moment(-3.0)), "-3");
        assert_eq!(text(&moment(1e12)), "1000000000000");
        let span = Data::DateTime(ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false));
        assert_eq!(text(&span), "36:00:00");
        assert_eq!(text(&Data::DurationIso("PT10H30M05S".into())), "10:30:05");
        assert_eq!(text(&Data::DateTimeIso("2021-01-01T00:00:00".into())), "2021-01-01");
    }

    #[test]
    fn errors_are_flagged() {
        let (cell, issue) = from_cell(&Data::Error(CellErrorType::NA));
        assert_eq!((cell.as_str(), issue), ("#N/D", Some(IssueKind::FormulaError)));
        assert_eq!(from_cell(&Data::Empty).0, RawCell::Empty);
    }

    #[test]
    fn long_cells_are_cut_between_characters() {
        let (cell, issue) = bounded(RawCell::Text("ação".into()), 3);
        assert_eq!((cell.as_str(), issue), ("aç", Some(IssueKind::Truncated)));
    }
}
