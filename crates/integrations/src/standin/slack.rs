//! Slack's incoming webhooks: plain text answers, JSON in.

use serde_json::Value;

use super::http::{Call, HttpStandIn, Reply};

/// A running stand-in; the path says how it answers.
#[derive(Debug)]
pub struct SlackStandIn {
    /// The server.
    pub server: HttpStandIn,
}

impl SlackStandIn {
    /// Starts it.
    pub async fn start() -> std::io::Result<Self> {
        Ok(Self { server: HttpStandIn::start(answer).await? })
    }

    /// The address of a hook that works.
    pub fn hook(&self) -> String {
        self.server.url("/services/T1/B1/secret")
    }

    /// The address of a hook that answers like this.
    pub fn failing(&self, status: u16, text: &str) -> String {
        self.server.url(&format!("/services/{status}/{text}"))
    }
}

fn answer(call: &Call) -> Reply {
    let mut words = call.path.trim_start_matches("/services/").split('/');
    if let Some(status) = words.next().and_then(|word| word.parse().ok()) {
        let reply = Reply::text(status, words.next().unwrap_or_default());
        return if status == 429 { reply.header("retry-after", "2") } else { reply };
    }
    let json = call.header("content-type").starts_with("application/json");
    let Some(body) = serde_json::from_slice::<Value>(&call.body).ok().filter(|_| json) else {
        return Reply::text(400, "invalid_payload");
    };
    let blocks = body.get("blocks").and_then(Value::as_array);
    if blocks.is_some_and(|blocks| blocks.is_empty() || blocks.len() > 50) {
        return Reply::text(400, "invalid_blocks");
    }
    let text = body.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() && blocks.is_none() { Reply::text(400, "no_text") } else { Reply::text(200, "ok") }
}
