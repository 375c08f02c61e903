//! Which delimiter and quote a text file uses.
//!
//! Every candidate is tried on a sample. A good one cuts the lines into the
//! same number of fields (pattern) and the fields look like values rather than
//! like several values in one (type): the measure of van den Burg, Nazábal and
//! Sutton, "Wrangling messy CSV files by detecting row and type patterns"
//! (2019), in whole numbers.

use std::collections::BTreeMap;

use super::records::Records;
use crate::tabular::options::{Delimiter, Quote};
use crate::tabular::values;

const SAMPLE_RECORDS: u64 = 300;

/// A delimiter and a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub delimiter: Delimiter,
    pub quote: Quote,
}

/// The beginning of a text file in UTF-8.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample<'a> {
    pub bytes: &'a [u8],
    /// Whether this is the whole file.
    pub complete: bool,
}

/// The dialect that fits the sample best; what is given is not guessed.
pub(crate) fn guess(sample: Sample<'_>, delimiter: Option<Delimiter>, quote: Option<Quote>) -> Dialect {
    let delimiter = delimiter.or_else(|| announced(sample.bytes));
    let delimiters: &[Delimiter] = match &delimiter {
        Some(given) => std::slice::from_ref(given),
        None => &Delimiter::ALL,
    };
    let best = |quote| {
        let scored = delimiters.iter().map(|delimiter| {
            let dialect = Dialect { delimiter: *delimiter, quote };
            (score(sample, dialect), dialect)
        });
        // The first of equals, which is the most usual.
        scored.reduce(|top, next| if next.0.value > top.0.value { next } else { top })
    };
    let quotes = match quote {
        Some(given) => vec![given],
        None if has_single_quotes(sample.bytes) => vec![Quote::Double, Quote::Single],
        None => vec![Quote::Double],
    };
    let mut found =
        quotes.into_iter().filter_map(best).reduce(|top, next| if next.0.value > top.0.value { next } else { top });
    // Quotes that never close may be no quotes at all.
    if quote.is_none()
        && found.is_some_and(|(score, _)| score.faults > 0)
        && let Some(bare) = best(Quote::None)
        && found.is_none_or(|(score, _)| bare.0.value > score.value)
    {
        found = Some(bare);
    }
    let usual = Dialect { delimiter: Delimiter::Semicolon, quote: Quote::Double };
    found.map_or(usual, |(_, dialect)| dialect)
}

/// The delimiter that Excel's first line `sep=;` announces.
fn announced(sample: &[u8]) -> Option<Delimiter> {
    let head = sample.get(..5)?;
    if !head.get(..4)?.eq_ignore_ascii_case(b"sep=") {
        return None;
    }
    let byte = head.last()?;
    Delimiter::ALL.into_iter().find(|d| d.byte() == *byte)
}

/// Whether apostrophes enclose fields. An apostrophe is a letter in Portuguese
/// names, so it must stand at field edges again and again.
fn has_single_quotes(sample: &[u8]) -> bool {
    let is_edge = |byte: Option<&u8>| byte.is_none_or(|b| matches!(b, b';' | b',' | b'\t' | b'|' | b'\n' | b'\r'));
    let (mut at_edges, mut inside) = (0_usize, 0_usize);
    for (at, byte) in sample.iter().enumerate() {
        if *byte == b'\'' {
            let before = at.checked_sub(1).and_then(|i| sample.get(i));
            if is_edge(before) || is_edge(sample.get(at + 1)) {
                at_edges += 1;
            } else {
                inside += 1;
            }
        }
    }
    at_edges >= 8 && at_edges > inside.saturating_mul(4)
}

/// How well a dialect fits.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    /// Pattern times type, each per mille; 0 when nothing can be read.
    value: u64,
    /// Quotes that never close.
    faults: u64,
}

fn score(sample: Sample<'_>, dialect: Dialect) -> Score {
    let Dialect { delimiter, quote } = dialect;
    let bytes = sample.bytes;
    let mut records = Records::new(bytes, delimiter, quote, bytes.len() + 1);
    let mut patterns: BTreeMap<u64, u64> = BTreeMap::new();
    let (mut cells, mut known, mut rows, mut faults) = (0_u64, 0_u64, 0_u64, 0_u64);
    while rows < SAMPLE_RECORDS {
        match records.next() {
            None => break,
            // A quote open where the sample is cut says nothing.
            Some(Err(_)) if !sample.complete && rows > 0 => break,
            Some(Err(_)) => faults += 1,
            Some(Ok(record)) => {
                rows += 1;
                let width = u64::try_from(record.len()).unwrap_or(u64::MAX);
                *patterns.entry(width).or_default() += 1;
                for field in record.fields() {
                    cells += 1;
                    known += u64::from(looks_like_one_value(field, dialect));
                }
            }
        }
    }
    if rows == 0 || cells == 0 {
        return Score { value: 0, faults };
    }
    let kinds = u64::try_from(patterns.len()).unwrap_or(u64::MAX).max(1);
    let pattern: u64 =
        patterns.iter().map(|(width, count)| count * (width.saturating_sub(1) * 1_000 / width).max(1)).sum();
    let types = (known * 1_000 / cells).max(1);
    let penalty = 1 + faults * 10;
    let value = pattern * types / kinds / penalty;
    Score { value, faults }
}

/// Whether a field is empty, a number, a date or plain words: one value, not
/// several that another delimiter would have parted.
fn looks_like_one_value(field: &[u8], dialect: Dialect) -> bool {
    let Ok(text) = std::str::from_utf8(field) else {
        return true;
    };
    let text = text.trim();
    if text.is_empty() || values::is_typed(text) {
        return true;
    }
    let stray = |c: char| match c {
        ';' | '\t' | '|' => true,
        '"' => dialect.quote != Quote::Double,
        // A comma followed by a space is punctuation; without one it parts values.
        _ => false,
    };
    !text.contains(stray) && !has_tight_comma(text)
}

fn has_tight_comma(text: &str) -> bool {
    text.split(',').skip(1).any(|rest| !rest.starts_with(' '))
}
