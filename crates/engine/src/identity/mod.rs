//! Who somebody is: passwords, tokens, sessions.

mod account;
mod bounds;
mod keys;
mod lockout;
mod login;
mod password;
mod session;
mod ticket;

pub use account::{change_own, create_user, own_record, set_password};
pub(crate) use bounds::{role_within, user_within};
pub use keys::Claims;
pub use login::{Granted, Origin, login, logout, refresh};
pub use session::{authenticate, session_of};
pub(crate) use session::{role_permissions, session_in};
pub use ticket::{TICKET_SECONDS, redeem, ticket};

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
    /// Tickets used on this node, for as long as they could be used again.
    used: moka::sync::Cache<uuid::Uuid, ()>,
    /// Attempts at addresses that belong to nobody.
    strangers: lockout::Strangers,
}

impl Identity {
    pub(crate) fn new(secret: &str) -> Self {
        let seen = moka::sync::Cache::builder().max_capacity(50_000).time_to_live(Duration::from_secs(10)).build();
        let life = Duration::from_secs(2 * TICKET_SECONDS.unsigned_abs());
        let used = moka::sync::Cache::builder().max_capacity(50_000).time_to_live(life).build();
        Self { keys: Keys::new(secret), seen, used, strangers: lockout::Strangers::new() }
    }

    /// Whose log-in an access token of ours belongs to, without asking whether
    /// it still lasts: to count requests by who sends them.
    pub fn subject(&self, token: &str, now: chrono::DateTime<chrono::Utc>) -> Option<uuid::Uuid> {
        self.keys.verify(token, now).ok().map(|claims| claims.sid)
    }

    /// Uses a ticket up; `false` when that was done before.
    fn use_ticket(&self, id: uuid::Uuid) -> bool {
        self.used.entry(id).or_insert(()).is_fresh()
    }

    /// Forgets what was seen; called when users or roles change on this node.
    pub fn forget(&self) {
        self.seen.invalidate_all();
    }
}
