//! Addresses and links that only we can make: where bounces of a message come
//! back to, and what a click on "unsubscribe" means.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use uuid::Uuid;

/// The message a bounce is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verp {
    /// The tenant that sent it.
    pub tenant: i32,
    /// The message.
    pub message: Uuid,
}

/// Who wants no more messages of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscriber {
    /// The tenant that wrote.
    pub tenant: i32,
    /// Who was written to.
    pub recipient: Uuid,
    /// The category: receipts go on when offers end.
    pub category: String,
}

/// Makes and reads tokens with a key of the installation.
#[derive(Debug, Clone)]
pub struct MailTokens {
    key: SecretString,
    /// The local part bounces come back to; at most 7 characters.
    local: String,
    domain: String,
}

/// Bytes of a code: enough against guessing by mail and by web.
const SHORT: usize = 8;
const LONG: usize = 16;

impl MailTokens {
    /// Tokens of this key, with bounces to `local+token@domain`. Nothing when
    /// the key is shorter than 16 bytes or the address would be too long.
    pub fn new(key: SecretString, local: &str, domain: &str) -> Option<Self> {
        let fits = key.expose_secret().len() >= 16 && (1..=7).contains(&local.len()) && !domain.is_empty();
        fits.then(|| Self { key, local: local.to_owned(), domain: domain.to_owned() })
    }

    fn code(&self, purpose: &str, payload: &[u8], length: usize) -> Vec<u8> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes()) else {
            return Vec::new();
        };
        mac.update(purpose.as_bytes());
        mac.update(payload);
        mac.finalize().into_bytes().into_iter().take(length).collect()
    }

    fn checks(&self, purpose: &str, payload: &[u8], code: &[u8]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes()) else { return false };
        mac.update(purpose.as_bytes());
        mac.update(payload);
        mac.verify_truncated_left(code).is_ok()
    }

    /// Where bounces of a message come back to: its envelope sender.
    pub fn bounce_address(&self, verp: Verp) -> String {
        let payload = [verp.tenant.to_be_bytes().as_slice(), verp.message.as_bytes()].concat();
        let code = self.code("bounce:", &payload, SHORT);
        format!("{}+{}{}@{}", self.local, hex::encode(&payload), hex::encode(code), self.domain)
    }

    /// The message an address of ours belongs to; others read as nothing.
    pub fn read_bounce_address(&self, address: &str) -> Option<Verp> {
        let address = address.trim().trim_start_matches('<').trim_end_matches('>');
        let (local, domain) = address.rsplit_once('@')?;
        let (name, token) = local.split_once('+')?;
        if !name.eq_ignore_ascii_case(&self.local) || !domain.eq_ignore_ascii_case(&self.domain) {
            return None;
        }
        let bytes = hex::decode(token).ok()?;
        let (payload, code) = bytes.split_at_checked(20)?;
        if code.len() != SHORT || !self.checks("bounce:", payload, code) {
            return None;
        }
        let (tenant, message) = payload.split_at_checked(4)?;
        Some(Verp { tenant: i32::from_be_bytes(tenant.try_into().ok()?), message: Uuid::from_slice(message).ok()? })
    }

    /// The opaque part of an address to unsubscribe at.
    pub fn unsubscribe_token(&self, who: &Unsubscriber) -> String {
        let payload = [who.tenant.to_be_bytes().as_slice(), who.recipient.as_bytes(), who.category.as_bytes()].concat();
        let code = self.code("unsubscribe:", &payload, LONG);
        BASE64.encode([code, payload].concat())
    }

    /// Who a token unsubscribes; one that was altered reads as nothing.
    pub fn read_unsubscribe_token(&self, token: &str) -> Option<Unsubscriber> {
        let bytes = BASE64.decode(token).ok()?;
        let (code, payload) = bytes.split_at_checked(LONG)?;
        if !self.checks("unsubscribe:", payload, code) {
            return None;
        }
        let (tenant, rest) = payload.split_at_checked(4)?;
        let (recipient, category) = rest.split_at_checked(16)?;
        Some(Unsubscriber {
            tenant: i32::from_be_bytes(tenant.try_into().ok()?),
            recipient: Uuid::from_slice(recipient).ok()?,
            category: String::from_utf8(category.to_vec()).ok()?,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens() -> MailTokens {
        MailTokens::new("0123456789abcdef".into(), "bounce", "mail.empresa.com.br").unwrap()
    }

    proptest! {
        #[test]
        fn tokens_are_read_back_and_no_others(tenant: i32, id: u128, category in "[a-z_]{0,20}", at in 0_usize..60) {
            let verp = Verp { tenant, message: Uuid::from_u128(id) };
            let address = tokens().bounce_address(verp);
            prop_assert!(address.split('@').next().unwrap().len() <= 64);
            prop_assert_eq!(tokens().read_bounce_address(&format!("<{}>", address.to_uppercase())), Some(verp));
            let who = Unsubscriber { tenant, recipient: Uuid::from_u128(id), category };
            let token = tokens().unsubscribe_token(&who);
            prop_assert_eq!(tokens().read_unsubscribe_token(&token), Some(who));

            let altered: String =
                token.chars().enumerate().map(|(i, c)| if i == at.min(token.len() - 1) { if c == 'A' { 'B' } else { 'A' } } else { c }).collect();
            prop_assert_eq!(tokens().read_unsubscribe_token(&altered), None);
            let altered: String =
                address.chars().enumerate().map(|(i, c)| if i == at + 3 { if c == '0' { '1' } else { '0' } } else { c }).collect();
            prop_assert_eq!(tokens().read_bounce_address(&altered), None);
        }
    }

    #[test]
    fn other_keys_read_nothing() {
        let other = MailTokens::new("fedcba9876543210".into(), "bounce", "mail.empresa.com.br").unwrap();
        let address = tokens().bounce_address(Verp { tenant: 1, message: Uuid::nil() });
        assert_eq!(other.read_bounce_address(&address), None);
        assert!(MailTokens::new("short".into(), "bounce", "x.test").is_none());
    }
}
