//! Quantities of things sold or stocked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Invalid;
use super::decimal::{Fault, scan_br, write_br};

/// A quantity in thousandths of its unit: 1500 is one and a half.
///
/// Arithmetic answers `None` instead of wrapping.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Quantity(pub i64);

impl Quantity {
    /// None.
    pub const ZERO: Self = Self(0);
    /// One unit.
    pub const ONE: Self = Self(1000);

    /// A quantity from thousandths of the unit.
    #[must_use]
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// A quantity of whole units.
    #[must_use]
    pub fn from_units(units: i32) -> Self {
        Self(i64::from(units).saturating_mul(1000))
    }

    /// The quantity in thousandths of the unit.
    #[must_use]
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// Reads `1.234,5`, `1234.5` or `3`; at most three decimals. As with money, a point with three
    /// digits behind it groups thousands: `1.500` is fifteen hundred, `1,500` is one and a half.
    pub fn parse_br(text: &str) -> Result<Self, Invalid> {
        scan_br(text, 3).map(Self).map_err(|fault| match fault {
            Fault::Format => Invalid::QUANTITY_FORMAT,
            Fault::Decimals => Invalid::QUANTITY_DECIMALS,
            Fault::Range => Invalid::QUANTITY_RANGE,
        })
    }

    /// The sum.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Whether it is exactly none.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is less than none.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl FromStr for Quantity {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse_br(text)
    }
}

impl fmt::Display for Quantity {
    /// `1.234,5`, without the zeros that say nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write_br(self.0, 3, 0))
    }
}
