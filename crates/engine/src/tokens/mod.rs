//! API tokens: from the text a program presents to a session that may do no
//! more than the token, its owner and its roles all allow; how often a token
//! may call and how often it did.

mod allowance;
mod authority;
mod session;
pub(crate) mod text;
mod usage;

pub use allowance::{Allowance, PLANS, Plan};
pub use session::{Entered, authenticate};
pub use usage::{Call, report};

pub(crate) use authority::within;
pub(crate) use session::{scoped, session_of};
pub(crate) use usage::{forget, keep_writing};

use std::{sync::Arc, time::Duration};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::gate::Permissions;

/// The token a session acts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    pub id: Uuid,
    /// Whether it belongs to nobody: then it is the actor itself.
    pub service: bool,
}

/// What a node remembers of tokens.
#[derive(Debug)]
pub struct Tokens {
    /// Owner's or roles' permissions by token and version: the row itself is
    /// read at every use, so that a revocation is felt at once everywhere.
    bounds: moka::sync::Cache<(Uuid, i64), Bounds>,
    /// Tokens that were good lately, by the hash of their text: to count
    /// requests by who sends them, not to let anybody in.
    known: moka::sync::Cache<[u8; 32], Uuid>,
    windows: allowance::Windows,
    usage: usage::Counters,
}

fn fingerprint(presented: &str) -> [u8; 32] {
    Sha256::digest(presented.as_bytes()).into()
}

/// What bounds a token besides its scopes.
#[derive(Debug, Clone)]
struct Bounds {
    permissions: Arc<Permissions>,
    /// Who shares a team with the owner.
    team: Arc<Vec<Uuid>>,
    name: String,
    locale: conexao_domain::locale::Locale,
    plan: Plan,
    /// Whether a role of the owner demands a second factor that is not there.
    must_enrol: bool,
}

impl Default for Tokens {
    fn default() -> Self {
        // As long as log-in sessions are remembered.
        let bounds = moka::sync::Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(10)).build();
        let known = moka::sync::Cache::builder().max_capacity(20_000).time_to_idle(Duration::from_mins(2)).build();
        Self { bounds, known, windows: allowance::Windows::default(), usage: usage::Counters::default() }
    }
}

impl Tokens {
    /// Which token a text is, if it was good lately.
    pub fn subject(&self, presented: &str) -> Option<Uuid> {
        self.known.get(&fingerprint(presented))
    }

    /// Forgets what bounds tokens; called when users or roles change on this node.
    pub fn forget(&self) {
        self.bounds.invalidate_all();
    }
}
