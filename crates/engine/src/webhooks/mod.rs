//! Webhooks out: what happened here is told to programs of others. The outbox
//! feeds deliveries, one for each event and subscription; a delivery is a row
//! that stays until it was answered, so a crash sends again and loses nothing.

mod authority;
mod dispatch;
mod due;
mod envelope;
mod feed;
mod outcome;
mod plain;
mod sender;

pub use feed::Feed;
pub use sender::{Answered, Outgoing, Sender};

pub(crate) use authority::{filter, within};
pub(crate) use dispatch::dispatch;
pub(crate) use plain::sealed;
