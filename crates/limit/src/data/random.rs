//! Numbers that look random and are always the same for the same seed.

/// The generator `SplitMix64`.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A stream of its own for each pair of purpose and number.
    pub fn new(purpose: u64, n: u64) -> Self {
        Self(purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ n.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// Any of the list.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let index = self.below(list.len().try_into().unwrap_or(1));
        list.get(usize::try_from(index).unwrap_or_default()).copied()
    }

    /// One of the list, early ones far more often: names are not evenly spread.
    pub fn favour<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let len = u64::try_from(list.len()).unwrap_or(1);
        let bound = self.below(len) + 1;
        let index = self.below(bound);
        list.get(usize::try_from(index).unwrap_or_default()).copied()
    }
}
