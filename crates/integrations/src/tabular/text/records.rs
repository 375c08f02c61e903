//! Delimited records in constant memory, with line numbers and recovery.
//!
//! Built on the state machine of `csv-core` rather than on `csv::Reader`,
//! because a stray quote would make the latter swallow the rest of the file
//! into one field. Here a record that never ends costs its first line only:
//! the lines after it are read again from their own beginning.

use std::io::{self, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::tabular::error::{RowError, RowFault, TabularError};
use crate::tabular::options::{Delimiter, Quote};

/// After this many records that never end the quoting itself must be wrong.
const MAX_FAULTS: u32 = 1_000;
/// More fields than any spreadsheet has columns.
const MAX_FIELDS: usize = 20_000;
const CHUNK: usize = 64 << 10;

/// A stream of records.
pub(crate) struct Records<R> {
    input: R,
    core: Reader,
    buffer: Vec<u8>,
    /// Where the record being read begins in `buffer`.
    start: usize,
    filled: usize,
    at_end: bool,
    /// The line on which `start` is, from 1.
    line: u64,
    after_cr: bool,
    text: Vec<u8>,
    ends: Vec<usize>,
    delimiter: u8,
    quote: Option<u8>,
    limit: usize,
    faults: u32,
    failed: bool,
}

/// One record, valid until the next is read.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// The line on which it begins, from 1.
    pub line: u64,
    text: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// How many fields there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The fields without their quotes.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (text, ends) = (self.text, self.ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(move |(from, to)| text.get(from..*to).unwrap_or_default())
    }
}

/// How the search for the end of a record went.
enum Outcome {
    /// Found; the record took this many bytes and has this many fields.
    Whole { taken: usize, fields: usize },
    /// The quotes do not close before the end or the limit.
    Endless { taken: usize },
    /// More fields than allowed.
    TooWide { taken: usize },
}

impl<R: Read> Records<R> {
    /// Reads records of at most `limit` bytes from UTF-8 `input`.
    pub(crate) fn new(input: R, delimiter: Delimiter, quote: Quote, limit: usize) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter.byte());
        let quote = match quote {
            Quote::Double => Some(b'"'),
            Quote::Single => Some(b'\''),
            Quote::None => None,
        };
        match quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        Self {
            input,
            core: builder.build(),
            buffer: Vec::new(),
            start: 0,
            filled: 0,
            at_end: false,
            line: 1,
            after_cr: false,
            text: vec![0; 4 << 10],
            ends: vec![0; 64],
            delimiter: delimiter.byte(),
            quote,
            limit,
            faults: 0,
            failed: false,
        }
    }

    /// The next record that is not an empty line; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Result<Record<'_>, RowError>> {
        if self.failed {
            return None;
        }
        match self.skip_empty_lines() {
            Ok(true) => (),
            Ok(false) => return None,
            Err(error) => return Some(Err(self.fatal(error.into()))),
        }
        let line = self.line;
        let outcome = match self.find_end() {
            Ok(outcome) => outcome,
            Err(error) => return Some(Err(self.fatal(error.into()))),
        };
        Some(match outcome {
            Outcome::Whole { taken, .. } if self.is_torn(taken) => Err(self.recover(taken)),
            Outcome::Whole { taken, fields } => {
                self.advance(taken);
                let ends = self.ends.get(..fields).unwrap_or_default();
                let text = self.text.as_slice();
                Ok(Record { line, text, ends })
            }
            Outcome::Endless { taken } => Err(self.recover(taken)),
            Outcome::TooWide { taken } => {
                let limit = self.limit;
                self.recover(taken);
                let fault = RowFault::TooLong { limit };
                Err(RowError { line, fault })
            }
        })
    }

    /// Moves to the first byte of the next record; false when there is none.
    fn skip_empty_lines(&mut self) -> io::Result<bool> {
        loop {
            match self.buffer.get(self.start..self.filled) {
                Some([b'\r' | b'\n', ..]) => self.advance(1),
                Some([_, ..]) => return Ok(true),
                _ if self.at_end => return Ok(false),
                _ => self.fill()?,
            }
        }
    }

    fn find_end(&mut self) -> io::Result<Outcome> {
        let (mut taken, mut text_len, mut fields) = (0, 0, 0);
        loop {
            let mut closing = false;
            if self.start + taken == self.filled {
                if taken >= self.limit {
                    return Ok(Outcome::Endless { taken });
                }
                if self.at_end {
                    closing = true;
                } else {
                    self.fill()?;
                    continue;
                }
            }
            // At the end of the file a line break is handed in: outside quotes
            // it completes the record, inside quotes it does not.
            let input = if closing {
                b"\n".as_slice()
            } else {
                let from = self.start + taken;
                self.buffer.get(from..self.filled).unwrap_or_default()
            };
            let text = self.text.get_mut(text_len..).unwrap_or_default();
            let ends = self.ends.get_mut(fields..).unwrap_or_default();
            let (result, read, wrote, ended) = self.core.read_record(input, text, ends);
            text_len += wrote;
            fields += ended;
            if !closing {
                taken += read;
            }
            match result {
                ReadRecordResult::Record => return Ok(Outcome::Whole { taken, fields }),
                ReadRecordResult::InputEmpty if closing => {
                    return Ok(Outcome::Endless { taken });
                }
                ReadRecordResult::InputEmpty => (),
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() > MAX_FIELDS => {
                    return Ok(Outcome::TooWide { taken });
                }
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::End => return Ok(Outcome::Endless { taken }),
            }
        }
    }

    /// Whether a record of several lines holds a quote that closes in the
    /// middle of a field: then the quote that opened was a stray one, and the
    /// record swallowed the lines up to the next quoted field.
    fn is_torn(&self, taken: usize) -> bool {
        let Some(quote) = self.quote else {
            return false;
        };
        let raw = self.buffer.get(self.start..self.start + taken);
        let raw = raw.unwrap_or_default().trim_ascii_end();
        if !raw.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
            return false;
        }
        let mut inside = false;
        let mut at_start = true;
        let mut bytes = raw.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if inside && byte == quote {
                match bytes.peek() {
                    Some(next) if *next == quote => {
                        bytes.next();
                    }
                    Some(next) if *next != self.delimiter => return true,
                    _ => inside = false,
                }
            } else if !inside {
                inside = at_start && byte == quote;
                at_start = byte == self.delimiter;
            }
        }
        false
    }

    /// Gives up the first line of the endless record and starts after it.
    fn recover(&mut self, taken: usize) -> RowError {
        let line = self.line;
        self.core.reset();
        self.faults += 1;
        if self.faults > MAX_FAULTS {
            return self.fatal(TabularError::damaged("too many quotes are never closed"));
        }
        let seen = self.buffer.get(self.start..self.start + taken).unwrap_or_default();
        let first_break = seen.iter().position(|b| matches!(b, b'\r' | b'\n'));
        if let Some(at) = first_break {
            self.advance(at);
            let fault = RowFault::UnclosedQuote;
            return RowError { line, fault };
        }
        self.advance(taken);
        if let Err(error) = self.discard_line() {
            return self.fatal(error.into());
        }
        let limit = self.limit;
        let fault = RowFault::TooLong { limit };
        RowError { line, fault }
    }

    /// Drops bytes up to the next line break.
    fn discard_line(&mut self) -> io::Result<()> {
        loop {
            let rest = self.buffer.get(self.start..self.filled).unwrap_or_default();
            if let Some(at) = rest.iter().position(|b| matches!(b, b'\r' | b'\n')) {
                self.advance(at);
                return Ok(());
            }
            self.advance(rest.len());
            if self.at_end {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Passes over `count` bytes, counting the lines in them.
    fn advance(&mut self, count: usize) {
        let passed = self.buffer.get(self.start..self.start + count).unwrap_or_default();
        for byte in passed {
            let is_break = match byte {
                b'\r' => true,
                b'\n' => !self.after_cr,
                _ => false,
            };
            self.line += u64::from(is_break);
            self.after_cr = *byte == b'\r';
        }
        self.start += count;
    }

    /// Reads more input behind what is held.
    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.filled + CHUNK {
            self.buffer.resize(self.filled + CHUNK, 0);
        }
        loop {
            let free = self.buffer.get_mut(self.filled..).unwrap_or_default();
            match self.input.read(free) {
                Ok(0) => self.at_end = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }

    fn fatal(&mut self, error: TabularError) -> RowError {
        self.failed = true;
        RowError { line: self.line, fault: RowFault::File(error) }
    }
}
