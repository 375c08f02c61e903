//! E-mail addresses, as far as a form can judge them.

use std::fmt;

use super::Invalid;
use super::text_value::{masked_debug, text_value};

/// An address in lower case. Quoted local parts and non-ASCII domains (write those in punycode) are refused.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The longest address that SMTP can carry, in characters.
    pub const MAX: usize = 254;

    /// Reads an address, trimming the spaces around it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        // Twice the limit leaves room for the spaces of a careless paste, without walking a whole page.
        if text.len() > Self::MAX * 2 {
            return Err(Invalid::EMAIL_LENGTH);
        }
        let text = text.trim();
        if text.is_empty() || text.len() > Self::MAX {
            return Err(Invalid::EMAIL_LENGTH);
        }
        let (local, domain) = text.split_once('@').ok_or(Invalid::EMAIL_AT_SIGN)?;
        if domain.contains('@') {
            return Err(Invalid::EMAIL_AT_SIGN);
        }
        check_local(local)?;
        check_domain(domain)?;
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The address in lower case, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// The form that may be shown and logged: `m•••@example.com`.
    pub fn masked(&self) -> String {
        let first: String = self.local().chars().take(1).collect();
        format!("{first}•••@{}", self.domain())
    }
}

fn check_local(local: &str) -> Result<(), Invalid> {
    if !local
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte))
    {
        return Err(Invalid::EMAIL_CHARACTERS);
    }
    let dots_misplaced = local.split('.').any(str::is_empty);
    if dots_misplaced || local.len() > 64 {
        Err(Invalid::EMAIL_LOCAL)
    } else {
        Ok(())
    }
}

fn check_domain(domain: &str) -> Result<(), Invalid> {
    if !domain
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
    {
        return Err(Invalid::EMAIL_CHARACTERS);
    }
    let labels_fit = domain.split('.').all(|label| {
        (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    });
    // An address such as x@10.0.0.1 or x@localhost reaches nobody outside.
    let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
    let top_fits = top.len() >= 2 && top.starts_with(|c: char| c.is_ascii_alphabetic());
    if labels_fit && top_fits {
        Ok(())
    } else {
        Err(Invalid::EMAIL_DOMAIN)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_value!(Email);
masked_debug!(Email);
