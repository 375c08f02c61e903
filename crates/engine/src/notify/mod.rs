//! Notifications in the application: what a user was told, read and unread.
//! They are a user's own, so reading and deleting needs no permission and
//! leaves no audit entry.

mod choice;
mod list;
mod mail;
mod tell;

pub use choice::{Choice, Choices, EMAIL, IN_APP, categories, choices, choose, is_unsubscriber, unsubscribe};
pub use list::{Listed, Wanted, Which, delete, list, read, unread};
pub use tell::{Told, tell};

pub(crate) use list::since;
pub(crate) use mail::digest;
