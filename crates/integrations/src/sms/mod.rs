//! SMS by Twilio: sending, asking, and believing what comes back.

mod callback;
mod client;
mod codes;
mod optout;
mod segments;
mod signature;
mod status;

pub use callback::{CallbackError, InboundSms, StatusEvent, parse_inbound, parse_status};
pub use client::{Sender, SentSms, Sms, SmsError, TwilioClient, TwilioConfig};
pub use codes::next_of_code;
pub use optout::{Wish, wish};
pub use segments::{Alphabet, MOST_CHARACTERS, Segments, segments, transliterate};
pub use signature::verify_signature;
pub use status::SmsStatus;

/// The answer to Twilio's calls which says that there is nothing to do.
pub const EMPTY_TWIML: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#;
