//! A push service and the browsers behind it: checks the token, decrypts.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use p256::{
    SecretKey,
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    elliptic_curve::sec1::ToEncodedPoint,
};
use serde_json::Value;

use super::http::{Call, HttpStandIn, Reply, locked};
use crate::push::decrypt;
use crate::secret::random;

/// A message a browser got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What was in it.
    pub payload: Vec<u8>,
    /// Seconds it is kept.
    pub ttl: u64,
    /// How urgent it is.
    pub urgency: String,
    /// Its topic; empty when it has none.
    pub topic: String,
}

/// A running stand-in with one browser. The path of a subscription says how it
/// answers: `/push/201` and so on.
pub struct PushStandIn {
    server: HttpStandIn,
    key: SecretKey,
    auth: [u8; 16],
    received: Arc<Mutex<Vec<Received>>>,
}

impl std::fmt::Debug for PushStandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushStandIn").field("server", &self.server).finish_non_exhaustive()
    }
}

impl PushStandIn {
    /// Starts it; messages must be signed with this public key.
    pub async fn start(application_server_key: &str) -> std::io::Result<Self> {
        let key = SecretKey::from_slice(&random::<32>()).map_err(std::io::Error::other)?;
        let auth = random();
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (own, kept, expected) = (key.clone(), Arc::clone(&received), application_server_key.to_owned());
        let server = HttpStandIn::start(move |call| match receive(call, &own, &auth, &expected) {
            Ok(message) => {
                let status = call.path.rsplit('/').next().and_then(|word| word.parse().ok()).unwrap_or(201);
                if status < 300 {
                    locked(&kept).push(message);
                }
                let reply = Reply::text(status, "");
                if status == 429 { reply.header("retry-after", "7") } else { reply }
            }
            Err((status, why)) => Reply::text(status, why),
        })
        .await?;
        Ok(Self { server, key, auth, received })
    }

    /// Endpoint, `p256dh` and `auth` of a subscription that is answered like this.
    pub fn subscription(&self, status: u16) -> (String, String, String) {
        let point = self.key.public_key().to_encoded_point(false);
        (self.server.url(&format!("/push/{status}")), BASE64.encode(point.as_bytes()), BASE64.encode(self.auth))
    }

    /// What arrived.
    pub fn received(&self) -> Vec<Received> {
        locked(&self.received).clone()
    }
}

type Refusal = (u16, &'static str);

fn receive(call: &Call, key: &SecretKey, auth: &[u8], expected: &str) -> Result<Received, Refusal> {
    authorize(call, expected)?;
    if call.body.len() > 4096 {
        return Err((413, "payload too large"));
    }
    if call.header("content-encoding") != "aes128gcm" {
        return Err((400, "content-encoding"));
    }
    let ttl = call.header("ttl").parse().map_err(|_| (400, "ttl"))?;
    let payload = decrypt(key, auth, &call.body).ok_or((400, "not decrypted"))?;
    let text = |name: &str| call.header(name).to_owned();
    Ok(Received { payload, ttl, urgency: text("urgency"), topic: text("topic") })
}

/// The token must be for this host, in time, and signed with the very key.
fn authorize(call: &Call, expected: &str) -> Result<(), Refusal> {
    let vapid = call.header("authorization").strip_prefix("vapid ").ok_or((401, "no vapid"))?;
    let part =
        |name: &str| vapid.split(',').find_map(|part| part.trim().strip_prefix(name)).ok_or((401, "vapid parts"));
    let (token, key) = (part("t=")?, part("k=")?);
    if key != expected {
        return Err((403, "another key"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or((401, "token"))?;
    let decoded = |text: &str| BASE64.decode(text).map_err(|_| (401, "base64"));
    let verifying = VerifyingKey::from_sec1_bytes(&decoded(key)?).map_err(|_| (401, "key"))?;
    // 64 bytes; the DER form is refused.
    let signature = Signature::from_slice(&decoded(signature)?).map_err(|_| (401, "signature form"))?;
    verifying.verify(signed.as_bytes(), &signature).map_err(|_| (401, "signature"))?;
    let (head, claims) = signed.split_once('.').ok_or((401, "token"))?;
    let head: Value = serde_json::from_slice(&decoded(head)?).map_err(|_| (401, "head"))?;
    let claims: Value = serde_json::from_slice(&decoded(claims)?).map_err(|_| (401, "claims"))?;
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let now = chrono::Utc::now().timestamp();
    let in_time = claims.get("exp").and_then(Value::as_i64).is_some_and(|exp| exp > now && exp <= now + 24 * 3600);
    let contact = text(&claims, "sub");
    let good = text(&head, "alg") == "ES256"
        && text(&claims, "aud") == format!("http://{}", call.header("host"))
        && (contact.starts_with("mailto:") || contact.starts_with("https:"));
    if good && in_time { Ok(()) } else { Err((403, "claims")) }
}
