//! Lengths on the page. Whole tenths of a CSS pixel are finer than any screen
//! and need no floating point, so amounts never meet it either.

use std::{
    fmt::{Display, Formatter, Result},
    ops::{Add, Sub},
};

/// A length in tenths of a CSS pixel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Px(i64);

impl Px {
    pub const ZERO: Self = Self(0);

    /// So many whole pixels.
    pub const fn whole(pixels: i64) -> Self {
        Self(pixels * 10)
    }

    /// So many tenths.
    pub const fn tenths(tenths: i64) -> Self {
        Self(tenths)
    }

    /// This length in tenths.
    pub const fn as_tenths(self) -> i64 {
        self.0
    }

    /// `part` of `whole` equal parts; nothing of nothing.
    pub fn share(self, part: i64, whole: i64) -> Self {
        if whole == 0 {
            return Self::ZERO;
        }
        let exact = i128::from(self.0) * i128::from(part) / i128::from(whole);
        Self(i64::try_from(exact).unwrap_or_default())
    }

    pub const fn half(self) -> Self {
        Self(self.0 / 2)
    }

    /// At least zero.
    pub fn floor(self) -> Self {
        self.max(Self::ZERO)
    }

    /// As a style says it, e.g. `12.5px`.
    pub fn css(self) -> String {
        format!("{self}px")
    }
}

impl Add for Px {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Px {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// As SVG attributes say it, e.g. `12.5`.
impl Display for Px {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        match (size / 10, size % 10) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, tenth) => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_attributes() {
        assert_eq!(Px::tenths(125).to_string(), "12.5");
        assert_eq!(Px::tenths(-5).to_string(), "-0.5");
        assert_eq!(Px::whole(7).css(), "7px");
    }

    #[test]
    fn shares_of_huge_amounts_do_not_overflow() {
        assert_eq!(Px::whole(100).share(i64::MAX / 2, i64::MAX), Px::tenths(499));
        assert_eq!(Px::whole(100).share(5, 0), Px::ZERO);
    }
}
