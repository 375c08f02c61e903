//! Twilio's messages: Basic login, forms, and refusals by number.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use super::http::{Call, HttpStandIn, Reply, locked};
use crate::sms::segments;

/// A running stand-in. Numbers that end in these digits are refused:
/// `21211`, `21610`, `21614`, `21635`, `20429`, `20003`; `00500` fails, and
/// `00408` is taken but never answered.
#[derive(Debug)]
pub struct TwilioStandIn {
    /// The server.
    pub server: HttpStandIn,
    token: String,
    messages: Arc<Mutex<Vec<Value>>>,
}

impl TwilioStandIn {
    /// Starts it with one account.
    pub async fn start(account: &str, token: &str) -> std::io::Result<Self> {
        let messages: Arc<Mutex<Vec<Value>>> = Arc::default();
        let login = format!("Basic {}", BASE64.encode(format!("{account}:{token}")));
        let (path, kept) = (format!("/2010-04-01/Accounts/{account}/Messages"), Arc::clone(&messages));
        let server = HttpStandIn::start(move |call| {
            if call.header("authorization") != login {
                return problem(401, 20003);
            }
            let Some(rest) = call.path.strip_prefix(&path) else { return problem(404, 20404) };
            match (call.method.as_str(), rest) {
                ("POST", ".json") => create(call, &kept),
                ("GET", rest) => fetch(rest, &kept),
                _ => problem(404, 20404),
            }
        })
        .await?;
        Ok(Self { server, token: token.to_owned(), messages })
    }

    /// The messages that were taken.
    pub fn messages(&self) -> Vec<Value> {
        locked(&self.messages).clone()
    }

    /// Moves a message on, as a later question will find it.
    pub fn set_status(&self, sid: &str, status: &str, error: Option<u32>) {
        for message in locked(&self.messages).iter_mut().filter(|m| m.get("sid").and_then(Value::as_str) == Some(sid)) {
            if let Some(fields) = message.as_object_mut() {
                fields.insert("status".to_owned(), json!(status));
                fields.insert("error_code".to_owned(), json!(error));
            }
        }
    }

    /// Body and signature of a call back about a message, to this address.
    /// Signed is `signed_for`, which may differ by the default port.
    pub fn callback(&self, signed_for: &str, fields: &[(&str, &str)]) -> (String, String) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let mut sorted = fields.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let joined: String = sorted.iter().flat_map(|(name, value)| [*name, *value]).collect();
        let signature = Hmac::<Sha1>::new_from_slice(self.token.as_bytes()).map_or_else(
            |_| String::new(),
            |mut mac| {
                mac.update(signed_for.as_bytes());
                mac.update(joined.as_bytes());
                BASE64.encode(mac.finalize().into_bytes())
            },
        );
        (form.finish(), signature)
    }
}

fn problem(status: u16, code: u32) -> Reply {
    let body = json!({"code": code, "message": "refused", "more_info": format!("https://www.twilio.com/docs/errors/{code}"), "status": status});
    Reply::json(status, &body)
}

fn create(call: &Call, kept: &Mutex<Vec<Value>>) -> Reply {
    if !call.header("content-type").starts_with("application/x-www-form-urlencoded") {
        return problem(400, 21604);
    }
    let form = call.form();
    let field = |name: &str| form.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
    let (to, body) = (field("To").unwrap_or_default(), field("Body").unwrap_or_default());
    let (from, service) = (field("From"), field("MessagingServiceSid"));
    if from.is_some() == service.is_some() {
        return problem(400, 21603);
    }
    for (digits, status, code) in [
        ("21211", 400, 21211),
        ("21610", 400, 21610),
        ("21614", 400, 21614),
        ("21635", 400, 21635),
        ("20003", 401, 20003),
    ] {
        if to.ends_with(digits) {
            return problem(status, code);
        }
    }
    if to.ends_with("20429") {
        return problem(429, 20429).header("retry-after", "3");
    }
    if to.ends_with("00500") {
        return Reply::text(500, "<html>oops</html>");
    }
    if to.is_empty() || body.is_empty() || body.chars().count() > 1600 {
        return problem(400, 21604);
    }
    let mut messages = locked(kept);
    let message = json!({
        "sid": format!("SM{:032x}", messages.len() + 1), "status": if service.is_some() { "accepted" } else { "queued" },
        "error_code": null, "error_message": null, "num_segments": segments(&body).count.to_string(),
        "price": null, "price_unit": "USD", "to": to, "from": from, "messaging_service_sid": service,
        "date_created": "Sat, 21 Nov 2026 12:00:00 +0000", "body": body, "direction": "outbound-api",
    });
    messages.push(message.clone());
    if to.ends_with("00408") { Reply::HangUp } else { Reply::json(201, &message) }
}

fn fetch(rest: &str, kept: &Mutex<Vec<Value>>) -> Reply {
    let sid = rest.trim_start_matches('/').trim_end_matches(".json");
    let messages = locked(kept);
    let found = messages.iter().find(|message| message.get("sid").and_then(Value::as_str) == Some(sid));
    found.map_or_else(|| problem(404, 20404), |message| Reply::json(200, message))
}
