//! The way out, as the dispatcher needs it.

use std::{fmt::Debug, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_integrations::{
    outcome::Next,
    secret::SecretString,
    webhook::{Delivery, WebhookSender},
};

/// A message to be sent.
#[derive(Debug)]
pub struct Outgoing {
    pub url: String,
    /// The same for every attempt and replay: receivers know what they have
    /// seen by it.
    pub id: String,
    pub event: String,
    pub body: String,
    /// What to sign with, the newest first.
    pub secrets: Vec<SecretString>,
    pub at: DateTime<Utc>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answered {
    pub request_headers: Vec<(String, String)>,
    pub status: Option<u16>,
    pub response_headers: Vec<(String, String)>,
    /// The beginning of the answer's body.
    pub response_body: String,
    /// Code of why it counts as not delivered.
    pub error: Option<String>,
    /// How long the other side asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether trying again is pointless: the address is gone or closed to us.
    pub hopeless: bool,
}

/// Signs and sends a message to an address that somebody typed: refuses
/// addresses inside our own network, bounds time and size, follows nobody.
#[async_trait]
pub trait Sender: Debug + Send + Sync + 'static {
    async fn send(&self, message: &Outgoing) -> Answered;
}

#[async_trait]
impl Sender for WebhookSender {
    async fn send(&self, message: &Outgoing) -> Answered {
        let Outgoing { url, id, event, body, secrets, at } = message;
        let delivery = Delivery { url, id, event, body: body.as_bytes(), secrets };
        let attempt = Self::send(self, &delivery, *at).await;
        let failure = attempt.result.err();
        let next = failure.map(conexao_integrations::webhook::WebhookFailure::next);
        Answered {
            request_headers: attempt.request_headers,
            status: attempt.status,
            response_headers: attempt.response_headers,
            response_body: attempt.response_body,
            error: failure.map(|failure| failure.code().to_owned()),
            retry_after: if let Some(Next::Retry { after }) = next { after } else { None },
            hopeless: next == Some(Next::Disable),
        }
    }
}
