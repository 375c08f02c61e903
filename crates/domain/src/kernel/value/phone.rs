//! Telephone numbers, above all Brazilian ones as people write them.

use std::fmt;

use super::Invalid;
use super::text::is_punctuation;
use super::text_value::{masked_debug, text_value};

mod national;

/// A telephone number in E.164 form, `+5511900000000`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a Brazilian number with its area code in any customary form — `(11) 90000-0000`,
    /// `011 3333-4444`, `0 15 11 3333-4444` (with a carrier), `5511…`, `+55 11…`, `0055…` —, a number
    /// without area code that is one for the whole country (0800…, 4004-…), or another country's with
    /// `+` or `00`. Mobile numbers from before the ninth digit receive their 9.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (digits, plus) = dialled(text)?;
        if plus {
            return international(&digits);
        }
        if let Some(rest) = digits.strip_prefix("00") {
            return international(rest);
        }
        let with_country = digits.strip_prefix("55").filter(|rest| matches!(rest.len(), 10 | 11));
        brazilian(with_country.unwrap_or(&digits))
    }

    /// The E.164 form, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits without `+`, as messaging services address a number.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// The number after Brazil's country code; nothing for other countries.
    pub fn national(&self) -> Option<&str> {
        self.0.strip_prefix("+55")
    }

    /// The two digits of the area, for Brazilian numbers that have one.
    pub fn area_code(&self) -> Option<&str> {
        self.split().map(|(area, _)| area)
    }

    /// Whether it is a Brazilian mobile number, which can receive messages.
    pub fn is_mobile(&self) -> bool {
        self.split().is_some_and(|(_, number)| number.len() == 9)
    }

    /// The form that may be shown and logged: `(11) •••••-1234`.
    pub fn masked(&self) -> String {
        let tail = self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default();
        match self.split() {
            Some((area, number)) => format!("({area}) {}-{tail}", "•".repeat(number.len().saturating_sub(4))),
            None => format!("{}{tail}", "•".repeat(self.digits().len().saturating_sub(4))),
        }
    }

    /// Area code and number, for Brazilian numbers that have an area code.
    fn split(&self) -> Option<(&str, &str)> {
        let national = self.national()?;
        if national::is_without_area(national) { None } else { national.split_at_checked(2) }
    }
}

/// The digits of a written number, and whether a `+` stands before them.
fn dialled(text: &str) -> Result<(String, bool), Invalid> {
    if text.len() > 96 {
        return Err(Invalid::PHONE_LENGTH);
    }
    let mut digits = String::with_capacity(16);
    let mut plus = false;
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '+' if digits.is_empty() && !plus => plus = true,
            _ if is_punctuation(letter) => {}
            _ => return Err(Invalid::PHONE_CHARACTERS),
        }
    }
    Ok((digits, plus))
}

fn international(digits: &str) -> Result<Phone, Invalid> {
    if let Some(rest) = digits.strip_prefix("55") {
        return brazilian(rest);
    }
    // E.164 allows fifteen digits; the shortest complete numbers in use have seven.
    if !(7..=15).contains(&digits.len()) {
        return Err(Invalid::PHONE_LENGTH);
    }
    if digits.starts_with('0') { Err(Invalid::PHONE_NUMBER) } else { Ok(Phone(format!("+{digits}"))) }
}

fn brazilian(digits: &str) -> Result<Phone, Invalid> {
    national::normalise(digits).map(|national| Phone(format!("+55{national}")))
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.national() {
            Some(national) => national::write(f, national),
            None => f.write_str(&self.0),
        }
    }
}

text_value!(Phone);
masked_debug!(Phone);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
