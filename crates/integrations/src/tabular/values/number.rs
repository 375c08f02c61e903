//! Numbers as people write them, without floating point.

use crate::tabular::options::DecimalMark;

/// An exact decimal number: `unscaled / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits with the sign.
    pub unscaled: i64,
    /// How many of them are after the mark.
    pub scale: u8,
}

impl Decimal {
    /// The number with exactly `scale` digits after the mark, when no digit
    /// but zero is lost; `None` otherwise or on overflow.
    pub fn rescaled(self, scale: u8) -> Option<i64> {
        let mut unscaled = self.unscaled;
        for _ in self.scale..scale {
            unscaled = unscaled.checked_mul(10)?;
        }
        for _ in scale..self.scale {
            if unscaled % 10 != 0 {
                return None;
            }
            unscaled /= 10;
        }
        Some(unscaled)
    }
}

/// How a text can be a number, see [`marks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// Digits after the mark when that is a comma; `None` when it is then no
    /// number.
    pub comma: Option<u8>,
    /// Digits after the mark when that is a dot; `None` when it is then no
    /// number.
    pub dot: Option<u8>,
    /// It is digits alone, with at most a sign.
    pub plain: bool,
}

/// The readings in which `text` is a number; `None` when there is none.
pub fn marks(text: &str) -> Option<Marks> {
    let scale = |mark| parse(text, mark).map(|number| number.scale);
    let (comma, dot) = (scale(DecimalMark::Comma), scale(DecimalMark::Dot));
    let bare = text.trim().trim_start_matches(['-', '+']);
    (comma.is_some() || dot.is_some()).then(|| Marks {
        comma,
        dot,
        plain: bare.bytes().all(|byte| byte.is_ascii_digit()),
    })
}

/// Reads a number with an optional sign (before, after, or as parentheses),
/// currency (`R$`, `US$`, `$`, `€`), percent sign and thousands separators;
/// `None` when it is none, or has more than 18 digits.
///
/// A percent sign is dropped: `12,5 %` is 12.5.
pub fn parse(text: &str, mark: DecimalMark) -> Option<Decimal> {
    let (negative, body) = strip_affixes(text.trim())?;
    let (decimal_mark, thousands) = match mark {
        DecimalMark::Comma => (',', '.'),
        DecimalMark::Dot => ('.', ','),
    };
    let (whole, fraction) = match body.split_once(decimal_mark) {
        Some((whole, fraction)) => (whole, fraction),
        None => (body, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = ungroup(whole, thousands)?;
    if whole.is_empty() && fraction.is_empty() || whole.len() + fraction.len() > 18 {
        return None;
    }
    let digits: i64 = format!("{whole}{fraction}").parse().ok()?;
    Some(Decimal { unscaled: if negative { -digits } else { digits }, scale: u8::try_from(fraction.len()).ok()? })
}

/// Takes sign, currency and percent away; tells whether it is negative.
fn strip_affixes(text: &str) -> Option<(bool, &str)> {
    let (mut negative, mut rest) = (false, text);
    if let Some(inner) = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        (negative, rest) = (true, inner);
    }
    rest = rest.trim_end_matches('%').trim();
    let mut signs = 0;
    for _ in 0..2 {
        if let Some(after) = rest.strip_prefix(['-', '\u{2212}']) {
            (negative, rest, signs) = (true, after.trim_start(), signs + 1);
        } else if let Some(after) = rest.strip_prefix('+') {
            (rest, signs) = (after.trim_start(), signs + 1);
        }
        for currency in ["R$", "US$", "BRL", "USD", "EUR", "$", "€"] {
            if let Some(after) = rest.strip_prefix(currency) {
                rest = after.trim_start();
                break;
            }
        }
    }
    if let Some(before) = rest.strip_suffix('-') {
        (negative, rest, signs) = (true, before.trim_end(), signs + 1);
    }
    (signs <= 1).then_some((negative, rest))
}

/// Removes thousands separators that stand where they must.
fn ungroup(whole: &str, separator: char) -> Option<String> {
    let is_separator = |c: char| c == separator || c == '\u{a0}' || c == '\u{202f}' || c == ' ';
    if !whole.contains(is_separator) {
        return whole.bytes().all(|byte| byte.is_ascii_digit()).then(|| whole.to_owned());
    }
    let mut digits = String::with_capacity(whole.len());
    for (at, group) in whole.split(is_separator).enumerate() {
        let fits = if at == 0 {
            // Nobody groups 0.123: there the separator is the mark.
            (1..=3).contains(&group.len()) && !group.starts_with('0')
        } else {
            group.len() == 3
        };
        if !fits || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn reads_brazilian_and_english_numbers() {
        for (text, mark, unscaled, scale) in [
            ("1.234,56", DecimalMark::Comma, 123_456, 2),
            ("R$ 1.234.567,8", DecimalMark::Comma, 12_345_678, 1),
            ("R$\u{a0}-12,00", DecimalMark::Comma, -1200, 2),
            ("-R$ 12,00", DecimalMark::Comma, -1200, 2),
            ("(12,00)", DecimalMark::Comma, -1200, 2),
            ("12,00-", DecimalMark::Comma, -1200, 2),
            ("12,5 %", DecimalMark::Comma, 125, 1),
            ("1,234.56", DecimalMark::Dot, 123_456, 2),
            (".5", DecimalMark::Dot, 5, 1),
            ("1 234,5", DecimalMark::Comma, 12_345, 1),
            ("007", DecimalMark::Comma, 7, 0),
        ] {
            assert_eq!(parse(text, mark), Some(Decimal { unscaled, scale }), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "",
            "-",
            ",",
            "1,2,3",
            "12.34,5",
            "1.2345",
            "0.123",
            "--1",
            "-1-",
            "1e5",
            "12a",
            "1.234.56",
            "9999999999999999999",
        ] {
            assert_eq!(parse(text, DecimalMark::Comma), None, "{text}");
        }
    }

    #[test]
    fn tells_ambiguous_marks_apart() {
        let read = |text| marks(text).map(|m| (m.comma, m.dot));
        assert_eq!(read("1.234"), Some((Some(0), Some(3))));
        assert_eq!(read("1,5"), Some((Some(1), None)));
        assert!(marks("123").unwrap().plain);
        assert_eq!(marks("abc"), None);
    }

    #[test]
    fn rescales_without_losing_digits() {
        let number = |unscaled, scale| Decimal { unscaled, scale };
        assert_eq!(number(15, 1).rescaled(2), Some(150));
        assert_eq!(number(1500, 3).rescaled(2), Some(150));
        assert_eq!(number(1234, 3).rescaled(2), None);
        assert_eq!(number(i64::MAX, 0).rescaled(2), None);
    }
}
