//! One attempt to deliver a webhook.

use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use url::Url;

use super::sign::{HEADER_ID, HEADER_SIGNATURE, HEADER_TIMESTAMP, sign};
use crate::http::{Egress, HeaderMap, HeaderName, HeaderValue, HttpClient, HttpFault, Limits, Request};
use crate::outcome::Next;

/// How long a receiver may take: it should queue what it gets and answer.
const LIMITS: Limits = Limits { connect: Duration::from_secs(5), total: Duration::from_secs(15), body: 8_000 };

/// A message for one subscription.
#[derive(Debug)]
pub struct Delivery<'a> {
    /// Where to.
    pub url: &'a str,
    /// Identity of the message, the same in every attempt.
    pub id: &'a str,
    /// The event, such as `customer.created`.
    pub event: &'a str,
    /// The JSON, as it goes out.
    pub body: &'a [u8],
    /// The valid secrets, newest first.
    pub secrets: &'a [SecretString],
}

/// Why an attempt did not deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookFailure {
    /// There was no answer.
    #[error(transparent)]
    Fault(#[from] HttpFault),
    /// The answer was not one of success.
    #[error("the receiver answered {status}")]
    Status {
        /// The status of the answer.
        status: u16,
        /// How long the receiver asks to wait.
        retry_after: Option<Duration>,
    },
    /// There is no secret to sign with, or the identity fits no header.
    #[error("the message cannot be signed")]
    Unsigned,
}

impl WebhookFailure {
    /// The stable code of this failure.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Status { status: 300..=399, .. } => "webhook.redirect",
            Self::Status { .. } => "webhook.status",
            Self::Unsigned => "webhook.unsigned",
        }
    }

    /// What to do: receivers know a message by its id, so repeating is safe.
    pub const fn next(self) -> Next {
        match self {
            Self::Fault(fault) => fault.next_if_repeatable(),
            Self::Status { status: 410, .. } => Next::Disable,
            Self::Status { retry_after, .. } => Next::retry_after(retry_after),
            Self::Unsigned => Next::Alert,
        }
    }
}

/// What was sent and answered, for the log of deliveries.
#[derive(Debug)]
pub struct Attempt {
    /// Headers that were sent, the signature cut: it is of use to nobody.
    pub request_headers: Vec<(String, String)>,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Headers of the answer.
    pub response_headers: Vec<(String, String)>,
    /// The beginning of the answer's body, at most 8000 bytes.
    pub response_body: String,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether it was delivered.
    pub result: Result<(), WebhookFailure>,
}

/// Sends webhooks; cheap to clone.
#[derive(Debug, Clone)]
pub struct WebhookSender {
    http: HttpClient,
}

impl WebhookSender {
    /// A sender that connects only where it may.
    pub fn new(egress: Egress) -> Result<Self, HttpFault> {
        Self::with_limits(egress, LIMITS)
    }

    /// A sender with other limits.
    pub fn with_limits(egress: Egress, limits: Limits) -> Result<Self, HttpFault> {
        Ok(Self { http: HttpClient::new(egress, limits)? })
    }

    /// Makes one attempt; success is any status from 200 to 299.
    pub async fn send(&self, delivery: &Delivery<'_>, now: DateTime<Utc>) -> Attempt {
        let begin = Instant::now();
        let mut attempt = Attempt {
            request_headers: Vec::new(),
            status: None,
            response_headers: Vec::new(),
            response_body: String::new(),
            elapsed: Duration::ZERO,
            result: Ok(()),
        };
        attempt.result = self.attempt(delivery, now, &mut attempt).await;
        attempt.elapsed = begin.elapsed();
        attempt
    }

    async fn attempt(
        &self,
        delivery: &Delivery<'_>,
        now: DateTime<Utc>,
        log: &mut Attempt,
    ) -> Result<(), WebhookFailure> {
        let url = Url::parse(delivery.url).map_err(|_| HttpFault::Address)?;
        let mut request = Request::post(url, "application/json", Bytes::copy_from_slice(delivery.body));
        add_headers(&mut request.headers, delivery, now)?;
        log.request_headers = loggable(&request.headers);
        let answer = self.http.call(request).await?;
        log.status = Some(answer.status.as_u16());
        log.response_headers = loggable(&answer.headers);
        log.response_body = answer.text();
        if answer.status.is_success() {
            return Ok(());
        }
        Err(WebhookFailure::Status { status: answer.status.as_u16(), retry_after: answer.retry_after() })
    }
}

fn add_headers(headers: &mut HeaderMap, delivery: &Delivery<'_>, now: DateTime<Utc>) -> Result<(), WebhookFailure> {
    let signature = sign(delivery.secrets, delivery.id, now, delivery.body);
    if signature.is_empty() {
        return Err(WebhookFailure::Unsigned);
    }
    let timestamp = now.timestamp().to_string();
    let values = [
        (HEADER_ID, delivery.id),
        (HEADER_TIMESTAMP, timestamp.as_str()),
        (HEADER_SIGNATURE, signature.as_str()),
        ("webhook-event", delivery.event),
    ];
    for (name, value) in values {
        let value = HeaderValue::from_str(value).map_err(|_| WebhookFailure::Unsigned)?;
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(())
}

fn loggable(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = |name: &HeaderName, value: &HeaderValue| match name.as_str() {
        HEADER_SIGNATURE => "v1,…".to_owned(),
        "set-cookie" => "…".to_owned(),
        _ => String::from_utf8_lossy(value.as_bytes()).into_owned(),
    };
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), shown(name, value))).collect()
}
