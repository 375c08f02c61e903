//! Messages out. A message is a row from the transaction that asked for it;
//! a dispatcher on every node hands it to the mail server. A node that dies in
//! the middle of that leaves it as `unknown`: it may have arrived, so nobody
//! sends it again by itself.

mod compose;
mod dispatch;
mod due;
mod outcome;
mod post;
mod rewrap;
mod room;
mod suppress;

pub use post::{Letter, Recipient, post};
pub use rewrap::rewrap;
pub use room::MailRoom;
pub use suppress::suppressed;

pub(crate) use dispatch::dispatch;
pub(crate) use post::when;
