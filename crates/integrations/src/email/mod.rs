//! E-mail by SMTP: written, signed and sent; and what comes back about it.

mod class;
mod config;
mod message;
mod report;
mod smtp;
pub mod template;
mod token;

pub use class::{Class, Enhanced, Stage, class_of, next_of};
pub use config::{DkimAlgorithm, DkimConfig, SmtpConfig, Tls};
pub use message::{Letter, Mail, Person, Unsubscribe, WriteError, message_id};
pub use report::{Action, Bounce, Report, parse_report};
pub use smtp::{MailError, Mailer};
pub use token::{MailTokens, Unsubscriber, Verp};

/// The body of a one-click request to unsubscribe (RFC 8058).
pub const ONE_CLICK: &str = "List-Unsubscribe=One-Click";
