//! Slack's incoming webhooks: the address is the secret, channel and name are
//! what the installation chose.

mod blocks;
mod send;
mod text;

pub use blocks::{Block, SlackMessage};
pub use send::{SlackClient, SlackError, SlackHook};
pub use text::{bold, escape, link};
