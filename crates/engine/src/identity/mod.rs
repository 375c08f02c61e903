//! Who somebody is: passwords, tokens, sessions.

mod account;
mod keys;
mod login;
mod password;
mod session;

pub use account::{change_own, create_user, own_record, set_password};
pub use keys::Claims;
pub use login::{Granted, Origin, login, logout, refresh};
pub use session::{authenticate, session_of};

use std::time::Duration;

use keys::Keys;

use crate::Session;

/// Token keys and the sessions seen in the last seconds.
#[derive(Debug)]
pub struct Identity {
    keys: Keys,
    /// By session id; short-lived, so that a revoked session or a changed role
    /// shows within seconds on every node.
    seen: moka::sync::Cache<uuid::Uuid, Session>,
}

impl Identity {
    pub(crate) fn new(secret: &str) -> Self {
        let seen = moka::sync::Cache::builder().max_capacity(50_000).time_to_live(Duration::from_secs(10)).build();
        Self { keys: Keys::new(secret), seen }
    }

    /// Forgets what was seen; called when users or roles change on this node.
    pub fn forget(&self) {
        self.seen.invalidate_all();
    }
}
