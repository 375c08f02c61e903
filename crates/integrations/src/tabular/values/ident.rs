//! Identifiers and contact data, told apart by their form and check digits.
//!
//! These only say what a column looks like; the domain types do the strict
//! reading when a value is stored.

/// The 27 federative units.
const UFS: [&str; 27] = [
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR", "RJ",
    "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
];

/// Whether the text is a CPF with right check digits, punctuated or not.
///
/// Nine or ten digits count as well: spreadsheets drop leading zeros.
pub fn is_cpf(text: &str) -> bool {
    let Some(digits) = significant(text, &['.', '-', ' '], 11) else {
        return false;
    };
    let shortest = if digits.len() == text.trim().len() { 9 } else { 11 };
    digits.len() >= shortest
        && digits.len() <= 11
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && has_check_digits(&format!("{digits:0>11}"), 11)
}

/// Whether the text is a CNPJ (numeric or alphanumeric) with right check
/// digits, punctuated or not. Twelve or thirteen digits count as well:
/// spreadsheets drop leading zeros.
pub fn is_cnpj(text: &str) -> bool {
    let Some(body) = significant(text, &['.', '-', '/', ' '], 14) else {
        return false;
    };
    let numeric = body.bytes().all(|byte| byte.is_ascii_digit());
    let shortest = if numeric && body.len() == text.trim().len() { 12 } else { 14 };
    let ends_in_digits = body.bytes().rev().take(2).all(|byte| byte.is_ascii_digit());
    (shortest..=14).contains(&body.len()) && ends_in_digits && has_check_digits(&format!("{body:0>14}"), 9)
}

/// The text in capitals without `punctuation`; `None` when other signs occur.
fn significant(text: &str, punctuation: &[char], longest: usize) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > longest * 2 {
        return None;
    }
    text.chars()
        .filter(|c| !punctuation.contains(c))
        .map(|c| c.is_ascii_alphanumeric().then(|| c.to_ascii_uppercase()))
        .collect()
}

/// Modulo 11 over `body`, whose weights rise from 2 at the right end to
/// `heaviest` and start again. Repetitions of one sign are refused.
fn has_check_digits(body: &str, heaviest: u32) -> bool {
    let values: Vec<u32> = body.bytes().map(|byte| u32::from(byte).saturating_sub(u32::from(b'0'))).collect();
    let Some((payload, [first, second])) = values.split_last_chunk::<2>() else {
        return false;
    };
    let uniform = values.iter().all(|value| Some(value) == values.first());
    let digit = |values: &mut dyn Iterator<Item = u32>| {
        let weights = (2..=heaviest).cycle();
        let sum: u32 = values.zip(weights).map(|(value, weight)| value * weight).sum();
        match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        }
    };
    let expected_first = digit(&mut payload.iter().rev().copied());
    let with_first = std::iter::once(expected_first).chain(payload.iter().rev().copied());
    let expected_second = digit(&mut with_first.into_iter());
    !uniform && *first == expected_first && *second == expected_second
}

/// Whether the text is one e-mail address in its usual form.
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let bare = |c: char| c.is_whitespace() || matches!(c, ';' | ',' | '<' | '>' | '@');
    !local.is_empty()
        && !text.contains("..")
        && host.split('.').count() >= 2
        && host.split('.').all(|label| !label.is_empty())
        && !local.contains(bare)
        && !host.contains(bare)
}

/// Whether the text is a CEP with its hyphen.
pub fn is_formatted_cep(text: &str) -> bool {
    let text = text.trim().replace('.', "");
    text.split_once('-')
        .is_some_and(|(head, tail)| head.len() == 5 && tail.len() == 3 && all_digits(head) && all_digits(tail))
}

/// Whether the text is the digits of a CEP; seven when a leading zero is lost.
pub fn is_bare_cep(text: &str) -> bool {
    let text = text.trim();
    matches!(text.len(), 7 | 8) && all_digits(text)
}

/// Whether the text is the letters of a federative unit.
pub fn is_uf(text: &str) -> bool {
    let text = text.trim();
    UFS.iter().any(|uf| uf.eq_ignore_ascii_case(text))
}

/// Whether the text is written like a phone: with brackets, a plus sign or a
/// hyphen, or as the eleven digits of a mobile number with its area.
pub fn is_phone(text: &str) -> bool {
    let text = text.trim();
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '+' | '.');
    if text.is_empty() || text.len() > 24 || !text.chars().all(allowed) {
        return false;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let international = text.starts_with('+');
    let written_so = international || text.starts_with('(') || is_hyphenated(text);
    match digits.strip_prefix("55").filter(|_| digits.len() >= 12) {
        Some(national) => is_national(national),
        None if international => (8..=15).contains(&digits.len()),
        None if written_so => is_national(&digits),
        None => digits.len() == text.len() && digits.len() == 11 && is_national(&digits),
    }
}

/// Whether the text can be a phone where a phone is expected: bare digits with
/// the area, or a number without it.
pub fn is_likely_phone(text: &str) -> bool {
    let text = text.trim();
    let national = text.strip_prefix("55").filter(|rest| rest.len() >= 10);
    (all_digits(text) && is_national(national.unwrap_or(text))) || is_local(text)
}

/// `DD9XXXXXXXX` or `DD[2-5]XXXXXXX`.
fn is_national(digits: &str) -> bool {
    let mut signs = digits.bytes();
    let (Some(b'1'..=b'9'), Some(b'1'..=b'9'), Some(third)) = (signs.next(), signs.next(), signs.next()) else {
        return false;
    };
    match digits.len() {
        11 => third == b'9',
        10 => (b'2'..=b'9').contains(&third),
        _ => false,
    }
}

/// `9XXXX-XXXX` or `XXXX-XXXX`, without an area.
fn is_local(text: &str) -> bool {
    text.split_once('-').is_some_and(|(head, tail)| {
        matches!(head.len(), 4 | 5) && tail.len() == 4 && all_digits(head) && all_digits(tail)
    })
}

fn is_hyphenated(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(_, tail)| tail.len() == 4 && all_digits(tail))
}

/// Whether the text is a time of day.
pub fn is_clock_time(text: &str) -> bool {
    let mut parts = text.trim().split(':');
    let mut part = |below: u8| {
        parts.next().is_some_and(|p| p.len() <= 2 && all_digits(p) && p.parse::<u8>().is_ok_and(|n| n < below))
    };
    let hour_and_minute = part(24) && part(60);
    hour_and_minute && parts.next().is_none_or(|p| p.len() == 2 && all_digits(p)) && parts.next().is_none()
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_decide() {
        for text in ["529.982.247-25", "52998224725", "123.456.789-09", "1234567890"] {
            assert!(is_cpf(text), "{text}");
        }
        for text in ["529.982.247-26", "11111111111", "", "52998224725x", "123"] {
            assert!(!is_cpf(text), "{text}");
        }
        for text in ["11.222.333/0001-81", "11222333000181", "12.ABC.345/01DE-35", "191"] {
            assert_eq!(is_cnpj(text), text != "191", "{text}");
        }
        assert!(!is_cnpj("00000000000000"));
    }

    #[test]
    fn contact_data_by_form() {
        assert!(is_email("ana.paula@exemplo.com.br"));
        assert!(!is_email("ana@@x.com") && !is_email("ana@x") && !is_email("a b@x.com"));
        for text in ["(11) 98765-4321", "+55 11 98765-4321", "11987654321", "+1 415 555 0100"] {
            assert!(is_phone(text), "{text}");
        }
        for text in ["1198765432", "12345", "3232-4545", "2026-01-02", "1.234,56"] {
            assert!(!is_phone(text), "{text}");
        }
        assert!(is_likely_phone("1132324545") && is_likely_phone("3232-4545"));
        assert!(is_formatted_cep("01310-100") && is_bare_cep("75680001"));
        assert!(is_uf("sp") && !is_uf("XX"));
        assert!(is_clock_time("10:30") && !is_clock_time("25:00"));
    }
}
