//! Quantities of things sold or stocked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Invalid;
use super::decimal::{Fault, scan_br, write_br};

/// A quantity in thousandths of its unit: 1500 is one and a half.
///
/// Arithmetic answers `None` instead of wrapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms() {
        for (text, thousandths) in
            [("3", 3000), ("1,5", 1500), ("1.5", 1500), ("1,500", 1500), ("1.500", 1_500_000), ("-0,001", -1)]
        {
            assert_eq!(Quantity::parse_br(text), Ok(Quantity(thousandths)), "{text}");
        }
        assert_eq!(Quantity::parse_br("0,0005"), Err(Invalid::QUANTITY_DECIMALS));
        assert_eq!(Quantity::parse_br("três"), Err(Invalid::QUANTITY_FORMAT));
        assert_eq!(Quantity::parse_br("9223372036854775,808"), Err(Invalid::QUANTITY_RANGE));
        assert_eq!(Quantity(1_234_500).to_string(), "1.234,5");
        assert_eq!(Quantity::from_units(i32::MIN).thousandths(), -2_147_483_648_000);
    }

    proptest! {
        #[test]
        fn reads_back(thousandths in any::<i64>()) {
            let quantity = Quantity(thousandths);
            prop_assert_eq!(Quantity::parse_br(&quantity.to_string()), Ok(quantity));
        }

        #[test]
        fn sums_undo_or_overflow(a in any::<i64>(), b in any::<i64>()) {
            let sum = Quantity(a).checked_add(Quantity(b));
            prop_assert_eq!(sum.is_none(), a.checked_add(b).is_none());
            if let Some(sum) = sum {
                prop_assert_eq!(sum.checked_sub(Quantity(b)), Some(Quantity(a)));
            }
        }
    }
}
