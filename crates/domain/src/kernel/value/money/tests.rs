use proptest::prelude::*;

use super::*;

#[test]
fn forms() {
    let cases = [
        ("1.234,56", 123_456),
        ("R$ 1.234,56", 123_456),
        ("1234.56", 123_456),
        ("R$1234,5", 123_450),
        ("1.234", 123_400),
        ("0,05", 5),
        ("1.5", 150),
        ("10", 1000),
        ("-10,00", -1000),
        ("-R$ 10,00", -1000),
        ("R$ -10,00", -1000),
        ("\u{2212}R$\u{a0}1.234,56", -123_456),
        ("(10,00)", -1000),
        ("(R$ 10,00)", -1000),
        ("+10", 1000),
        ("1.234.567,89", 123_456_789),
        ("0,500", 50),
        ("-92.233.720.368.547.758,08", i64::MIN),
    ];
    for (text, cents) in cases {
        assert_eq!(Money::parse_br(text), Ok(Money(cents)), "{text}");
    }
}

#[test]
fn refusals() {
    for text in [
        "", "R$", "-", "abc", "1,234.56", "1234.567", "1.23.4", "12.34,56", "0.123", "--1", "-(1)", "-R$ -1", "(+1)",
        "(1", "R$ R$ 1", "1,2,3", "1 000", "10 reais", "US$ 1", "1,-", "()",
    ] {
        assert_eq!(Money::parse_br(text), Err(Invalid::MONEY_FORMAT), "{text}");
    }
    assert_eq!(Money::parse_br("1,005"), Err(Invalid::MONEY_DECIMALS));
    assert_eq!(Money::parse_br("92.233.720.368.547.758,08"), Err(Invalid::MONEY_RANGE));
}

#[test]
fn shown_with_no_break_space_and_minus() {
    assert_eq!(Money(123_456).to_string(), "R$\u{a0}1.234,56");
    assert_eq!(Money(-5).to_string(), "\u{2212}R$\u{a0}0,05");
    assert_eq!(Money(i64::MIN).to_string(), "\u{2212}R$\u{a0}92.233.720.368.547.758,08");
    assert_eq!((Money(-5).to_plain().as_str(), Money(123_456).to_plain().as_str()), ("-0.05", "1234.56"));
}

/// Computed examples of the law's limits: 2 % once and 1 % a month by the day.
#[test]
fn late_charges() {
    let cases = [
        (10_000, 1, 200, 3),
        (10_000, 10, 200, 33),
        (10_000, 30, 200, 100),
        (10_000, 45, 200, 150),
        (12_990, 17, 260, 74),
    ];
    for (principal, days, fine, interest) in cases {
        let principal = Money(principal);
        assert_eq!(principal.percent(Rate(200)), Some(Money(fine)));
        assert_eq!(principal.ratio(100 * days, 10_000 * 30), Some(Money(interest)));
    }
}

#[test]
fn overflow_is_an_answer() {
    let most = Money(i64::MAX);
    assert_eq!(most.checked_add(Money(1)), None);
    assert_eq!(Money(i64::MIN).checked_sub(Money(1)), None);
    assert_eq!(Money(i64::MIN).checked_neg(), None);
    assert_eq!(most.checked_mul(Quantity(i64::MAX)), None);
    assert_eq!(most.percent(Rate(10_001)), None);
    assert_eq!(most.ratio(1, 0), None);
    assert_eq!(Money::sum([most, Money(1)]), None);
}

#[test]
fn products_round_half_a_cent_away_from_zero() {
    assert_eq!(Money(1).checked_mul(Quantity(500)), Some(Money(1)));
    assert_eq!(Money(-1).checked_mul(Quantity(500)), Some(Money(-1)));
    assert_eq!(Money(1).checked_mul(Quantity(499)), Some(Money(0)));
    assert_eq!(Money(1999).checked_mul(Quantity(2500)), Some(Money(4998)));
}

#[test]
fn instalments() {
    assert_eq!(Money(10_000).split(3), [Money(3334), Money(3333), Money(3333)]);
    assert_eq!(Money(-2).split(3), [Money(-1), Money(-1), Money(0)]);
    assert_eq!(Money(100).split(0), []);
}

#[test]
fn json_is_the_cents() {
    assert_eq!(serde_json::to_string(&Money(-5)).unwrap(), "-5");
    assert_eq!(serde_json::from_str::<Money>("123456").unwrap(), Money(123_456));
    assert!(serde_json::from_str::<Money>("1.5").is_err());
}

proptest! {
    #[test]
    fn every_form_reads_back(cents in any::<i64>()) {
        let money = Money(cents);
        prop_assert_eq!(Money::parse_br(&money.to_string()), Ok(money));
        prop_assert_eq!(Money::parse_br(&money.to_plain()), Ok(money));
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
    }

    #[test]
    fn instalments_sum_up_exactly(cents in any::<i64>(), n in 1_u16..=600) {
        let parts = Money(cents).split(n);
        prop_assert_eq!(parts.len(), usize::from(n));
        prop_assert_eq!(Money::sum(parts.iter().copied()), Some(Money(cents)));
        let (least, most) = (parts.iter().min().unwrap().0, parts.iter().max().unwrap().0);
        prop_assert!(most - least <= 1);
        prop_assert!(parts.is_sorted_by_key(|part| -i128::from(part.0.abs())));
    }

    #[test]
    fn addition_and_subtraction_undo_each_other(a in any::<i64>(), b in any::<i64>()) {
        if let Some(sum) = Money(a).checked_add(Money(b)) {
            prop_assert_eq!(sum.checked_sub(Money(b)), Some(Money(a)));
            prop_assert_eq!(Money(b).checked_add(Money(a)), Some(sum));
        }
    }

    #[test]
    fn a_percentage_is_off_by_half_a_cent_at_most(cents in -1_000_000_000_000_i64..1_000_000_000_000, rate in -20_000_i64..20_000) {
        let part = Money(cents).percent(Rate(rate)).unwrap();
        let exact = i128::from(cents) * i128::from(rate);
        prop_assert!((exact - i128::from(part.0) * 10_000).abs() <= 5_000);
        prop_assert_eq!(Money(-cents).percent(Rate(rate)), part.checked_neg());
    }

    #[test]
    fn whole_quantities_multiply_exactly(cents in -1_000_000_000_i64..1_000_000_000, units in -100_000_i32..100_000) {
        let total = Money(cents).checked_mul(Quantity::from_units(units));
        prop_assert_eq!(total, Some(Money(cents * i64::from(units))));
    }
}
