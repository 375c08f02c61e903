//! How a receiver knows that a request is ours: HMAC-SHA256 over moment and
//! body, `t=<seconds>,v1=<hex>`, once for each secret that is good.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Name of the header.
pub const SIGNATURE: &str = "conexao-signature";

/// The header's value for a body sent at a moment.
pub fn signature(secrets: &[String], at: DateTime<Utc>, body: &str) -> Result<String, Problem> {
    let moment = at.timestamp();
    let mut value = format!("t={moment}");
    for secret in secrets {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
        let mut mac = mac.map_err(|_| Problem::new(Code::Internal))?;
        mac.update(format!("{moment}.").as_bytes());
        mac.update(body.as_bytes());
        value.push_str(",v1=");
        value.push_str(&hex::encode(mac.finalize().into_bytes()));
    }
    Ok(value)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn signs_moment_and_body_with_every_secret() {
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let one = signature(&["whsec_1".to_owned()], at, "{}").unwrap();
        // As `printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_1` says.
        assert_eq!(one, "t=1700000000,v1=c8cf6ed9fd9120874a1792902ffdf5b69559118b76d10974da8a20cf21f94bc5");
        let both = signature(&["whsec_1".to_owned(), "whsec_2".to_owned()], at, "{}").unwrap();
        assert!(both.starts_with(&one) && both.matches("v1=").count() == 2);
        assert_ne!(one, signature(&["whsec_1".to_owned()], at, "{ }").unwrap());
    }
}
