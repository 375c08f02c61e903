//! Amounts of money.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::decimal::{Fault, Sign, bounded, divide_rounded, magnitude_br, plain_parts, take_sign, with_sign, write_br};
use super::{Invalid, Quantity, Rate};

/// An amount in cents of a real. It can be negative (a credit, a refund).
///
/// Arithmetic answers `None` instead of wrapping. Products are rounded once to the
/// nearest cent, half a cent away from zero, as banks round charges; so a reversal is the exact
/// negative of what it reverses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    /// R$ 0,00.
    pub const ZERO: Self = Self(0);

    /// An amount from its cents.
    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// The amount in cents.
    #[must_use]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// Reads an amount as written in Brazil: `1.234,56`, `R$ 1.234,56`, `1234.56`, `-10`, `(10,00)`.
    /// A point with three digits behind it groups thousands (`1.234` is one thousand); points that do
    /// not group whole thousands, American `1,234.56` and a third decimal are refused, never guessed.
    pub fn parse_br(text: &str) -> Result<Self, Invalid> {
        read(text).map(Self).map_err(|fault| match fault {
            Fault::Format => Invalid::MONEY_FORMAT,
            Fault::Decimals => Invalid::MONEY_DECIMALS,
            Fault::Range => Invalid::MONEY_RANGE,
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

    /// The same amount the other way.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// The price of a quantity at this unit price.
    #[must_use]
    pub fn checked_mul(self, quantity: Quantity) -> Option<Self> {
        self.ratio(quantity.thousandths(), 1000)
    }

    /// The part that a rate makes of the amount.
    #[must_use]
    pub fn percent(self, rate: Rate) -> Option<Self> {
        self.ratio(rate.basis_points(), 10_000)
    }

    /// The amount times a fraction, rounded once; for interest by the day pass
    /// `rate.basis_points() * days` over `10_000 * 30`. None for a divisor that is not positive.
    #[must_use]
    pub fn ratio(self, numerator: i64, divisor: i64) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(numerator);
        let rounded = divide_rounded(product, i128::from(divisor))?;
        i64::try_from(rounded).ok().map(Self)
    }

    /// The sum of many.
    #[must_use]
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The amount in `n` instalments whose sum is exactly the amount and which differ by at most one
    /// cent, the larger ones first; none for `n` = 0.
    #[must_use]
    pub fn split(self, n: u16) -> Vec<Self> {
        let parts = i64::from(n);
        let (Some(share), Some(rest)) = (self.0.checked_div(parts), self.0.checked_rem(parts)) else {
            return Vec::new();
        };
        let part = |at: i64| {
            if at < rest.abs() { share + rest.signum() } else { share }
        };
        (0..parts).map(|at| Self(part(at))).collect()
    }

    /// Whether it is exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The form for machines, as PIX and CSV files want it: `1234.56`, `-0.05`.
    #[must_use]
    pub fn to_plain(self) -> String {
        let (whole, decimals) = plain_parts(self.0, 2);
        format!("{}{whole}.{decimals}", if self.0 < 0 { "-" } else { "" })
    }
}

/// Takes sign, accounting parentheses and currency off, in whichever order people put them.
fn read(text: &str) -> Result<i64, Fault> {
    let text = bounded(text)?;
    let inside = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).map(str::trim);
    let (before, text) = take_sign(inside.unwrap_or(text));
    let amount = text.strip_prefix("R$").or_else(|| text.strip_prefix("r$")).map(str::trim_start);
    let (after, number) = amount.map_or((None, text), take_sign);
    let mut signs = [inside.map(|_| Sign::Minus), before, after].into_iter().flatten();
    let sign = signs.next();
    if signs.next().is_some() {
        return Err(Fault::Format);
    }
    with_sign(sign == Some(Sign::Minus), magnitude_br(number, 2)?)
}

impl FromStr for Money {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse_br(text)
    }
}

impl fmt::Display for Money {
    /// `R$ 1.234,56` with a no-break space; a negative amount has a minus sign before the currency.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = write_br(self.0, 2, 2);
        match text.strip_prefix('\u{2212}') {
            Some(magnitude) => write!(f, "\u{2212}R$\u{a0}{magnitude}"),
            None => write!(f, "R$\u{a0}{text}"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
