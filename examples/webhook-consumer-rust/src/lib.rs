//! Receives webhooks of Conexão: believes only what is signed, and does what
//! arrives twice once.
//!
//! The headers are those of "Standard Webhooks": `webhook-id`,
//! `webhook-timestamp` and `webhook-signature`, with one `v1,<base64>` for each
//! secret that is good at the moment.

use std::{
    collections::HashSet,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value as Json;
use sha2::Sha256;

/// Seconds that a message may be older or newer than our clock.
const TOLERANCE: u64 = 300;
/// Longest message that is read, in bytes.
const MOST: u64 = 1_048_576;

/// Whether a message was signed with the secret, and lately.
pub fn is_genuine(secret: &str, id: &str, timestamp: &str, signatures: &str, body: &[u8], now: u64) -> bool {
    let Ok(sent) = timestamp.parse::<u64>() else { return false };
    if secret.is_empty() || now.abs_diff(sent) > TOLERANCE {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    // Compared in constant time, with each signature there is.
    let given = signatures.split(' ').filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
    given.into_iter().any(|one| mac.clone().verify_slice(&one).is_ok())
}

/// Answers requests one after the other; `act` is called once for each message
/// that is genuine, with its id and the event.
pub fn serve(listener: &TcpListener, secret: &str, mut act: impl FnMut(&str, &Json)) {
    let mut seen = HashSet::new();
    for stream in listener.incoming().flatten() {
        if let Err(error) = answer(stream, secret, &mut seen, &mut act) {
            eprintln!("a request broke off: {error}");
        }
    }
}

fn answer(
    stream: TcpStream,
    secret: &str,
    seen: &mut HashSet<String>,
    act: &mut impl FnMut(&str, &Json),
) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?.take(MOST));
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        headers.extend(line.split_once(':').map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())));
    }
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let length: usize = header("content-length").parse().unwrap_or_default();
    let mut body = vec![0; length.min(usize::try_from(MOST).unwrap_or_default())];
    reader.read_exact(&mut body)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let id = header("webhook-id");
    let genuine = is_genuine(secret, id, header("webhook-timestamp"), header("webhook-signature"), &body, now);
    let status = match serde_json::from_slice::<Json>(&body) {
        _ if !genuine => "401 Unauthorized",
        Err(_) => "400 Bad Request",
        Ok(event) => {
            // Delivery is at least once, under the same id.
            if seen.insert(id.to_owned()) {
                act(id, &event);
            }
            "204 No Content"
        }
    };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn believes_only_what_is_signed_and_recent() {
        let genuine = |secret: &str, signatures: &str, body: &str, now: u64| {
            is_genuine(secret, "msg_1", "1700000000", signatures, body.as_bytes(), now)
        };
        let signature = "v1,SB/NOcmBpC3LPYpmBCNlugSigKj0iugHBT90YTROLH4=";
        let (secret, body, now) = ("whsec_1_abc", "{\"a\":1}", 1_700_000_000);
        assert!(genuine(secret, signature, body, now));
        assert!(genuine(secret, &format!("v1,AAAA {signature}"), body, now + 300), "while secrets overlap");
        assert!(!genuine(secret, signature, body, now + 301), "too old");
        assert!(!genuine("another", signature, body, now));
        assert!(!genuine(secret, signature, "{\"a\":2}", now));
        assert!(!genuine(secret, "", body, now) && !genuine("", signature, body, now));
    }
}
