//! What Twilio tells us: news of a message, and messages of people. To be
//! believed only after [`verify_signature`](super::verify_signature). Fields
//! that are not known are left alone: Twilio adds some without notice.

use std::collections::HashMap;

use super::{
    optout::{Wish, wish},
    status::SmsStatus,
};

/// Why a callback cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// A field that must be there is not.
    #[error("the field {0} is missing")]
    Missing(&'static str),
    /// A status nobody told us of: to be logged and left.
    #[error("the status is not known")]
    Status,
}

/// News of a message that was sent. May come zero, one or several times and in
/// any order: see [`SmsStatus::follows`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEvent {
    /// The message.
    pub sid: String,
    /// Where it is.
    pub status: SmsStatus,
    /// Why it failed: see [`next_of_code`](super::next_of_code).
    pub error: Option<u32>,
}

/// A message of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundSms {
    /// Identity of the message: it may come more than once.
    pub sid: String,
    /// Who wrote, in E.164.
    pub from: String,
    /// The number of ours that was written to.
    pub to: String,
    /// The text.
    pub body: String,
    /// Address and media type of what was attached.
    pub media: Vec<(String, String)>,
    /// What it asks for, when it is nothing but a word for it.
    pub wish: Option<Wish>,
}

/// Shows neither number nor text.
impl std::fmt::Debug for InboundSms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InboundSms").field("sid", &self.sid).field("wish", &self.wish).finish_non_exhaustive()
    }
}

type Form = HashMap<String, String>;

fn form(body: &[u8]) -> Form {
    form_urlencoded::parse(body).into_owned().collect()
}

fn take(form: &mut Form, name: &'static str) -> Result<String, CallbackError> {
    form.remove(name).filter(|value| !value.is_empty()).ok_or(CallbackError::Missing(name))
}

/// Reads news of a message.
pub fn parse_status(body: &[u8]) -> Result<StatusEvent, CallbackError> {
    let mut form = form(body);
    let status = take(&mut form, "MessageStatus")?.parse().map_err(|()| CallbackError::Status)?;
    let error = form.remove("ErrorCode").and_then(|code| code.parse().ok()).filter(|code| *code != 0);
    Ok(StatusEvent { sid: take(&mut form, "MessageSid")?, status, error })
}

/// Reads a message of a person.
pub fn parse_inbound(body: &[u8]) -> Result<InboundSms, CallbackError> {
    let mut form = form(body);
    let count: usize = form.remove("NumMedia").and_then(|count| count.parse().ok()).unwrap_or(0);
    let media = (0..count.min(10)).filter_map(|i| {
        let url = form.remove(&format!("MediaUrl{i}"))?;
        Some((url, form.remove(&format!("MediaContentType{i}")).unwrap_or_default()))
    });
    let media = media.collect();
    let text = form.remove("Body").unwrap_or_default();
    let wish = match form.get("OptOutType").map(String::as_str) {
        Some("STOP") => Some(Wish::Stop),
        Some("START") => Some(Wish::Start),
        Some("HELP") => Some(Wish::Help),
        _ => wish(&text),
    };
    Ok(InboundSms {
        sid: take(&mut form, "MessageSid")?,
        from: take(&mut form, "From")?,
        to: take(&mut form, "To")?,
        body: text,
        media,
        wish,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_news_with_fields_nobody_knows() {
        let body = b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003&RawDlrDoneDate=2611201200&New=x";
        let event = StatusEvent { sid: "SM1".into(), status: SmsStatus::Undelivered, error: Some(30003) };
        assert_eq!(parse_status(body), Ok(event));
        assert_eq!(parse_status(b"MessageSid=SM1"), Err(CallbackError::Missing("MessageStatus")));
        assert_eq!(parse_status(b"MessageSid=SM1&MessageStatus=lost"), Err(CallbackError::Status));
    }

    #[test]
    fn reads_messages_of_people() {
        let body = b"MessageSid=SM2&From=%2B5511999990000&To=%2B551130000000&Body=Parar&NumMedia=1&MediaUrl0=https%3A%2F%2Fx.test%2F1&MediaContentType0=image%2Fpng";
        let message = parse_inbound(body);
        assert!(matches!(&message, Ok(m) if m.wish == Some(Wish::Stop) && m.from == "+5511999990000"));
        assert!(matches!(&message, Ok(m) if m.media == [("https://x.test/1".to_owned(), "image/png".to_owned())]));
        assert!(!format!("{message:?}").contains("99999"));
    }
}
