//! One pass over a text file: which encoding it is in and how many lines it has.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::source;
use crate::tabular::options::Encoding;
use crate::tabular::shape::LineEnding;

/// What a whole pass over the file told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextScan {
    pub encoding: Encoding,
    /// Sequences the encoding does not allow.
    pub invalid: u64,
    pub lines: LineCounter,
}

/// Reads the whole file once in constant memory.
///
/// The encoding has to be judged over everything: the first accent may stand
/// on line 900,000.
pub(crate) fn scan(path: &Path, forced: Option<Encoding>) -> io::Result<TextScan> {
    let marked = match forced {
        Some(encoding) => Some(encoding),
        None => marked_encoding(path)?,
    };
    match marked {
        Some(encoding) => scan_decoded(path, encoding),
        None => scan_unmarked(path),
    }
}

/// The encoding that a byte-order mark, or the zero bytes of UTF-16, give away.
fn marked_encoding(path: &Path) -> io::Result<Option<Encoding>> {
    let mut head = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut head)?;
    Ok(match head.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8Bom),
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ => utf16_by_zeros(&head),
    })
}

/// Western text in UTF-16 has a zero in nearly every second byte.
fn utf16_by_zeros(head: &[u8]) -> Option<Encoding> {
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0);
    let (even, odd) = (zeros(0).count(), zeros(1).count());
    let half = head.len() / 2;
    if half < 2 {
        None
    } else if odd * 10 >= half * 7 && even * 10 <= half {
        Some(Encoding::Utf16Le)
    } else if even * 10 >= half * 7 && odd * 10 <= half {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// UTF-8 when (nearly) all of it is valid, Windows-1252 otherwise.
fn scan_unmarked(path: &Path) -> io::Result<TextScan> {
    let mut utf8 = Utf8Check::default();
    let mut lines = LineCounter::default();
    source::each_chunk(File::open(path)?, |chunk| {
        utf8.feed(chunk);
        lines.feed(chunk);
    })?;
    utf8.end();
    // A few bad bytes among many good sequences is UTF-8 somebody damaged;
    // the other way round it is an 8-bit encoding.
    let is_utf8 = utf8.invalid == 0 || utf8.multibyte > utf8.invalid.saturating_mul(8);
    Ok(if is_utf8 {
        TextScan { encoding: Encoding::Utf8, invalid: utf8.invalid, lines }
    } else {
        TextScan { encoding: Encoding::Windows1252, invalid: 0, lines }
    })
}

/// Counts lines and replacement characters of the decoded text.
fn scan_decoded(path: &Path, encoding: Encoding) -> io::Result<TextScan> {
    let mut lines = LineCounter::default();
    let mut invalid = 0;
    if matches!(encoding, Encoding::Utf8 | Encoding::Utf8Bom) {
        let mut utf8 = Utf8Check::default();
        source::each_chunk(source::open(path, encoding)?, |chunk| {
            utf8.feed(chunk);
            lines.feed(chunk);
        })?;
        utf8.end();
        invalid = utf8.invalid;
    } else {
        source::each_chunk(source::open(path, encoding)?, |chunk| lines.feed(chunk))?;
    }
    Ok(TextScan { encoding, invalid, lines })
}

/// Streaming UTF-8 validation.
#[derive(Debug, Default)]
struct Utf8Check {
    carry: Vec<u8>,
    /// Valid sequences of two bytes or more.
    multibyte: u64,
    /// Sequences that are not UTF-8.
    invalid: u64,
}

impl Utf8Check {
    fn feed(&mut self, chunk: &[u8]) {
        if self.carry.is_empty() {
            let tail = self.check(chunk);
            self.carry.extend_from_slice(tail);
        } else {
            let mut joined = std::mem::take(&mut self.carry);
            joined.extend_from_slice(chunk);
            let tail = self.check(&joined).to_vec();
            self.carry = tail;
        }
    }

    /// An incomplete sequence at the very end is invalid.
    fn end(&mut self) {
        if !self.carry.is_empty() {
            self.invalid += 1;
        }
    }

    /// Counts, and returns the incomplete sequence at the end of `bytes`.
    fn check<'a>(&mut self, mut bytes: &'a [u8]) -> &'a [u8] {
        loop {
            let error = match std::str::from_utf8(bytes) {
                Ok(text) => {
                    self.count(text.as_bytes());
                    return &[];
                }
                Err(error) => error,
            };
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            self.count(valid);
            let Some(bad) = error.error_len() else {
                return rest;
            };
            self.invalid += 1;
            bytes = rest.get(bad..).unwrap_or_default();
        }
    }

    fn count(&mut self, valid: &[u8]) {
        let leads = valid.iter().filter(|byte| **byte >= 0xC0).count();
        self.multibyte = self.multibyte.saturating_add(u64::try_from(leads).unwrap_or(u64::MAX));
    }
}

/// Counts line breaks of the three kinds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LineCounter {
    lf: u64,
    crlf: u64,
    cr: u64,
    last: u8,
    any: bool,
}

impl LineCounter {
    fn feed(&mut self, chunk: &[u8]) {
        for byte in chunk {
            match (self.last, *byte) {
                (b'\r', b'\n') => self.crlf += 1,
                (b'\r', _) => self.cr += 1,
                (_, b'\n') => self.lf += 1,
                _ => (),
            }
            self.last = *byte;
        }
        self.any |= !chunk.is_empty();
    }

    /// How many lines there are, the last one counted even without a break.
    pub(crate) fn total(&self) -> u64 {
        let breaks = self.lf + self.crlf + self.cr_total();
        let open_line = self.any && !matches!(self.last, b'\n' | b'\r');
        breaks + u64::from(open_line)
    }

    fn cr_total(&self) -> u64 {
        self.cr + u64::from(self.last == b'\r')
    }

    /// The kind of line break in use.
    pub(crate) fn ending(&self) -> LineEnding {
        match (self.lf > 0, self.crlf > 0, self.cr_total() > 0) {
            (false, false, false) => LineEnding::None,
            (true, false, false) => LineEnding::Lf,
            (false, true, false) => LineEnding::Crlf,
            (false, false, true) => LineEnding::Cr,
            _ => LineEnding::Mixed,
        }
    }
}
