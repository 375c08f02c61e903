//! Signatures of webhooks.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Header with the identity of the message: the same in every attempt.
pub const HEADER_ID: &str = "webhook-id";
/// Header with the moment of the attempt, in seconds of Unix time.
pub const HEADER_TIMESTAMP: &str = "webhook-timestamp";
/// Header with one signature per valid secret, separated by spaces.
pub const HEADER_SIGNATURE: &str = "webhook-signature";
/// How far the moment of an attempt may lie from the receiver's clock.
pub const TOLERANCE: Duration = Duration::from_mins(5);

const VERSION: &str = "v1,";

/// What the three headers say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`.
    pub timestamp: &'a str,
    /// `webhook-signature`.
    pub signature: &'a str,
}

/// Why a webhook is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The timestamp is no number of seconds.
    #[error("the timestamp is not readable")]
    Timestamp,
    /// The message is too old, or from the future: perhaps a replay.
    #[error("the timestamp is out of tolerance")]
    Tolerance,
    /// No signature fits any secret.
    #[error("no signature fits")]
    Signature,
}

fn mac(secret: &SecretString, id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    // HMAC takes keys of any length; an empty one would sign nothing.
    let key = secret.expose_secret().as_bytes();
    if key.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    Some(mac)
}

/// The value of `webhook-signature`: one signature per secret, so that the
/// receiver may change to the new one at any time while both are valid.
pub fn sign(secrets: &[SecretString], id: &str, at: DateTime<Utc>, body: &[u8]) -> String {
    let timestamp = at.timestamp().to_string();
    let signatures: Vec<String> = secrets
        .iter()
        .filter_map(|secret| mac(secret, id, &timestamp, body))
        .map(|mac| format!("{VERSION}{}", BASE64.encode(mac.finalize().into_bytes())))
        .collect();
    signatures.join(" ")
}

/// Believes a webhook if one of its signatures was made with one of the secrets
/// and its moment is near. Compares in constant time.
pub fn verify(
    secrets: &[SecretString],
    signed: Signed<'_>,
    body: &[u8],
    now: DateTime<Utc>,
    tolerance: Duration,
) -> Result<(), VerifyError> {
    let sent: i64 = signed.timestamp.parse().map_err(|_| VerifyError::Timestamp)?;
    if now.timestamp().abs_diff(sent) > tolerance.as_secs() {
        return Err(VerifyError::Tolerance);
    }
    let given: Vec<Vec<u8>> = signed
        .signature
        .split_ascii_whitespace()
        .filter_map(|one| BASE64.decode(one.strip_prefix(VERSION)?).ok())
        .collect();
    let fits = secrets.iter().any(|secret| {
        given
            .iter()
            .any(|one| mac(secret, signed.id, signed.timestamp, body).is_some_and(|mac| mac.verify_slice(one).is_ok()))
    });
    if fits { Ok(()) } else { Err(VerifyError::Signature) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn check(secrets: &[&str], signature: &str, id: &str, body: &[u8], now: i64) -> Result<(), VerifyError> {
        let secrets: Vec<SecretString> = secrets.iter().map(|s| SecretString::from(*s)).collect();
        verify(&secrets, Signed { id, timestamp: "1700000000", signature }, body, at(now), TOLERANCE)
    }

    #[test]
    fn the_signature_is_hmac_sha256_in_base64() {
        // Computed with Python's hmac module.
        let signature = sign(&["whsec_1_abc".into()], "msg_1", at(1_700_000_000), b"{\"a\":1}");
        assert_eq!(signature, "v1,SB/NOcmBpC3LPYpmBCNlugSigKj0iugHBT90YTROLH4=");
    }

    #[test]
    fn while_a_secret_rotates_either_one_fits() {
        let signature = sign(&["old".into(), "new".into()], "m", at(1_700_000_000), b"x");
        assert_eq!(signature.split(' ').count(), 2);
        assert_eq!(check(&["old"], &signature, "m", b"x", 1_700_000_000), Ok(()));
        assert_eq!(check(&["new"], &signature, "m", b"x", 1_700_000_000), Ok(()));
        assert_eq!(check(&["other"], &signature, "m", b"x", 1_700_000_000), Err(VerifyError::Signature));
    }

    #[test]
    fn old_future_and_unreadable_moments_are_refused() {
        let signature = sign(&["s".into()], "m", at(1_700_000_000), b"x");
        assert_eq!(check(&["s"], &signature, "m", b"x", 1_700_000_300), Ok(()));
        assert_eq!(check(&["s"], &signature, "m", b"x", 1_700_000_301), Err(VerifyError::Tolerance));
        assert_eq!(check(&["s"], &signature, "m", b"x", 1_699_999_699), Err(VerifyError::Tolerance));
        let signed = Signed { id: "m", timestamp: "now", signature: &signature };
        assert_eq!(verify(&["s".into()], signed, b"x", at(0), TOLERANCE), Err(VerifyError::Timestamp));
    }

    #[test]
    fn an_empty_secret_signs_and_believes_nothing() {
        assert_eq!(sign(&["".into()], "m", at(0), b"x"), "");
        assert_eq!(check(&[""], "v1,", "m", b"x", 1_700_000_000), Err(VerifyError::Signature));
    }

    proptest! {
        #[test]
        fn any_change_is_noticed(body: Vec<u8>, id in "[a-z0-9-]{1,40}", other: Vec<u8>, text in ".{0,80}") {
            let signature = sign(&["s".into()], &id, at(1_700_000_000), &body);
            prop_assert_eq!(check(&["s"], &signature, &id, &body, 1_700_000_000), Ok(()));
            if other != body {
                prop_assert!(check(&["s"], &signature, &id, &other, 1_700_000_000).is_err());
            }
            let longer = id + "x";
            prop_assert!(check(&["s"], &signature, &longer, &body, 1_700_000_000).is_err());
            prop_assert!(check(&["s"], &text, "m", &body, 1_700_000_000).is_err());
        }
    }
}
