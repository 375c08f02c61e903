//! Fixed-length codes, kept as bytes so that they are `Copy` and cost no allocation.

use std::ops::Range;

/// Exactly `N` ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ascii<const N: usize>([u8; N]);

impl<const N: usize> Ascii<N> {
    /// Takes the text when it has the length and is ASCII.
    pub fn new(text: &str) -> Option<Self> {
        if !text.is_ascii() {
            return None;
        }
        text.as_bytes().try_into().ok().map(Self)
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        // ASCII by construction, so the default is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The characters of a range; empty when the range lies outside.
    pub fn part(&self, range: Range<usize>) -> &str {
        self.as_str().get(range).unwrap_or_default()
    }
}
