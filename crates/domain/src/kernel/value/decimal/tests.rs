use proptest::prelude::*;

use super::*;

#[test]
fn marks_and_groups() {
    let comma = |text| parse_decimal(text, DecimalMark::Comma, 2);
    let point = |text| parse_decimal(text, DecimalMark::Point, 2);
    assert_eq!(comma("1.234.567,8"), Ok(123_456_780));
    assert_eq!(point("1,234,567.80"), Ok(123_456_780));
    assert_eq!(comma(" \u{2212}12 "), Ok(-1200));
    assert_eq!(comma("+0,5"), Ok(50));
    assert_eq!(comma(",5"), Ok(50));
    assert_eq!(comma("007"), Ok(700));
    assert_eq!(comma("1,5000"), Ok(150));
    assert_eq!(point("1,234"), Ok(123_400));
}

#[test]
fn refusals() {
    let comma = |text| parse_decimal(text, DecimalMark::Comma, 2).unwrap_err();
    for text in
        ["", "-", ",", "1,", "1,2,3", "1.23", "1.2345,00", "0.001", ".123", "1..234", "--1", "1e5", "１", "1 234"]
    {
        assert_eq!(comma(text), Invalid::DECIMAL_FORMAT, "{text}");
    }
    assert_eq!(comma("1,501"), Invalid::DECIMAL_SCALE);
    assert_eq!(comma("92233720368547758,08"), Invalid::DECIMAL_RANGE);
    assert_eq!(comma(&"9".repeat(60)), Invalid::DECIMAL_RANGE);
    assert_eq!(parse_decimal("1", DecimalMark::Comma, 255), Err(Invalid::DECIMAL_RANGE));
    assert_eq!(parse_decimal("-92233720368547758,08", DecimalMark::Comma, 2), Ok(i64::MIN));
}

#[test]
fn a_half_rounds_away_from_zero() {
    let cases = [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (5, 3, 2), (0, 7, 0), (1, 2, 1)];
    for (dividend, divisor, rounded) in cases {
        assert_eq!(divide_rounded(dividend, divisor), Some(rounded), "{dividend}/{divisor}");
    }
    assert_eq!((divide_rounded(1, 0), divide_rounded(1, -1)), (None, None));
    assert_eq!(divide_rounded(i128::MIN, 1), Some(i128::MIN));
    assert_eq!(divide_rounded(i128::MAX, i128::MAX), Some(1));
}

proptest! {
    #[test]
    fn reads_what_it_writes(value in any::<i64>(), scale in 0_u8..=6, shown in 0_usize..=6) {
        let text = write_br(value, scale, shown);
        prop_assert_eq!(parse_decimal(&text, DecimalMark::Comma, scale), Ok(value), "{}", text);
        let american = text.replace(',', ";").replace('.', ",").replace(';', ".");
        prop_assert_eq!(parse_decimal(&american, DecimalMark::Point, scale), Ok(value), "{}", american);
    }

    #[test]
    fn rounding_is_the_nearest_whole(dividend in any::<i64>(), divisor in 1..=i64::MAX) {
        let rounded = divide_rounded(dividend.into(), divisor.into()).unwrap();
        let off = i128::from(dividend) - rounded * i128::from(divisor);
        prop_assert!(off.abs() * 2 <= i128::from(divisor));
        let opposite = divide_rounded(-i128::from(dividend), divisor.into()).unwrap();
        prop_assert_eq!(opposite, -rounded);
    }
}
