//! What a chart shows: whole numbers by label and series, as the server counted them.

use conexao_domain::kernel::flow::Tone;

use crate::format;

/// What the numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Count,
    /// Cents.
    Money,
    /// Thousandths.
    Quantity,
}

impl Unit {
    /// How many of the smallest parts one is.
    pub const fn one(self) -> i64 {
        match self {
            Self::Count => 1,
            Self::Money => 100,
            Self::Quantity => 1_000,
        }
    }

    /// A value in full.
    pub fn full(self, value: i64) -> String {
        match self {
            Self::Count => format::integer(value),
            Self::Money => format::money(value),
            Self::Quantity => format::quantity(value),
        }
    }

    /// A value in few characters, for axes: the unit is said elsewhere.
    pub fn short(self, value: i64) -> String {
        let whole = value / self.one();
        if whole.unsigned_abs() < 10_000 {
            return if value % self.one() == 0 { format::integer(whole) } else { self.full(value) };
        }
        let text = format::money_short(whole.saturating_mul(100)).replace("R$\u{a0}", "");
        // 1,60 mi says no more than 1,6 mi.
        match text.split_once('\u{a0}') {
            Some((figure, name)) if figure.contains([',', '.']) => {
                format!("{}\u{a0}{name}", figure.trim_end_matches('0').trim_end_matches([',', '.']))
            }
            _ => text,
        }
    }
}

/// The colour of a series, a role of the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// By its place, first to sixth; what comes after is grey like the sixth.
    Nth(usize),
    /// What the colour of a state says.
    Tone(Tone),
}

impl Ink {
    /// The class that sets the colour for what is drawn inside.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Nth(0) => "paint-1",
            Self::Nth(1) => "paint-2",
            Self::Nth(2) => "paint-3",
            Self::Nth(3) => "paint-4",
            Self::Nth(4) => "paint-5",
            Self::Nth(_) => "paint-6",
            Self::Tone(Tone::New) => "paint-new",
            Self::Tone(Tone::Progress) => "paint-progress",
            Self::Tone(Tone::Waiting) => "paint-waiting",
            Self::Tone(Tone::Success) => "paint-success",
            Self::Tone(Tone::Danger) => "paint-danger",
            Self::Tone(Tone::Neutral | Tone::Muted) => "paint-neutral",
        }
    }
}

/// A place along the chart: a day, a state, a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// What fits below an axis.
    pub short: String,
    /// What is read out.
    pub long: String,
    /// The rows behind it.
    pub href: Option<String>,
    /// A colour of its own, in charts of one series.
    pub ink: Option<Ink>,
}

impl Label {
    /// The same word for both lengths, without rows behind it.
    pub fn new(text: impl Into<String>) -> Self {
        let long: String = text.into();
        Self { short: long.clone(), long, href: None, ink: None }
    }
}

/// Values of one kind, one for each label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub name: String,
    pub ink: Ink,
    pub values: Vec<i64>,
    /// The rows behind each value; empty where only labels lead anywhere.
    pub hrefs: Vec<Option<String>>,
}

impl Series {
    /// Values whose labels lead to the rows.
    pub fn new(name: impl Into<String>, ink: Ink, values: Vec<i64>) -> Self {
        Self { name: name.into(), ink, values, hrefs: Vec::new() }
    }

    /// The value at a label; zero where there is none.
    pub fn at(&self, label: usize) -> i64 {
        self.values.get(label).copied().unwrap_or_default()
    }

    pub fn total(&self) -> i64 {
        self.values.iter().fold(0, |sum, value| sum.saturating_add(*value))
    }
}

/// All that a chart shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// What the labels are, e.g. "Situação": the head of their column in the table.
    pub by: String,
    pub labels: Vec<Label>,
    pub series: Vec<Series>,
    pub unit: Unit,
}

impl Data {
    /// One series whose labels carry the names.
    pub fn single(name: impl Into<String>, unit: Unit, rows: Vec<(Label, i64)>) -> Self {
        let (labels, values) = rows.into_iter().unzip();
        Self { by: String::new(), labels, series: vec![Series::new(name, Ink::Nth(0), values)], unit }
    }

    /// The same with a name for what the labels are.
    pub fn by(mut self, by: impl Into<String>) -> Self {
        self.by = by.into();
        self
    }

    /// Whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.values.iter().all(|value| *value == 0))
    }

    /// All series at one label together.
    pub fn total_at(&self, label: usize) -> i64 {
        self.series.iter().fold(0, |sum, series| sum.saturating_add(series.at(label)))
    }

    pub fn total(&self) -> i64 {
        self.series.iter().fold(0, |sum, series| sum.saturating_add(series.total()))
    }

    /// The colour of a label in a chart of one series.
    pub fn ink_at(&self, label: usize, by_place: bool) -> Ink {
        let own = self.labels.get(label).and_then(|label| label.ink);
        let first = self.series.first().map_or(Ink::Nth(0), |series| series.ink);
        own.unwrap_or(if by_place { Ink::Nth(label) } else { first })
    }

    /// The rows behind a value: its own, else those of its label.
    pub fn href(&self, label: usize, series: Option<usize>) -> Option<&str> {
        let own = series.and_then(|at| self.series.get(at)?.hrefs.get(label)?.as_deref());
        own.or_else(|| self.labels.get(label)?.href.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_say_little_and_tooltips_all() {
        assert_eq!(Unit::Money.short(35_000_000), "350\u{a0}mil");
        assert_eq!(Unit::Money.short(30_000), "300");
        assert_eq!(Unit::Money.full(30_000), "R$\u{a0}300,00");
        assert_eq!(Unit::Count.short(1_280_000), "1,28\u{a0}mi");
        assert_eq!(Unit::Money.short(160_000_000), "1,6\u{a0}mi");
        assert_eq!(Unit::Money.short(200_000_000), "2\u{a0}mi");
        assert_eq!(Unit::Count.short(9_999), "9.999");
    }

    #[test]
    fn totals_and_links() {
        let mut label = Label::new("a");
        label.href = Some("/a".into());
        let mut data = Data::single("n", Unit::Count, vec![(label, 3), (Label::new("b"), 4)]);
        assert_eq!((data.total(), data.total_at(0), data.is_empty()), (7, 3, false));
        assert_eq!(data.href(0, None), Some("/a"));
        data.series.push(Series { hrefs: vec![Some("/x".into())], ..Series::new("m", Ink::Nth(1), vec![1, 1]) });
        assert_eq!((data.href(0, Some(1)), data.href(1, Some(1))), (Some("/x"), None));
    }
}
