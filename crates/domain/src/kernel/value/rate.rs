//! Percentages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Invalid;
use super::decimal::Sign;
use super::decimal::{DecimalMark, Fault, bounded, magnitude, take_sign, with_sign, write_br};

/// A percentage in basis points: 250 is 2.5 %. What period it is for, the field says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub i64);

impl Rate {
    /// 0 %.
    pub const ZERO: Self = Self(0);

    /// A rate from hundredths of a percent.
    #[must_use]
    pub const fn from_basis_points(points: i64) -> Self {
        Self(points)
    }

    /// The rate in hundredths of a percent.
    #[must_use]
    pub const fn basis_points(self) -> i64 {
        self.0
    }

    /// Reads `2,5%`, `2.5 %` or `2,5`; at most two decimals. Thousands are not grouped in a rate, so a
    /// single comma or point is always the decimal mark.
    pub fn parse_br(text: &str) -> Result<Self, Invalid> {
        read(text).map(Self).map_err(|fault| match fault {
            Fault::Format => Invalid::RATE_FORMAT,
            Fault::Decimals => Invalid::RATE_DECIMALS,
            Fault::Range => Invalid::RATE_RANGE,
        })
    }
}

fn read(text: &str) -> Result<i64, Fault> {
    let text = bounded(text)?;
    let (sign, number) = take_sign(text.strip_suffix('%').map_or(text, str::trim_end));
    let mark = if number.contains('.') { DecimalMark::Point } else { DecimalMark::Comma };
    if number.contains(',') && mark == DecimalMark::Point {
        return Err(Fault::Format);
    }
    with_sign(sign == Some(Sign::Minus), magnitude(number, mark, 2)?)
}

impl FromStr for Rate {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse_br(text)
    }
}

impl fmt::Display for Rate {
    /// `2,5%`, without the zeros that say nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The thousands go ungrouped, as they are read.
        write!(f, "{}%", write_br(self.0, 2, 0).replace('.', ""))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms() {
        for (text, points) in
            [("2,5%", 250), ("2.5 %", 250), ("2,5", 250), ("-1%", -100), ("100%", 10_000), ("0,03", 3)]
        {
            assert_eq!(Rate::parse_br(text), Ok(Rate(points)), "{text}");
        }
        assert_eq!(Rate::parse_br("0,033%"), Err(Invalid::RATE_DECIMALS));
        assert_eq!(Rate::parse_br("1.234"), Err(Invalid::RATE_DECIMALS));
        assert_eq!(Rate::parse_br("92233720368547758,08"), Err(Invalid::RATE_RANGE));
        for text in ["", "%", "2%%", "%2", "1.234,5", "1.2.3", "dois"] {
            assert_eq!(Rate::parse_br(text), Err(Invalid::RATE_FORMAT), "{text}");
        }
    }

    #[test]
    fn shown_without_idle_zeros() {
        let shown = [200, 250, 225, 0, -5].map(|points| Rate(points).to_string());
        assert_eq!(shown, ["2%", "2,5%", "2,25%", "0%", "\u{2212}0,05%"]);
    }

    proptest! {
        #[test]
        fn reads_back(points in any::<i64>()) {
            let rate = Rate(points);
            prop_assert_eq!(Rate::parse_br(&rate.to_string()), Ok(rate));
            prop_assert_eq!(serde_json::from_str::<Rate>(&serde_json::to_string(&rate).unwrap()).unwrap(), rate);
        }
    }
}
