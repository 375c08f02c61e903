//! The installation's key pair for push, and the tokens it signs.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chrono::{DateTime, TimeDelta, Utc};
use p256::{
    SecretKey,
    ecdsa::{Signature, SigningKey, signature::Signer},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use crate::secret::random;

/// How long a token is good: half of what services accept.
const LIFETIME: TimeDelta = TimeDelta::hours(12);

/// Why keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The private key is none of P-256 in base64url.
    #[error("the private key is not readable")]
    Key,
    /// The contact is no `mailto:` or `https:` address that others can reach.
    #[error("the contact is no mailto: or https: address")]
    Contact,
}

/// The key pair of an installation. It is made once and kept for life: another
/// one makes every subscription worthless.
#[derive(Clone)]
pub struct VapidKeys {
    key: SigningKey,
    contact: String,
}

impl std::fmt::Debug for VapidKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VapidKeys")
            .field("public", &self.public())
            .field("contact", &self.contact)
            .finish_non_exhaustive()
    }
}

pub(super) fn new_key() -> SecretKey {
    loop {
        // All but one in 2^32 numbers of this length are keys.
        if let Ok(key) = SecretKey::from_slice(&random::<32>()) {
            return key;
        }
    }
}

impl VapidKeys {
    /// A new private key in base64url, to be kept sealed.
    pub fn generate() -> SecretString {
        BASE64.encode(new_key().to_bytes()).into()
    }

    /// The pair of this private key; the contact is whom push services write to.
    pub fn parse(private: &SecretString, contact: &str) -> Result<Self, KeyError> {
        let bytes = BASE64.decode(private.expose_secret().trim()).map_err(|_| KeyError::Key)?;
        let key = SecretKey::from_slice(&bytes).map_err(|_| KeyError::Key)?;
        let good = match contact.split_once(':') {
            Some(("mailto", address)) => address.contains('@') && !address.ends_with("@localhost"),
            Some(("https", _)) => Url::parse(contact).is_ok_and(|url| url.host_str().is_some_and(|h| h != "localhost")),
            _ => false,
        };
        if good { Ok(Self { key: key.into(), contact: contact.to_owned() }) } else { Err(KeyError::Contact) }
    }

    /// The public key in base64url: the browser's `applicationServerKey`.
    pub fn public(&self) -> String {
        BASE64.encode(self.key.verifying_key().to_encoded_point(false).as_bytes())
    }

    /// The `Authorization` of a message to this endpoint.
    pub(super) fn authorization(&self, endpoint: &Url, now: DateTime<Utc>) -> String {
        let claims = json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": (now + LIFETIME).timestamp(),
            "sub": self.contact,
        });
        let head = BASE64.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", BASE64.encode(claims.to_string()));
        // Both halves in 64 bytes, not DER.
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", BASE64.encode(signature.to_bytes()), self.public())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_and_not_shown() {
        let private = VapidKeys::generate();
        let keys = VapidKeys::parse(&private, "mailto:ti@empresa.com.br").unwrap();
        assert_eq!(BASE64.decode(keys.public()).unwrap().len(), 65);
        assert_eq!(VapidKeys::parse(&private, "mailto:ti@empresa.com.br").unwrap().public(), keys.public());
        assert!(!format!("{keys:?} {private:?}").contains(private.expose_secret()));
        assert_ne!(VapidKeys::generate().expose_secret(), private.expose_secret());
    }

    #[test]
    fn contacts_that_services_refuse_are_refused() {
        let private = VapidKeys::generate();
        for contact in ["", "ti@empresa.com.br", "mailto:a@localhost", "https://localhost/", "http://empresa.com.br"] {
            assert_eq!(VapidKeys::parse(&private, contact).unwrap_err(), KeyError::Contact, "{contact}");
        }
        assert_eq!(VapidKeys::parse(&"short".into(), "mailto:a@b.c").unwrap_err(), KeyError::Key);
    }
}
