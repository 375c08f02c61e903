//! Colours that people can read (WCAG 2.2, 1.4.3): contrast in whole numbers.

/// A colour of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// Surfaces that text in the accent stands on, as the light theme has them.
pub const LIGHT: &[Colour] =
    &[Colour::new(255, 255, 255), Colour::new(0xf5, 0xf8, 0xf9), Colour::new(0xea, 0xee, 0xef)];
/// The same of the dark theme.
pub const DARK: &[Colour] =
    &[Colour::new(0x15, 0x1c, 0x21), Colour::new(0x0d, 0x13, 0x17), Colour::new(0x1f, 0x28, 0x2d)];

/// The least contrast of text, in hundredths: 4.5 to 1.
pub const TEXT: u32 = 450;

impl Colour {
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#0f6a80`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |from: usize| u8::from_str_radix(digits.get(from..from + 2)?, 16).ok();
        // A sign would be read as part of a number.
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
        Some(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }

    /// Relative luminance in millionths of white's.
    fn luminance(self) -> u32 {
        let linear = |part: u8| LINEAR.get(usize::from(part)).copied().map_or(0, u64::from);
        let sum = 2126 * linear(self.red) + 7152 * linear(self.green) + 722 * linear(self.blue);
        u32::try_from(sum / 10_000).unwrap_or(u32::MAX)
    }

    /// The contrast of two colours in hundredths, rounded down: 100 to 2100.
    #[must_use]
    pub fn contrast(self, other: Self) -> u32 {
        let (one, two) = (self.luminance() + 50_000, other.luminance() + 50_000);
        one.max(two) * 100 / one.min(two)
    }

    /// Whether text in this colour can be read on all these surfaces.
    #[must_use]
    pub fn reads_on(self, surfaces: &[Self]) -> bool {
        surfaces.iter().all(|surface| self.contrast(*surface) >= TEXT)
    }

    /// Black or white, whichever reads better on this colour.
    #[must_use]
    pub fn ink(self) -> &'static str {
        let (white, black) = (Self::new(255, 255, 255), Self::new(0, 0, 0));
        if self.contrast(white) >= self.contrast(black) { "#ffffff" } else { "#000000" }
    }
}

/// What a channel's value gives of light, in millionths (IEC 61966-2-1).
const LINEAR: [u32; 256] = [
    0, 304, 607, 911, 1_214, 1_518, 1_821, 2_125, 2_428, 2_732, 3_035, 3_347, 3_677, 4_025, 4_391, 4_777, 5_182, 5_605,
    6_049, 6_512, 6_995, 7_499, 8_023, 8_568, 9_134, 9_721, 10_330, 10_960, 11_612, 12_286, 12_983, 13_702, 14_444,
    15_209, 15_996, 16_807, 17_642, 18_500, 19_382, 20_289, 21_219, 22_174, 23_153, 24_158, 25_187, 26_241, 27_321,
    28_426, 29_557, 30_713, 31_896, 33_105, 34_340, 35_601, 36_889, 38_204, 39_546, 40_915, 42_311, 43_735, 45_186,
    46_665, 48_172, 49_707, 51_269, 52_861, 54_480, 56_128, 57_805, 59_511, 61_246, 63_010, 64_803, 66_626, 68_478,
    70_360, 72_272, 74_214, 76_185, 78_187, 80_220, 82_283, 84_376, 86_500, 88_656, 90_842, 93_059, 95_307, 97_587,
    99_899, 102_242, 104_616, 107_023, 109_462, 111_932, 114_435, 116_971, 119_538, 122_139, 124_772, 127_438, 130_136,
    132_868, 135_633, 138_432, 141_263, 144_128, 147_027, 149_960, 152_926, 155_926, 158_961, 162_029, 165_132,
    168_269, 171_441, 174_647, 177_888, 181_164, 184_475, 187_821, 191_202, 194_618, 198_069, 201_556, 205_079,
    208_637, 212_231, 215_861, 219_526, 223_228, 226_966, 230_740, 234_551, 238_398, 242_281, 246_201, 250_158,
    254_152, 258_183, 262_251, 266_356, 270_498, 274_677, 278_894, 283_149, 287_441, 291_771, 296_138, 300_544,
    304_987, 309_469, 313_989, 318_547, 323_143, 327_778, 332_452, 337_164, 341_914, 346_704, 351_533, 356_400,
    361_307, 366_253, 371_238, 376_262, 381_326, 386_429, 391_572, 396_755, 401_978, 407_240, 412_543, 417_885,
    423_268, 428_690, 434_154, 439_657, 445_201, 450_786, 456_411, 462_077, 467_784, 473_531, 479_320, 485_150,
    491_021, 496_933, 502_886, 508_881, 514_918, 520_996, 527_115, 533_276, 539_479, 545_724, 552_011, 558_340,
    564_712, 571_125, 577_580, 584_078, 590_619, 597_202, 603_827, 610_496, 617_207, 623_960, 630_757, 637_597,
    644_480, 651_406, 658_375, 665_387, 672_443, 679_542, 686_685, 693_872, 701_102, 708_376, 715_694, 723_055,
    730_461, 737_910, 745_404, 752_942, 760_525, 768_151, 775_822, 783_538, 791_298, 799_103, 806_952, 814_847,
    822_786, 830_770, 838_799, 846_873, 854_993, 863_157, 871_367, 879_622, 887_923, 896_269, 904_661, 913_099,
    921_582, 930_111, 938_686, 947_307, 955_973, 964_686, 973_445, 982_251, 991_102, 1_000_000,
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_contrasts() {
        let of = |one: &str, two: &str| Colour::parse(one).unwrap().contrast(Colour::parse(two).unwrap());
        assert_eq!(of("#000000", "#ffffff"), 2100);
        assert_eq!(of("#777777", "#ffffff"), 447, "the famous grey that just fails");
        assert_eq!(of("#767676", "#ffffff"), 454);
        assert_eq!(of("#0000ff", "#ffffff"), 859);
    }

    #[test]
    fn our_own_accents_can_be_read() {
        assert!(Colour::parse("#005c72").unwrap().reads_on(LIGHT));
        assert!(Colour::parse("#71c4d3").unwrap().reads_on(DARK));
        assert!(!Colour::parse("#ffd400").unwrap().reads_on(LIGHT));
        assert!(!Colour::parse("#123456").unwrap().reads_on(DARK));
    }

    #[test]
    fn other_texts_are_no_colours() {
        for text in ["", "#", "#fff", "0f6a80", "#0f6a8g", "#+f6a80", "#ção12", "#0f6a80ff"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn contrast_has_no_direction_and_ink_can_always_be_read(a: [u8; 3], b: [u8; 3]) {
            let colour = |[red, green, blue]: [u8; 3]| Colour::new(red, green, blue);
            let (a, b) = (colour(a), colour(b));
            prop_assert_eq!(a.contrast(b), b.contrast(a));
            prop_assert!((100..=2100).contains(&a.contrast(b)));
            prop_assert!(a.contrast(Colour::parse(a.ink()).unwrap()) >= TEXT);
        }
    }
}
