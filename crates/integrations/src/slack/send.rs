//! Posting to an incoming webhook.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::blocks::SlackMessage;
use crate::http::{Answer, Egress, HttpClient, HttpFault, Limits, Request};
use crate::outcome::Next;

const HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];
/// When Slack does not say how long: it takes one message a second.
const RATE: Duration = Duration::from_secs(2);

/// The address of an incoming webhook, which is its secret.
#[derive(Debug, Clone)]
pub struct SlackHook(SecretString);

impl SlackHook {
    /// Takes an address of Slack's; any other only where private networks are
    /// allowed, which is where stand-ins live.
    pub fn parse(url: &SecretString, egress: Egress) -> Result<Self, HttpFault> {
        let parsed = Url::parse(url.expose_secret()).map_err(|_| HttpFault::Address)?;
        let slack = parsed.scheme() == "https"
            && parsed.port().is_none()
            && parsed.host_str().is_some_and(|host| HOSTS.contains(&host))
            && parsed.path().starts_with("/services/");
        if slack || egress == Egress::AllowPrivate { Ok(Self(url.clone())) } else { Err(HttpFault::Address) }
    }
}

/// Why a message was not posted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlackError {
    /// There was no answer.
    #[error(transparent)]
    Fault(#[from] HttpFault),
    /// Slack did not like the message: our mistake.
    #[error("slack refused the message: {0}")]
    Message(String),
    /// The hook, its channel or its right is gone.
    #[error("the slack hook is of no use any more: {0}")]
    Hook(String),
    /// Too many messages.
    #[error("slack asks to wait")]
    Rate(Duration),
    /// Something of Slack's does not work now.
    #[error("slack failed with {status}: {text}")]
    Failed {
        /// The status of the answer.
        status: u16,
        /// What it said.
        text: String,
    },
}

impl SlackError {
    /// The stable code of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Message(_) => "slack.message",
            Self::Hook(_) => "slack.hook",
            Self::Rate(_) => "slack.rate",
            Self::Failed { .. } => "slack.failed",
        }
    }

    /// What to do. A message in a channel twice is better than none.
    pub const fn next(&self) -> Next {
        match self {
            Self::Fault(fault) => fault.next_if_repeatable(),
            Self::Message(_) => Next::Drop,
            Self::Hook(_) => Next::Disable,
            Self::Rate(wait) => Next::retry_after(Some(*wait)),
            Self::Failed { .. } => Next::RETRY,
        }
    }
}

/// Posts to Slack; cheap to clone.
#[derive(Debug, Clone)]
pub struct SlackClient {
    http: HttpClient,
}

impl SlackClient {
    /// A client that connects only where it may.
    pub fn new(egress: Egress) -> Result<Self, HttpFault> {
        Self::with_limits(egress, Limits::default())
    }

    /// A client with other limits.
    pub fn with_limits(egress: Egress, limits: Limits) -> Result<Self, HttpFault> {
        Ok(Self { http: HttpClient::new(egress, Limits { body: 500, ..limits })? })
    }

    /// Posts a message.
    pub async fn post(&self, hook: &SlackHook, message: &SlackMessage) -> Result<(), SlackError> {
        let url = Url::parse(hook.0.expose_secret()).map_err(|_| HttpFault::Address)?;
        let request = Request::post(url, "application/json; charset=utf-8", message.json().to_string());
        outcome(&self.http.call(request).await?)
    }
}

/// Answers are plain text, with a word for what is wrong.
fn outcome(answer: &Answer) -> Result<(), SlackError> {
    let (status, text) = (answer.status.as_u16(), answer.text().trim().to_owned());
    match (status, text.as_str()) {
        (200..=299, _) => Ok(()),
        (429, _) | (_, "rate_limited") => Err(SlackError::Rate(answer.retry_after().unwrap_or(RATE))),
        (403 | 404 | 410, _)
        | (400, "no_service" | "no_team" | "channel_not_found" | "channel_is_archived" | "action_prohibited") => {
            Err(SlackError::Hook(text))
        }
        (300..=499, _) => Err(SlackError::Message(text)),
        _ => Err(SlackError::Failed { status, text }),
    }
}
