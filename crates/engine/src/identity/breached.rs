//! A list of stolen passwords: a file of SHA-1 sums in hexadecimal, sorted,
//! one a line, with or without a count behind a colon, as it can be had from
//! <https://haveibeenpwned.com/Passwords>. Some 40 GB; a search reads some
//! dozens of lines of it.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Seek, SeekFrom},
    path::{Path, PathBuf},
};

/// Sums are 40 digits; a line is a little longer.
const SUM: usize = 40;
const LINE: u64 = 64;

/// A sorted file of sums of stolen passwords.
#[derive(Debug, Clone)]
pub struct Breached {
    path: PathBuf,
}

impl Breached {
    /// A list in a file.
    ///
    /// # Errors
    /// When the file cannot be read or does not begin with a sum.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut line = String::new();
        BufReader::new(File::open(path)?).read_line(&mut line)?;
        let sum = line.get(..SUM).is_some_and(|sum| sum.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the list is not one of SHA-1 sums, one a line");
        if sum { Ok(Self { path: path.to_owned() }) } else { Err(wrong()) }
    }

    /// Whether the sum, 40 hexadecimal digits, is in the list.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn has(&self, sum: &str) -> io::Result<bool> {
        let wanted = sum.to_ascii_uppercase();
        let file = File::open(&self.path)?;
        let (mut low, mut high) = (0, file.metadata()?.len());
        let mut reader = BufReader::with_capacity(256, file);
        // Invariant: the wanted line begins in `low..high`.
        while high - low > LINE {
            let middle = low + (high - low) / 2;
            match line_after(&mut reader, middle)? {
                Some(line) if line <= wanted => low = middle,
                _ => high = middle,
            }
        }
        reader.seek(SeekFrom::Start(low))?;
        // The line at `low` may have begun before it; the next few are whole.
        let mut line = String::new();
        for _ in 0..4 {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                break;
            }
            if line.get(..SUM).is_some_and(|found| found.eq_ignore_ascii_case(&wanted)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The sum of the first line that begins at or after a place.
fn line_after(reader: &mut BufReader<File>, at: u64) -> io::Result<Option<String>> {
    let mut line = String::new();
    if at > 0 {
        // One byte before, so that a line that begins right here is whole.
        reader.seek(SeekFrom::Start(at - 1))?;
        reader.read_line(&mut line)?;
        line.clear();
    } else {
        reader.seek(SeekFrom::Start(0))?;
    }
    reader.read_line(&mut line)?;
    Ok(line.get(..SUM).map(str::to_ascii_uppercase))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn sum(n: u64) -> String {
        // Spread over the whole range, in order.
        format!("{:016X}{:024X}", n.wrapping_mul(0x0083_1234_5678_9ABC), n)
    }

    #[test]
    fn every_line_is_found_and_nothing_else() {
        for (count, tail) in [(1_u64, ""), (2, ":3"), (7, ":1"), (500, ":12345"), (500, "")] {
            let mut sums: Vec<String> = (1..=count).map(sum).collect();
            sums.sort();
            let mut file = tempfile::NamedTempFile::new().unwrap();
            for line in &sums {
                writeln!(file, "{line}{tail}").unwrap();
            }
            let list = Breached::open(file.path()).unwrap();
            for line in &sums {
                assert!(list.has(&line.to_ascii_lowercase()).unwrap(), "{line} of {count}");
            }
            for absent in ["0".repeat(40), "F".repeat(40), sum(count + 1)] {
                assert!(!list.has(&absent).unwrap(), "{absent} of {count}");
            }
        }
    }

    #[test]
    fn other_files_are_refused() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "senha123").unwrap();
        assert!(Breached::open(file.path()).is_err());
    }
}
