//! The table: figures of the product beside the limit's, and whether bars are met.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::measure::{Done, Outcome};
use super::site::Site;
use crate::workspace;

/// What is asked of a figure.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// At least this many percent of the limit's.
    Share(u64),
    /// Less than this, in the figure's own unit.
    Below(u64),
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    PerSecond,
    Micros,
    Millis,
    Kilobytes,
    Bytes,
    Percent,
}

impl Unit {
    fn show(self, value: u64) -> String {
        match self {
            Self::PerSecond => format!("{value}/s"),
            Self::Micros => format!("{}.{:02} ms", value / 1000, value % 1000 / 10),
            Self::Millis => format!("{value} ms"),
            Self::Kilobytes => format!("{}.{} MB", value / 1000, value % 1000 / 100),
            Self::Bytes => format!("{} kB", value / 1000),
            Self::Percent => format!("{value} %"),
        }
    }
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    unit: Unit,
    product: u64,
    limit: Option<u64>,
    /// The product's part of the limit's figure, in percent.
    share: Option<u64>,
    bar: Option<Bar>,
    met: Option<bool>,
    note: String,
}

/// All figures of a run on one database.
#[derive(Debug, Serialize)]
pub struct Report {
    database: &'static str,
    customers: u64,
    warranties: u64,
    cores: usize,
    lines: Vec<Line>,
    /// Median times of page 1 and page 1,000, in microseconds.
    #[serde(skip)]
    pages: Vec<u64>,
}

impl Report {
    pub fn new(database: &'static str, customers: u64, warranties: u64) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { database, customers, warranties, cores, lines: Vec::new(), pages: Vec::new() }
    }

    fn add(&mut self, name: &str, unit: Unit, product: u64, limit: Option<u64>, bar: Option<Bar>, note: String) {
        let share = limit.and_then(|limit| (product * 100).checked_div(limit));
        let met = bar.and_then(|bar| match bar {
            Bar::Share(least) => share.map(|share| share >= least),
            Bar::Below(most) => Some(product < most),
        });
        self.lines.push(Line { name: name.to_owned(), unit, product, limit, share, bar, met, note });
    }

    pub fn start(&mut self, product: &Site, limit: Option<&Site>) {
        let millis = |site: &Site| u64::try_from(site.cold_start.as_millis()).unwrap_or(u64::MAX);
        self.millis("cold start to the first answer", millis(product), limit.map(millis), None);
    }

    pub fn millis(&mut self, name: &str, product: u64, limit: Option<u64>, bar: Option<Bar>) {
        self.add(name, Unit::Millis, product, limit, bar, String::new());
    }

    pub fn kilobytes(&mut self, name: &str, product: u64, limit: Option<u64>, bar: Option<Bar>) {
        self.add(name, Unit::Kilobytes, product, limit, bar, String::new());
    }

    pub fn kilobytes_of(&mut self, name: &str, bytes: u64, bar: Option<Bar>) {
        self.add(name, Unit::Bytes, bytes, None, bar, "brotli".to_owned());
    }

    /// Throughput under load, with the times of the answers as a note.
    pub fn rates(&mut self, scenario: &str, name: &str, outcomes: &[Outcome], bar: Option<Bar>) {
        let Some(ours) = outcomes.first() else { return };
        if ["list", "deep"].contains(&scenario) {
            self.pages
                .push(1_000_000_u64.saturating_mul(1000).checked_div(ours.rate().max(1) * 1000).unwrap_or_default());
        }
        let times =
            outcomes.iter().map(|o| format!("{} / {}", Unit::Micros.show(o.p50_us), Unit::Micros.show(o.p95_us)));
        let note = format!("p50 / p95: {}", times.collect::<Vec<_>>().join(" beside "));
        self.add(name, Unit::PerSecond, ours.rate(), outcomes.get(1).map(Outcome::rate), bar, note);
    }

    /// What page 1,000 costs of page 1.
    pub fn depth(&mut self) {
        if let [first, deep] = self.pages.as_slice() {
            let share = (deep * 100).checked_div(*first).unwrap_or_default();
            self.pages = Vec::new();
            self.add(
                "cost of page 1,000 in that of page 1",
                Unit::Percent,
                share,
                None,
                Some(Bar::Below(121)),
                String::new(),
            );
        }
    }

    pub fn micros(&mut self, name: &str, outcomes: &[Outcome], bar: Option<Bar>) {
        let Some(ours) = outcomes.first() else { return };
        self.add(name, Unit::Micros, ours.p95_us, outcomes.get(1).map(|o| o.p95_us), bar, String::new());
    }

    pub fn long(&mut self, name: &str, what: &str, ours: Done, limit: Option<Done>, bar: Option<Bar>) {
        let note = format!("{} {what} in {}.{} s", ours.rows, ours.millis / 1000, ours.millis % 1000 / 100);
        self.add(name, Unit::PerSecond, ours.rate(), limit.map(|done| done.rate()), bar, note);
    }

    pub fn print(&self) {
        println!("\n{}", self.table());
    }

    /// The table in Markdown.
    fn table(&self) -> String {
        let mut text = format!(
            "## {}: {} customers, {} warranty requests, {} cores\n\n",
            self.database, self.customers, self.warranties, self.cores
        );
        let head = ["", "Conexão", "limit", "ratio", "bar", ""].map(str::to_owned);
        let mut rows = vec![head];
        rows.extend(self.lines.iter().map(Line::cells));
        let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..6).map(|at| width(at).unwrap_or_default()).collect();
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            text.push_str(&format_args!("| {} |\n", cells.join(" | ")).to_string());
            if number == 0 {
                let rule: Vec<String> = widths.iter().map(|width| "-".repeat((*width).max(3))).collect();
                text.push_str(&format_args!("| {} |\n", rule.join(" | ")).to_string());
            }
        }
        text
    }

    /// Writes all reports as Markdown and JSON; says where.
    pub fn write(reports: &[Self]) -> Result<PathBuf> {
        let folder = workspace::root().join("target/bench");
        fs::create_dir_all(&folder)?;
        let text: Vec<String> = reports.iter().map(Self::table).collect();
        fs::write(folder.join("report.md"), text.join("\n"))?;
        fs::write(folder.join("report.json"), serde_json::to_string_pretty(reports)?)?;
        Ok(folder)
    }
}

impl Line {
    fn cells(&self) -> [String; 6] {
        let bar = self.bar.map(|bar| {
            let asked = match bar {
                Bar::Share(least) => format!("≥ {least} %"),
                Bar::Below(most) => format!("< {}", self.unit.show(most)),
            };
            match self.met {
                Some(true) => format!("{asked}: met"),
                Some(false) => format!("{asked}: MISSED"),
                None => asked,
            }
        });
        [
            self.name.clone(),
            self.unit.show(self.product),
            self.limit.map(|value| self.unit.show(value)).unwrap_or_default(),
            self.share.map(|share| format!("{}.{:02}", share / 100, share % 100)).unwrap_or_default(),
            bar.unwrap_or_default(),
            self.note.clone(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_met_or_missed() {
        let mut report = Report::new("PostgreSQL", 10, 1);
        report.kilobytes("idle", 79_999, Some(20_000), Some(Bar::Below(80_000)));
        report.add("list", Unit::PerSecond, 59, Some(100), Some(Bar::Share(60)), String::new());
        report.micros("look-up", &[Outcome { p95_us: 12_345, ..Outcome::default() }], None);
        let met: Vec<_> = report.lines.iter().map(|line| line.met).collect();
        assert_eq!(met, [Some(true), Some(false), None]);
        let table = report.table();
        assert!(table.contains("| list    | 59/s     | 100/s   | 0.59  | ≥ 60 %: MISSED"), "{table}");
        assert!(table.contains("12.34 ms"), "{table}");
        assert!(table.contains("< 80.0 MB: met"), "{table}");
    }
}
