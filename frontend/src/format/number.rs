//! Numbers and money, without floating point.

use conexao_domain::{
    kernel::value::{Money, Quantity, Rate},
    locale::Locale,
};

use crate::i18n;

const MINUS: char = '\u{2212}';
/// Keeps a figure and its unit on one line.
const NBSP: char = '\u{a0}';

/// `1.284`, in English `1,284`.
pub fn integer(n: i64) -> String {
    integer_in(i18n::locale(), n)
}

fn integer_in(locale: Locale, n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mark = if locale == Locale::PtBr { '.' } else { ',' };
    let mut out = String::new();
    if n < 0 {
        out.push(MINUS);
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

/// `R$ 1.234,56` from cents; in English `R$ 1,234.56`.
pub fn money(cents: i64) -> String {
    localised(i18n::locale(), Money::from_cents(cents).to_string())
}

/// `1,5` from thousandths.
pub fn quantity(thousandths: i64) -> String {
    localised(i18n::locale(), Quantity::from_thousandths(thousandths).to_string())
}

/// `12,5%` from basis points.
pub fn rate(points: i64) -> String {
    localised(i18n::locale(), Rate::from_basis_points(points).to_string())
}

/// A share of a whole, `94%`.
pub fn percent(part: i64, whole: i64) -> String {
    let share = if whole == 0 { 0 } else { part.saturating_mul(100) / whole };
    format!("{share}%")
}

/// Brazilian figures with the marks of the language: points and commas change places in English.
fn localised(locale: Locale, text: String) -> String {
    if locale == Locale::PtBr {
        return text;
    }
    let swap = |c| match c {
        '.' => ',',
        ',' => '.',
        other => other,
    };
    text.chars().map(swap).collect()
}

/// A large amount in few characters: `R$ 1,28 mi`, `R$ 874 mil`; small ones in full.
pub fn money_short(cents: i64) -> String {
    money_short_in(i18n::locale(), cents)
}

fn money_short_in(locale: Locale, cents: i64) -> String {
    let reais = cents.unsigned_abs() / 100;
    let (unit, names) = match reais {
        0..10_000 => return localised(locale, Money::from_cents(cents).to_string()),
        10_000..1_000_000 => (1_000, ("mil", "k")),
        1_000_000..1_000_000_000 => (1_000_000, ("mi", "M")),
        _ => (1_000_000_000, ("bi", "B")),
    };
    let hundredths = reais / (unit / 100);
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let figure = match (whole, rest) {
        (0..10, _) => format!("{whole},{rest:02}"),
        (10..100, _) => format!("{whole},{}", rest / 10),
        _ => whole.to_string(),
    };
    let name = if locale == Locale::PtBr { names.0 } else { names.1 };
    let sign = if cents < 0 { MINUS.to_string() } else { String::new() };
    format!("{sign}R${NBSP}{}{NBSP}{name}", localised(locale, figure))
}

/// Size of a file: `12 kB`, `3,4 MB`.
pub fn bytes(n: i64) -> String {
    bytes_in(i18n::locale(), n)
}

fn bytes_in(locale: Locale, n: i64) -> String {
    match n {
        ..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{} kB", n / 1_000),
        _ => {
            let tenths = n / 100_000;
            localised(locale, format!("{},{} MB", tenths / 10, tenths % 10))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_thousands() {
        assert_eq!(integer_in(Locale::PtBr, 1_234_567), "1.234.567");
        assert_eq!(integer_in(Locale::En, -12_486), "\u{2212}12,486");
        assert_eq!(integer_in(Locale::PtBr, 999), "999");
    }

    #[test]
    fn money_follows_the_language() {
        assert_eq!(money(123_456), "R$\u{a0}1.234,56");
        assert_eq!(localised(Locale::En, money(-123_456)), "\u{2212}R$\u{a0}1,234.56");
    }

    #[test]
    fn large_amounts_are_shortened_without_rounding_up() {
        assert_eq!(money_short_in(Locale::PtBr, 999_999), "R$\u{a0}9.999,99");
        assert_eq!(money_short_in(Locale::PtBr, 128_999_999), "R$\u{a0}1,28\u{a0}mi");
        assert_eq!(money_short_in(Locale::PtBr, 1_864_000), "R$\u{a0}18,6\u{a0}mil");
        assert_eq!(money_short_in(Locale::En, -87_421_240), "\u{2212}R$\u{a0}874\u{a0}k");
    }

    #[test]
    fn sizes_and_shares() {
        assert_eq!(bytes_in(Locale::PtBr, 3_450_000), "3,4 MB");
        assert_eq!(bytes_in(Locale::En, 12_900), "12 kB");
        assert_eq!(percent(1, 3), "33%");
        assert_eq!(percent(1, 0), "0%");
        assert_eq!(quantity(1500), "1,5");
        assert_eq!(rate(1250), "12,5%");
    }
}
