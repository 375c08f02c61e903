//! `X-Twilio-Signature`: who holds the token of the account made the call.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Whether Twilio made this call. The address is the one configured there, to
/// the letter; proxies may have added or dropped the default port. The body is
/// a form unless the address names its hash.
pub fn verify_signature(token: &SecretString, url: &str, body: &[u8], signature: &str) -> bool {
    let Ok(given) = BASE64.decode(signature.trim()) else { return false };
    let parameters = match body_hash(url) {
        Some(expected) => {
            if !expected.eq_ignore_ascii_case(&hex::encode(Sha256::digest(body))) {
                return false;
            }
            String::new()
        }
        None => joined(body),
    };
    let fits = |url: &str| {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()) else { return false };
        mac.update(url.as_bytes());
        mac.update(parameters.as_bytes());
        mac.verify_slice(&given).is_ok()
    };
    !token.expose_secret().is_empty() && (fits(url) || other_port(url).is_some_and(|other| fits(&other)))
}

/// Names in byte order with their distinct values, nothing in between.
fn joined(form: &[u8]) -> String {
    let mut sorted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(form) {
        sorted.entry(name.into_owned()).or_default().insert(value.into_owned());
    }
    let mut text = String::new();
    for (name, values) in sorted {
        for value in values {
            text.push_str(&name);
            text.push_str(&value);
        }
    }
    text
}

fn body_hash(url: &str) -> Option<String> {
    let query = url.split_once('?')?.1.split('#').next()?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "bodySHA256").map(|(_, value)| value.into_owned())
}

/// The address with its default port, or without it when it has one.
fn other_port(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let port = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // Behind the bracket of an IPv6 address, if there is one.
    let tail = host.rsplit_once(']').map_or(host, |(_, tail)| tail);
    match tail.rsplit_once(':') {
        Some((_, digits)) => {
            let bare = authority.strip_suffix(digits)?.strip_suffix(':')?;
            Some(format!("{scheme}://{bare}{path}"))
        }
        None => Some(format!("{scheme}://{authority}{port}{path}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const WITH_PORT: &str = "https://mycompany.com:443/myapp.php?foo=1&bar=2";
    const FORM: &str =
        "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309";

    fn check(url: &str, body: &str, signature: &str) -> bool {
        verify_signature(&"12345".into(), url, body.as_bytes(), signature)
    }

    #[test]
    fn the_vectors_fit() {
        assert!(check(URL, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(check(URL, &FORM.replace("14158675309", "12349013030"), "0/KCTR6DLpKmkAf8muzZqo1nDgQ="));
        let repeated = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
        assert!(check(URL, repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
    }

    #[test]
    fn with_and_without_the_port() {
        for url in [URL, WITH_PORT] {
            assert!(check(url, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
            assert!(check(url, FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="));
        }
    }

    #[test]
    fn json_bodies_are_known_by_their_hash() {
        let url = format!("{URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620");
        let body = r#"{"property": "value", "boolean": true}"#;
        assert!(check(&url, body, "a9nBmqA0ju/hNViExpshrM61xv4="));
        assert!(!check(&url, "{}", "a9nBmqA0ju/hNViExpshrM61xv4="));
    }

    #[test]
    fn anything_else_does_not() {
        assert!(!check(URL, &FORM.replace("1234&", "1235&"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!check("https://mycompany.com/other", FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!check(URL, FORM, ""));
        assert!(!check(URL, FORM, "not base64!"));
        assert!(!verify_signature(&"".into(), URL, FORM.as_bytes(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    }

    #[test]
    fn ports_of_odd_addresses() {
        assert_eq!(other_port("http://a.test/x").as_deref(), Some("http://a.test:80/x"));
        assert_eq!(other_port("https://u:p@a.test:8443?x").as_deref(), Some("https://u:p@a.test?x"));
        assert_eq!(other_port("https://[::1]/x").as_deref(), Some("https://[::1]:443/x"));
        assert_eq!(other_port("nowhere"), None);
    }
}
