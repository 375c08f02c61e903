//! From values to places: a scale whose ends and steps are round numbers.

use super::px::Px;

/// How many steps an axis has; with the base there are at most six lines.
const STEPS: i64 = 4;

/// Round numbers in tenths, between which the next power of ten lies.
const ROUND: [i64; 9] = [10, 15, 20, 25, 30, 40, 50, 75, 100];

/// The values an axis covers, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    pub low: i64,
    pub high: i64,
    pub step: i64,
}

impl Scale {
    /// Covers zero and all values. `unit` is what one of them is in the
    /// smallest parts (100 for cents), so that the steps are round for people.
    pub fn of(values: impl Iterator<Item = i64>, unit: i64) -> Self {
        let (low, high) = values.fold((0, 0), |(low, high), value| (value.min(low), value.max(high)));
        let raw = ceil(high.saturating_sub(low), STEPS);
        let step = round_up(ceil(raw, unit)).saturating_mul(unit);
        let low = ceil(low.saturating_neg(), step).saturating_mul(step).saturating_neg();
        // All above zero: always the same number of lines.
        let least = if low == 0 { step.saturating_mul(STEPS) } else { 0 };
        let high = ceil(high, step).saturating_mul(step).max(least);
        Self { low, high, step }
    }

    /// The values that have a line.
    pub fn ticks(self) -> Vec<i64> {
        let next = |now: &i64| now.checked_add(self.step).filter(|next| *next <= self.high);
        std::iter::successors(Some(self.low), next).take(12).collect()
    }

    /// How far from the low end a value is on an axis of this length.
    pub fn along(self, value: i64, length: Px) -> Px {
        length.share(value.saturating_sub(self.low), self.high.saturating_sub(self.low))
    }
}

/// Division that rounds up; of positive numbers.
const fn ceil(value: i64, by: i64) -> i64 {
    if value <= 0 { 0 } else { (value - 1) / by + 1 }
}

/// The smallest round number that is not smaller.
fn round_up(value: i64) -> i64 {
    let mut power: i64 = 1;
    while let Some(next) = power.checked_mul(10).filter(|next| *next <= value) {
        power = next;
    }
    let fits = |tenths: &i64| {
        let product = tenths.checked_mul(power)?;
        Some(product / 10).filter(|round| product % 10 == 0 && *round >= value)
    };
    ROUND.iter().find_map(fits).unwrap_or(value.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[i64], unit: i64) -> (i64, i64, i64) {
        let scale = Scale::of(values.iter().copied(), unit);
        (scale.low, scale.high, scale.step)
    }

    #[test]
    fn counts_have_whole_round_steps() {
        assert_eq!(of(&[], 1), (0, 4, 1));
        assert_eq!(of(&[0, 1], 1), (0, 4, 1));
        assert_eq!(of(&[5], 1), (0, 8, 2));
        assert_eq!(of(&[41, 37, 60], 1), (0, 60, 15));
        assert_eq!(of(&[12_486], 1), (0, 16_000, 4_000));
    }

    #[test]
    fn cents_have_steps_of_round_reais() {
        assert_eq!(of(&[128_999_999], 100), (0, 160_000_000, 40_000_000));
        assert_eq!(of(&[1_050], 100), (0, 1_200, 300));
    }

    #[test]
    fn what_is_below_zero_has_lines_too() {
        let scale = Scale::of([-30, 50].into_iter(), 1);
        assert_eq!((scale.low, scale.high, scale.step), (-40, 60, 20));
        assert_eq!(scale.ticks(), [-40, -20, 0, 20, 40, 60]);
    }

    #[test]
    fn values_lie_where_they_belong() {
        let scale = Scale::of([60].into_iter(), 1);
        assert_eq!(scale.along(15, Px::whole(100)), Px::whole(25));
        assert_eq!(scale.along(0, Px::whole(100)), Px::ZERO);
        assert_eq!(Scale::of([i64::MAX / 2].into_iter(), 1).ticks().len(), 5);
    }
}
