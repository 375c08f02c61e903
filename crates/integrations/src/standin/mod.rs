//! Servers that behave like the services of others, their faults included.
//! For tests of this crate and of those that use it; each listens on this
//! machine and ends when it is dropped.

mod http;
mod push;
mod slack;
pub mod smtp;
mod twilio;

pub use http::{Call, HttpStandIn, Reply};
pub use push::{PushStandIn, Received};
pub use slack::SlackStandIn;
pub use smtp::{SmtpOptions, SmtpStandIn, Taken};
pub use twilio::TwilioStandIn;
