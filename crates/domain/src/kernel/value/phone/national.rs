//! The Brazilian numbering plan.

use std::fmt;

use crate::kernel::value::Invalid;

/// The 67 area codes in use.
pub(super) const AREA_CODES: [u8; 67] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 24, 27, 28, 31, 32, 33, 34, 35, 37, 38, 41, 42, 43, 44, 45, 46, 47, 48,
    49, 51, 53, 54, 55, 61, 62, 63, 64, 65, 66, 67, 68, 69, 71, 73, 74, 75, 77, 79, 81, 82, 83, 84, 85, 86, 87, 88, 89,
    91, 92, 93, 94, 95, 96, 97, 98, 99,
];

/// Services dialled as 0 + these three digits from anywhere. None begins with an area code, so the zero
/// can be left out of what is stored.
const SERVICES: [&str; 3] = ["300", "500", "800"];

/// Brings what is dialled inside Brazil to the form that follows `+55`.
pub(super) fn normalise(dialled: &str) -> Result<String, Invalid> {
    let number = dialled.strip_prefix('0').unwrap_or(dialled);
    if is_without_area(number) {
        return Ok(number.to_owned());
    }
    match (number.len(), number.len() < dialled.len()) {
        (8 | 9, _) => Err(Invalid::PHONE_AREA_CODE_MISSING),
        (10 | 11, _) => with_area(number),
        // After the zero two digits may choose the carrier.
        (12 | 13, true) => with_area(number.get(2..).unwrap_or_default()),
        _ => Err(Invalid::PHONE_LENGTH),
    }
}

fn with_area(number: &str) -> Result<String, Invalid> {
    let (area, subscriber) = number.split_at_checked(2).ok_or(Invalid::PHONE_LENGTH)?;
    if !area.parse().is_ok_and(|code: u8| AREA_CODES.contains(&code)) {
        return Err(Invalid::PHONE_AREA_CODE);
    }
    match (subscriber.len(), subscriber.bytes().next()) {
        (8, Some(b'2'..=b'5')) | (9, Some(b'9')) => Ok(number.to_owned()),
        // Mobile numbers gained a 9 in front between 2012 and 2016; old files and WhatsApp still lack it.
        (8, Some(b'6'..=b'9')) => Ok(format!("{area}9{subscriber}")),
        _ => Err(Invalid::PHONE_NUMBER),
    }
}

/// Whether a number is complete without an area code: 0800 and its like, or 4004-0000 and its like.
pub(super) fn is_without_area(number: &str) -> bool {
    let service = SERVICES.iter().any(|prefix| number.starts_with(prefix));
    (service && matches!(number.len(), 9 | 10)) || (number.len() == 8 && is_countrywide(number))
}

/// Whether eight digits are one of the numbers that answer at local rates in every area.
fn is_countrywide(number: &str) -> bool {
    ["300", "400", "402"].iter().any(|prefix| number.starts_with(prefix))
}

/// Writes the national part as Brazilians read it.
pub(super) fn write(f: &mut fmt::Formatter<'_>, number: &str) -> fmt::Result {
    let (head, tail) = number.split_at_checked(number.len().saturating_sub(4)).unwrap_or_default();
    if !is_without_area(number) {
        let (area, middle) = head.split_at_checked(2).unwrap_or_default();
        return write!(f, "({area}) {middle}-{tail}");
    }
    if number.len() == 8 {
        return write!(f, "{head}-{tail}");
    }
    let (service, rest) = number.split_at_checked(3).unwrap_or_default();
    let (middle, end) = rest.split_at_checked(3).unwrap_or_default();
    write!(f, "0{service} {middle} {end}")
}
