//! Web push: RFC 8030 with VAPID (RFC 8292) and encrypted bodies (RFC 8291).

mod encrypt;
mod keys;
mod send;
mod subscription;

pub use encrypt::MOST_PLAINTEXT;
#[cfg(feature = "standin")]
pub(crate) use encrypt::decrypt;
pub use keys::{KeyError, VapidKeys};
pub use send::{Push, PushClient, PushError, Urgency};
pub use subscription::{Subscription, SubscriptionError};
