//! Sending a push message.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    encrypt::{MOST_PLAINTEXT, encrypt},
    keys::{VapidKeys, new_key},
    subscription::Subscription,
};
use crate::http::{Answer, Egress, HeaderName, HeaderValue, HttpClient, HttpFault, Limits, Request, header};
use crate::outcome::Next;
use crate::secret::random;

/// How much a message may disturb: a device that saves power waits with low ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Urgency {
    /// When the device is charged and on Wi-Fi.
    VeryLow,
    /// When the device has power.
    Low,
    /// Chats and reminders.
    #[default]
    Normal,
    /// Calls and alarms.
    High,
}

impl Urgency {
    const fn as_str(self) -> &'static str {
        match self {
            Self::VeryLow => "very-low",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// A message to a browser.
#[derive(Debug, Clone)]
pub struct Push<'a> {
    /// What the service worker gets, at most [`MOST_PLAINTEXT`] bytes.
    pub payload: &'a [u8],
    /// How long the service keeps it for a device that is off.
    pub ttl: Duration,
    /// How much it may disturb.
    pub urgency: Urgency,
    /// Up to 32 characters of base64url; takes the place of an earlier message
    /// with the same topic which was not delivered yet.
    pub topic: Option<&'a str>,
}

/// Why a push message was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// There was no answer.
    #[error(transparent)]
    Fault(#[from] HttpFault),
    /// The message is too long, for us or for the service.
    #[error("the push message is too large")]
    TooLarge,
    /// The topic is not one.
    #[error("the topic is not up to 32 characters of base64url")]
    Topic,
    /// The browser does not listen any more.
    #[error("the push subscription is gone")]
    Gone,
    /// The service does not accept our headers or keys.
    #[error("the push service refused with {status}: {text}")]
    Refused {
        /// The status of the answer.
        status: u16,
        /// What it said.
        text: String,
    },
    /// The service wants to be asked later.
    #[error("the push service asks to wait ({status})")]
    Later {
        /// The status of the answer.
        status: u16,
        /// How long it asks to wait.
        after: Option<Duration>,
    },
}

impl PushError {
    /// The stable code of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::TooLarge => "push.too_large",
            Self::Topic => "push.topic",
            Self::Gone => "push.gone",
            Self::Refused { .. } => "push.refused",
            Self::Later { .. } => "push.later",
        }
    }

    /// What to do; `Disable` means to delete the subscription. Retries end with
    /// the time the message is worth something.
    pub const fn next(&self) -> Next {
        match self {
            Self::Fault(fault) => fault.next_if_repeatable(),
            Self::TooLarge | Self::Topic => Next::Drop,
            Self::Gone => Next::Disable,
            Self::Refused { .. } => Next::Alert,
            Self::Later { after, .. } => Next::retry_after(*after),
        }
    }
}

/// Sends to browsers; cheap to clone.
#[derive(Debug, Clone)]
pub struct PushClient {
    http: HttpClient,
    keys: VapidKeys,
}

impl PushClient {
    /// A client with the installation's keys.
    pub fn new(keys: VapidKeys, egress: Egress) -> Result<Self, HttpFault> {
        Self::with_limits(keys, egress, Limits::default())
    }

    /// A client with other limits.
    pub fn with_limits(keys: VapidKeys, egress: Egress, limits: Limits) -> Result<Self, HttpFault> {
        Ok(Self { http: HttpClient::new(egress, Limits { body: 500, ..limits })?, keys })
    }

    /// The public key for `PushManager.subscribe`.
    pub fn public_key(&self) -> String {
        self.keys.public()
    }

    /// Sends a message; accepted is not yet seen.
    pub async fn send(&self, to: &Subscription, push: &Push<'_>, now: DateTime<Utc>) -> Result<(), PushError> {
        // Browsers give out nothing else; stand-ins have no certificate.
        if to.endpoint.scheme() != "https" && self.http.egress() == Egress::PublicOnly {
            return Err(HttpFault::Address.into());
        }
        let request = self.request(to, push, now)?;
        outcome(&self.http.call(request).await?)
    }

    fn request(&self, to: &Subscription, push: &Push<'_>, now: DateTime<Utc>) -> Result<Request, PushError> {
        if push.payload.len() > MOST_PLAINTEXT {
            return Err(PushError::TooLarge);
        }
        let body = encrypt(to, push.payload, &new_key(), random()).ok_or(PushError::TooLarge)?;
        let mut authorization = HeaderValue::from_str(&self.keys.authorization(&to.endpoint, now))
            .map_err(|_| PushError::Fault(HttpFault::Address))?;
        authorization.set_sensitive(true);
        let request = Request::post(to.endpoint.clone(), "application/octet-stream", body)
            .header(HeaderName::from_static("ttl"), push.ttl.as_secs().into())
            .header(HeaderName::from_static("urgency"), HeaderValue::from_static(push.urgency.as_str()))
            .header(header::CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"))
            .header(header::AUTHORIZATION, authorization);
        let Some(topic) = push.topic else { return Ok(request) };
        let fits = (1..=32).contains(&topic.len())
            && topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let value = HeaderValue::from_str(topic).ok().filter(|_| fits).ok_or(PushError::Topic)?;
        Ok(request.header(HeaderName::from_static("topic"), value))
    }
}

fn outcome(answer: &Answer) -> Result<(), PushError> {
    let status = answer.status.as_u16();
    match status {
        200..=299 => Ok(()),
        404 | 410 => Err(PushError::Gone),
        413 => Err(PushError::TooLarge),
        429 | 500..=599 => Err(PushError::Later { status, after: answer.retry_after() }),
        _ => Err(PushError::Refused { status, text: answer.text() }),
    }
}
