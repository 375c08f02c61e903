//! Decimal numbers as integers of their smallest unit.

use super::Invalid;

/// Which character separates the decimals; the other one may group thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `1.234,56`
    Comma,
    /// `1,234.56`
    Point,
}

/// Why a text is no decimal; each type has its own codes for these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Format,
    Decimals,
    Range,
}

/// The longest number worth reading, in bytes.
const LONGEST: usize = 64;

/// Reads a number as an integer of 10^−`scale` (scale 2: `1.234,56` → 123456). Groups of thousands are
/// optional but must be whole; decimals beyond the scale must be zeros; nothing is rounded.
pub fn parse_decimal(text: &str, mark: DecimalMark, scale: u8) -> Result<i64, Invalid> {
    scan(text, mark, scale).map_err(|fault| match fault {
        Fault::Format => Invalid::DECIMAL_FORMAT,
        Fault::Decimals => Invalid::DECIMAL_SCALE,
        Fault::Range => Invalid::DECIMAL_RANGE,
    })
}

/// Reads a signed number with a known decimal mark.
fn scan(text: &str, mark: DecimalMark, scale: u8) -> Result<i64, Fault> {
    let (sign, number) = take_sign(bounded(text)?);
    with_sign(sign == Some(Sign::Minus), magnitude(number, mark, scale)?)
}

/// Reads a signed number as people in Brazil write and paste it; see [`magnitude_br`].
pub(super) fn scan_br(text: &str, scale: u8) -> Result<i64, Fault> {
    let (sign, number) = take_sign(bounded(text)?);
    with_sign(sign == Some(Sign::Minus), magnitude_br(number, scale)?)
}

/// A number without sign: a comma is the decimal mark; without one, a single point followed by one or
/// two digits is (`1234.56`), and other points group thousands.
pub(super) fn magnitude_br(number: &str, scale: u8) -> Result<i128, Fault> {
    let after_point = number.split_once('.').map_or("", |(_, rest)| rest);
    let is_point = !number.contains(',') && matches!(after_point.len(), 1 | 2) && !after_point.contains('.');
    magnitude(number, if is_point { DecimalMark::Point } else { DecimalMark::Comma }, scale)
}

/// A number without sign, in units of 10^−`scale`.
pub(super) fn magnitude(number: &str, mark: DecimalMark, scale: u8) -> Result<i128, Fault> {
    let (point, group) = match mark {
        DecimalMark::Comma => (',', '.'),
        DecimalMark::Point => ('.', ','),
    };
    let (whole, decimals) = match number.split_once(point) {
        Some((_, "")) => return Err(Fault::Format),
        Some(parts) => parts,
        None if number.is_empty() => return Err(Fault::Format),
        None => (number, ""),
    };
    combine(&ungrouped(whole, group)?, decimals, scale)
}

/// Refuses what no number needs before walking it.
pub(super) fn bounded(text: &str) -> Result<&str, Fault> {
    if text.len() > LONGEST { Err(Fault::Format) } else { Ok(text.trim()) }
}

/// A written sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

/// Takes one sign off the front; also the typographic minus.
pub(super) fn take_sign(text: &str) -> (Option<Sign>, &str) {
    match (text.strip_prefix(['-', '\u{2212}']), text.strip_prefix('+')) {
        (Some(rest), _) => (Some(Sign::Minus), rest.trim_start()),
        (None, Some(rest)) => (Some(Sign::Plus), rest.trim_start()),
        (None, None) => (None, text),
    }
}

/// Puts the sign on and checks that the number can be stored.
pub(super) fn with_sign(negative: bool, magnitude: i128) -> Result<i64, Fault> {
    i64::try_from(if negative { -magnitude } else { magnitude }).map_err(|_| Fault::Range)
}

/// The digits of the whole part, after checking that groups are of three digits.
fn ungrouped(whole: &str, group: char) -> Result<String, Fault> {
    let Some((first, others)) = whole.split_once(group) else {
        return Ok(whole.to_owned());
    };
    let first_fits = (1..=3).contains(&first.len()) && !first.starts_with('0');
    if first_fits && others.split(group).all(|part| part.len() == 3) {
        Ok(whole.replace(group, ""))
    } else {
        Err(Fault::Format)
    }
}

fn combine(whole: &str, decimals: &str, scale: u8) -> Result<i128, Fault> {
    if !whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Format);
    }
    let scale = usize::from(scale);
    let (kept, beyond) = decimals.split_at_checked(scale).unwrap_or((decimals, ""));
    if beyond.bytes().any(|byte| byte != b'0') {
        return Err(Fault::Decimals);
    }
    let zeros = std::iter::repeat_n(b'0', scale.saturating_sub(kept.len()));
    let mut value: i128 = 0;
    for byte in whole.bytes().chain(kept.bytes()).chain(zeros) {
        let digit = i128::from(byte.saturating_sub(b'0'));
        value = value.checked_mul(10).and_then(|value| value.checked_add(digit)).ok_or(Fault::Range)?;
    }
    Ok(value)
}

/// Writes an integer of 10^−`scale` in Brazilian form, with at least `shown` decimals and no zeros beyond.
pub(super) fn write_br(value: i64, scale: u8, shown: usize) -> String {
    let (whole, mut decimals) = plain_parts(value, scale);
    while decimals.len() > shown && decimals.ends_with('0') {
        decimals.pop();
    }
    let sign = if value < 0 { "\u{2212}" } else { "" };
    let mark = if decimals.is_empty() { "" } else { "," };
    format!("{sign}{}{mark}{decimals}", grouped(&whole))
}

/// The digits before and after the mark, without sign.
pub(super) fn plain_parts(value: i64, scale: u8) -> (String, String) {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, decimals) = digits.split_at_checked(digits.len().saturating_sub(scale)).unwrap_or_default();
    (whole.to_owned(), decimals.to_owned())
}

fn grouped(whole: &str) -> String {
    let mut text = String::with_capacity(whole.len() * 4 / 3 + 1);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// Divides and rounds to the nearest whole, a half away from zero; nothing for a divisor that is not positive.
pub(super) fn divide_rounded(dividend: i128, divisor: i128) -> Option<i128> {
    if divisor <= 0 {
        return None;
    }
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    // `rest` is compared with what is missing to the divisor, so that nothing can overflow.
    let up = rest.abs() >= divisor - rest.abs();
    Some(if up { quotient + dividend.signum() } else { quotient })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
