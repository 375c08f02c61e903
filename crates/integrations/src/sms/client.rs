//! Twilio's REST interface for messages.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{
    codes::{next_of_code, next_of_status},
    segments::MOST_CHARACTERS,
    status::SmsStatus,
};
use crate::http::{Answer, Egress, HeaderValue, HttpClient, HttpFault, Limits, Request, header};
use crate::outcome::Next;

const API: &str = "https://api.twilio.com";

/// An account of Twilio's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioConfig {
    /// The account, `AC…`.
    pub account_sid: String,
    /// Its token: signs callbacks, and calls when there is no key.
    pub auth_token: SecretString,
    /// Name and secret of an API key to call with.
    #[serde(default)]
    pub api_key: Option<(String, SecretString)>,
    /// Who sends.
    pub sender: Sender,
    /// Another server than Twilio's.
    #[serde(default)]
    pub base_url: Option<Url>,
}

/// Who sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// A number in E.164 or a name.
    From(String),
    /// A messaging service, `MG…`, which picks the sender.
    MessagingService(String),
}

/// A message to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Sms<'a> {
    /// To whom, in E.164.
    pub to: &'a str,
    /// The text, at most 1600 characters.
    pub body: &'a str,
    /// Where news of it are told.
    pub status_callback: Option<&'a str>,
    /// How long it is worth sending, 1 s to 10 h.
    pub validity: Option<Duration>,
}

/// A message as Twilio knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentSms {
    /// Its identity at Twilio.
    pub sid: String,
    /// Where it is.
    pub status: SmsStatus,
    /// Messages it is paid as.
    pub segments: Option<u32>,
    /// Why it failed.
    pub error: Option<u32>,
    /// What it cost as Twilio writes it, `-0.00750`; known later.
    pub price: Option<String>,
    /// The currency of the price.
    pub price_unit: Option<String>,
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// There was no answer.
    #[error(transparent)]
    Fault(#[from] HttpFault),
    /// The message breaks a rule that is known here: nothing was sent.
    #[error("the message is not acceptable: {0}")]
    Message(&'static str),
    /// Twilio refused.
    #[error("twilio refused with {status}, code {code:?}")]
    Refused {
        /// The status of the answer.
        status: u16,
        /// Twilio's code.
        code: Option<u32>,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The answer was not readable although it was one of success.
    #[error("the answer of twilio was not readable")]
    Answer,
}

impl SmsError {
    /// The stable code of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Message(_) => "sms.message",
            Self::Refused { .. } => "sms.refused",
            Self::Answer => "sms.answer",
        }
    }

    /// What to do. Twilio knows no repetition: what may have arrived is not
    /// sent again by itself.
    pub fn next(&self) -> Next {
        match self {
            Self::Fault(fault) => fault.next_if_single(),
            Self::Message(_) => Next::Drop,
            Self::Refused { status, code, retry_after } => {
                match code.and_then(next_of_code).unwrap_or(next_of_status(*status, *retry_after)) {
                    Next::Retry { after } => Next::Retry { after: after.max(*retry_after) },
                    next => next,
                }
            }
            Self::Answer => Next::Unknown,
        }
    }
}

/// Numbers come as texts, and prices as null at first.
#[derive(Deserialize)]
struct Resource {
    sid: String,
    status: String,
    #[serde(default)]
    num_segments: Option<String>,
    #[serde(default)]
    error_code: Option<u32>,
    #[serde(default)]
    price: Option<String>,
    #[serde(default)]
    price_unit: Option<String>,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    code: Option<u32>,
}

/// Sends by Twilio; cheap to clone.
#[derive(Debug, Clone)]
pub struct TwilioClient {
    http: HttpClient,
    config: TwilioConfig,
    base: Url,
}

impl TwilioClient {
    /// A client for an account.
    pub fn new(config: TwilioConfig, egress: Egress) -> Result<Self, HttpFault> {
        Self::with_limits(config, egress, Limits::default())
    }

    /// A client with other limits.
    pub fn with_limits(config: TwilioConfig, egress: Egress, limits: Limits) -> Result<Self, HttpFault> {
        let own = Url::parse(API).map_err(|_| HttpFault::Address)?;
        let base = config.base_url.clone().unwrap_or(own);
        Ok(Self { http: HttpClient::new(egress, limits)?, config, base })
    }

    /// Hands a message over; taken is not yet delivered.
    pub async fn send(&self, sms: &Sms<'_>) -> Result<SentSms, SmsError> {
        check(sms)?;
        let request =
            Request::post(self.url(None)?, "application/x-www-form-urlencoded", form(sms, &self.config.sender));
        self.call(request).await
    }

    /// Asks where a message is.
    pub async fn fetch(&self, sid: &str) -> Result<SentSms, SmsError> {
        if sid.is_empty() || !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(SmsError::Message("sid"));
        }
        self.call(Request::get(self.url(Some(sid))?)).await
    }

    /// Whether Twilio made this call to us: see [`super::verify_signature`].
    pub fn verify(&self, url: &str, body: &[u8], signature: &str) -> bool {
        super::verify_signature(&self.config.auth_token, url, body, signature)
    }

    fn url(&self, sid: Option<&str>) -> Result<Url, HttpFault> {
        let mut url = self.base.clone();
        let message = sid.map_or_else(|| "Messages.json".to_owned(), |sid| format!("{sid}.json"));
        let mut path = url.path_segments_mut().map_err(|()| HttpFault::Address)?;
        path.pop_if_empty().extend(["2010-04-01", "Accounts", self.config.account_sid.as_str()]);
        if sid.is_some() {
            path.push("Messages");
        }
        path.push(&message);
        drop(path);
        Ok(url)
    }

    async fn call(&self, request: Request) -> Result<SentSms, SmsError> {
        let (user, password) = match &self.config.api_key {
            Some((name, secret)) => (name, secret),
            None => (&self.config.account_sid, &self.config.auth_token),
        };
        let login = BASE64.encode(format!("{user}:{}", password.expose_secret()));
        let mut basic = HeaderValue::from_str(&format!("Basic {login}")).map_err(|_| HttpFault::Address)?;
        basic.set_sensitive(true);
        read(&self.http.call(request.header(header::AUTHORIZATION, basic)).await?)
    }
}

/// The message as a form, which is written before anything is waited for.
fn form(sms: &Sms<'_>, sender: &Sender) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("To", sms.to).append_pair("Body", sms.body);
    match sender {
        Sender::From(number) => form.append_pair("From", number),
        Sender::MessagingService(service) => form.append_pair("MessagingServiceSid", service),
    };
    if let Some(url) = sms.status_callback {
        form.append_pair("StatusCallback", url);
    }
    if let Some(validity) = sms.validity {
        form.append_pair("ValidityPeriod", &validity.as_secs().clamp(1, 36_000).to_string());
    }
    form.finish()
}

fn check(sms: &Sms<'_>) -> Result<(), SmsError> {
    let digits = sms.to.strip_prefix('+').unwrap_or_default();
    if !(8..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SmsError::Message("to"));
    }
    if sms.body.trim().is_empty() || sms.body.chars().count() > MOST_CHARACTERS {
        return Err(SmsError::Message("body"));
    }
    // Twilio refuses hosts with an underscore.
    let host = sms.status_callback.map(|url| Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)));
    if host.is_some_and(|host| host.is_none_or(|host| host.contains('_'))) {
        return Err(SmsError::Message("status_callback"));
    }
    Ok(())
}

fn read(answer: &Answer) -> Result<SentSms, SmsError> {
    if !answer.status.is_success() {
        let code = serde_json::from_slice::<Problem>(&answer.body).ok().and_then(|problem| problem.code);
        return Err(SmsError::Refused { status: answer.status.as_u16(), code, retry_after: answer.retry_after() });
    }
    let resource: Resource = serde_json::from_slice(&answer.body).map_err(|_| SmsError::Answer)?;
    Ok(SentSms {
        sid: resource.sid,
        // A new word for something on its way changes nothing for us.
        status: resource.status.parse().unwrap_or(SmsStatus::Accepted),
        segments: resource.num_segments.and_then(|count| count.parse().ok()),
        error: resource.error_code,
        price: resource.price,
        price_unit: resource.price_unit,
    })
}
