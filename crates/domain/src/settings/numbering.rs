//! How numbers of records are written: prefix, width, and the sequence they are
//! drawn from. A company may choose prefix and width.

use crate::kernel::record::Record;

/// A declared series of numbers.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    /// Stable name and locale key `choice.company_numbering.series.<name>`.
    pub name: &'static str,
    /// The sequence numbers are drawn from; several series may share one.
    pub sequence: &'static str,
    pub prefix: &'static str,
    /// Least number of digits.
    pub width: usize,
    /// The resource and the field that has the number.
    pub of: (&'static str, &'static str),
    /// Which records of the resource are numbered so.
    pub fits: fn(&Record) -> bool,
}

/// Numbers of warranties.
pub static WARRANTY: Series = BASE;

const BASE: Series = Series {
    name: "warranty",
    sequence: "warranty.number",
    prefix: "GR-",
    width: 6,
    of: ("warranty", "number"),
    fits: |record| record.text("kind") != Some("exchange"),
};
/// Numbers of exchanges, drawn from the same sequence.
pub static EXCHANGE: Series =
    Series { name: "exchange", prefix: "TR-", fits: |record| record.text("kind") == Some("exchange"), ..BASE };

/// Every series there is; a module adds its line, and its name to [`NAMES`].
pub static SERIES: &[&Series] = &[&WARRANTY, &EXCHANGE];
/// The names of all series, for choosing one.
pub const NAMES: &[&str] = &["warranty", "exchange"];

/// A series by its name.
pub fn by_name(name: &str) -> Option<&'static Series> {
    SERIES.iter().find(|series| series.name == name).copied()
}

/// The series of a record's number, where the company may choose how it is written.
pub fn series_of(resource: &str, field: &str, record: &Record) -> Option<&'static Series> {
    SERIES.iter().copied().find(|series| series.of == (resource, field) && (series.fits)(record))
}

/// What a company chose for a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub series: &'static str,
    pub prefix: String,
    pub width: usize,
}

impl Choice {
    /// Reads a line of the settings; none for a series that is gone.
    pub fn of(line: &Record) -> Option<Self> {
        let series = by_name(line.text("series")?)?;
        let width = line.integer("width").and_then(|width| usize::try_from(width).ok()).unwrap_or(series.width);
        // A missing prefix is a choice too.
        Some(Self { series: series.name, prefix: line.text("prefix").unwrap_or_default().to_owned(), width })
    }
}

/// A number of a series as the company writes it.
pub fn write(choices: &[Choice], series: &Series, n: i64) -> String {
    let chosen = choices.iter().find(|choice| choice.series == series.name);
    let (prefix, width) = chosen.map_or((series.prefix, series.width), |choice| (choice.prefix.as_str(), choice.width));
    format!("{prefix}{n:0width$}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_those_of_the_series() {
        assert_eq!(SERIES.iter().map(|series| series.name).collect::<Vec<_>>(), NAMES);
    }

    #[test]
    fn a_choice_is_used_and_everything_else_is_as_declared() {
        let own = vec![Choice { series: "warranty", prefix: "G".to_owned(), width: 3 }];
        assert_eq!(write(&own, &WARRANTY, 7), "G007");
        assert_eq!(write(&own, &EXCHANGE, 7), "TR-000007");
        assert_eq!(write(&[], &WARRANTY, 1_234_567), "GR-1234567", "wide numbers are not cut");
    }

    proptest! {
        #[test]
        fn different_numbers_look_different(a in 1..i64::MAX, b in 1..i64::MAX, width in 1..12_usize) {
            let own = [Choice { series: "warranty", prefix: "G-".to_owned(), width }];
            prop_assert_eq!(a == b, write(&own, &WARRANTY, a) == write(&own, &WARRANTY, b));
        }
    }
}
