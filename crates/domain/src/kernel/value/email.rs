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
    if !local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte)) {
        return Err(Invalid::EMAIL_CHARACTERS);
    }
    let dots_misplaced = local.split('.').any(str::is_empty);
    if dots_misplaced || local.len() > 64 { Err(Invalid::EMAIL_LOCAL) } else { Ok(()) }
}

fn check_domain(domain: &str) -> Result<(), Invalid> {
    if !domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.') {
        return Err(Invalid::EMAIL_CHARACTERS);
    }
    let labels_fit = domain
        .split('.')
        .all(|label| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-'));
    // An address such as x@10.0.0.1 or x@localhost reaches nobody outside.
    let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
    let top_fits = top.len() >= 2 && top.starts_with(|c: char| c.is_ascii_alphabetic());
    if labels_fit && top_fits { Ok(()) } else { Err(Invalid::EMAIL_DOMAIN) }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_value!(Email);
masked_debug!(Email);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accepted() {
        let email = Email::parse("  Maria.Silva+cobranca@Exemplo.COM.br\n").unwrap();
        assert_eq!(email.as_str(), "maria.silva+cobranca@exemplo.com.br");
        assert_eq!((email.local(), email.domain()), ("maria.silva+cobranca", "exemplo.com.br"));
        assert_eq!(email.masked(), "m•••@exemplo.com.br");
        assert_eq!(format!("{email:?}"), "Email(m•••@exemplo.com.br)");
        for text in ["a@b.co", "o'neil@x-y.example", "x@xn--caf-dma.example", "1@2.com"] {
            assert_eq!(Email::parse(text).map(|email| email.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn refused() {
        let cases = [
            ("", Invalid::EMAIL_LENGTH),
            ("maria", Invalid::EMAIL_AT_SIGN),
            ("a@b@c.com", Invalid::EMAIL_AT_SIGN),
            ("maria silva@x.com", Invalid::EMAIL_CHARACTERS),
            ("joão@x.com", Invalid::EMAIL_CHARACTERS),
            ("a@x.com, b@y.com", Invalid::EMAIL_AT_SIGN),
            ("@x.com", Invalid::EMAIL_LOCAL),
            (".a@x.com", Invalid::EMAIL_LOCAL),
            ("a..b@x.com", Invalid::EMAIL_LOCAL),
            ("a@", Invalid::EMAIL_DOMAIN),
            ("a@localhost", Invalid::EMAIL_DOMAIN),
            ("a@10.0.0.1", Invalid::EMAIL_DOMAIN),
            ("a@x..com", Invalid::EMAIL_DOMAIN),
            ("a@-x.com", Invalid::EMAIL_DOMAIN),
            ("a@x.c", Invalid::EMAIL_DOMAIN),
            ("a@x.com.", Invalid::EMAIL_DOMAIN),
        ];
        for (text, why) in cases {
            assert_eq!(Email::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn limits() {
        let local = "a".repeat(64);
        let domain = format!("{}.{}.{}.com", "b".repeat(63), "c".repeat(63), "d".repeat(57));
        assert_eq!(Email::parse(&format!("{local}@{domain}")).map(|e| e.as_str().len()), Ok(254));
        assert_eq!(Email::parse(&format!("{local}@e{domain}")), Err(Invalid::EMAIL_LENGTH));
        assert_eq!(Email::parse(&format!("a{local}@x.com")), Err(Invalid::EMAIL_LOCAL));
    }

    proptest! {
        #[test]
        fn case_and_spaces_do_not_matter(local in "[a-z0-9_+-]{1,20}(\\.[a-z]{1,9})?", domain in "[a-z0-9]{1,20}\\.[a-z]{2,6}") {
            let text = format!("{local}@{domain}");
            let email = Email::parse(&text).unwrap();
            prop_assert_eq!(email.as_str(), &text);
            prop_assert_eq!(Email::parse(&format!(" {} ", text.to_uppercase())), Ok(email.clone()));
            let json = serde_json::to_string(&email).unwrap();
            prop_assert_eq!(serde_json::from_str::<Email>(&json).unwrap(), email);
        }
    }
}
