//! Webhooks to programs of others: signed, sent once per call, with a record
//! of what was sent and answered. When to try again is [`crate::retry`]'s.
//!
//! The form is that of "Standard Webhooks": the headers `webhook-id`,
//! `webhook-timestamp` (seconds) and `webhook-signature`, which holds
//! `v1,<base64>` once per valid secret, separated by spaces. Signed is
//! `id.timestamp.body` with HMAC-SHA256; the key is the secret's text, whole.

mod send;
mod sign;

pub use send::{Attempt, Delivery, WebhookFailure, WebhookSender};
pub use sign::{HEADER_ID, HEADER_SIGNATURE, HEADER_TIMESTAMP, Signed, TOLERANCE, VerifyError, sign, verify};
