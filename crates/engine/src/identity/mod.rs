//! Who somebody is: passwords, tokens, sessions.

pub mod access;
mod account;
mod administrators;
mod attempts;
mod bounds;
mod breached;
pub mod device;
pub mod email;
mod explain;
mod invitation;
mod keys;
mod link;
mod lockout;
mod login;
mod notice;
pub mod passkey;
mod password;
pub mod photo;
mod proof;
mod recovery;
pub mod registration;
mod registration_settings;
mod session;
pub mod sessions;
mod ticket;
pub mod two_factor;
mod who;

pub use account::{change_own, change_password, create_user, own_record, set_password};
pub(crate) use administrators::Watch;
pub(crate) use attempts::forget as forget_attempts;
pub(crate) use bounds::{changeable, holds, role_within, user_within};
pub use breached::Breached;
pub use email::AddressChanged;
pub use explain::explain;
pub(crate) use explain::{all_roles, covering};
pub(crate) use invitation::invitable;
pub use invitation::{Invite, Invited, invited, join};
pub use keys::Claims;
pub use login::{Granted, Origin, login, login_to, logout, refresh};
pub use notice::SecurityNotices;
pub use password::{Strength, strength};
pub use proof::{Proof, Signed};
pub(crate) use recovery::answer_recoveries;
pub use recovery::{RECOVERY_MINUTES, ask, recover, recovery};
pub use session::{authenticate, session_of};
pub(crate) use session::{
    granted, lacks_factor, line_scope, permissions, role_permissions, scope, session_in, session_of_login,
};
pub use ticket::{TICKET_SECONDS, redeem, ticket};
pub use two_factor::{second_step, second_step_by_passkey};
pub(crate) use who::active_users;

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
    /// Passwords that were stolen from others.
    breached: std::sync::OnceLock<Breached>,
}

impl Identity {
    pub(crate) fn new(secret: &str) -> Self {
        let seen = moka::sync::Cache::builder().max_capacity(50_000).time_to_live(Duration::from_secs(10)).build();
        let life = Duration::from_secs(2 * TICKET_SECONDS.unsigned_abs());
        let used = moka::sync::Cache::builder().max_capacity(50_000).time_to_live(life).build();
        Self { keys: Keys::new(secret), seen, used, breached: std::sync::OnceLock::new() }
    }

    /// Whose log-in an access token of ours belongs to, without asking whether
    /// it still lasts: to count requests by who sends them.
    pub fn subject(&self, token: &str, now: chrono::DateTime<chrono::Utc>) -> Option<uuid::Uuid> {
        self.keys.verify(token, now).ok().map(|claims| claims.sid)
    }

    /// Refuses new passwords of this list from now on.
    pub fn refuse_breached(&self, list: Breached) {
        let _ = self.breached.set(list);
    }

    /// Whether a password is in the list; one that cannot be read refuses none.
    fn is_breached(&self, password: &str) -> bool {
        use sha1::{Digest, Sha1};
        let sum = hex::encode(Sha1::digest(password.as_bytes()));
        let found = self.breached.get().map(|list| list.has(&sum));
        found.is_some_and(|found| {
            found.unwrap_or_else(|error| {
                tracing::error!(%error, "the list of stolen passwords cannot be read");
                false
            })
        })
    }

    /// What is kept of a repeatable request to compare a repetition with: a
    /// hash under the installation's secret, which says nothing of the request
    /// to who reads the database, however short a password in it is.
    pub fn fingerprint(&self, digest: &str) -> Result<String, conexao_domain::kernel::problem::Problem> {
        self.keys.derive(keys::Use::Request, digest)
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
