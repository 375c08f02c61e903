//! Messages out. A message is a row from the transaction that asked for it;
//! a dispatcher on every node hands it to whoever takes it on: a mail server,
//! an SMS provider, a push service, Slack. A node that dies in the middle of
//! that leaves it as `unknown`: it may have arrived, so nobody sends it again
//! by itself. What providers say later is noted beside it.

pub mod browsers;
pub mod callbacks;
mod content;
mod dispatch;
mod due;
pub mod events;
mod outcome;
mod own;
pub mod pauses;
mod personal;
mod post;
pub mod reach;
pub mod reports;
mod rewrap;
mod room;
mod suppress;
pub mod templates;
mod unsubscribe;
mod ways;

pub use content::shown;
pub use post::{Letter, Recipient, Route, post, post_by};
pub use rewrap::rewrap;
pub use room::MailRoom;
pub use ways::Channel;

pub(crate) use dispatch::dispatch;
pub(crate) use personal::{Person, erase, said};
pub(crate) use post::when;
pub(crate) use unsubscribe::DIGEST;
