//! The generic read and write path: every resource goes through these
//! functions, and nothing reaches data without a gate.

pub mod audit;
mod authority;
pub mod credentials;
pub mod dashboards;
pub mod export;
pub mod facts;
pub mod gate;
pub mod idempotency;
pub mod identity;
pub mod import;
pub mod jobs;
pub mod journal;
pub mod live;
pub mod merge;
pub mod messages;
pub mod notes;
pub mod notify;
mod places;
pub mod preferences;
pub mod privacy;
pub mod react;
pub mod read;
pub mod refusal;
pub mod rights;
pub mod schedule;
pub mod sealed;
pub mod secrets;
pub mod sequence;
mod sweep;
pub mod tenants;
pub mod tokens;
pub mod vault;
pub mod views;
pub mod webhooks;
pub mod write;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use conexao_domain::kernel::value::Clock;
use conexao_integrations::{files::FileStore, http::Egress};
use conexao_storage::Db;

pub use gate::{Gate, Session};
pub use journal::Write;

/// What every operation needs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Engine {
    pub db: Db,
    /// Who may come in: token keys and the sessions seen lately.
    pub identity: Arc<identity::Identity>,
    /// Files of all tenants.
    pub files: FileStore,
    /// What happens on this node, for those who follow it live.
    pub hub: Arc<live::Hub>,
    /// What encrypts secrets at rest.
    pub vault: Arc<vault::Vault>,
    /// What this node remembers of API tokens.
    pub tokens: Arc<tokens::Tokens>,
    /// Told when a webhook may be due.
    pub(crate) webhooks: Arc<tokio::sync::Notify>,
    /// What messages need: the way out, who sends.
    pub mail: Arc<messages::MailRoom>,
    /// Where we may connect to when a tenant says the address.
    pub egress: Egress,
    /// What this node remembers of tenants.
    pub(crate) houses: Arc<tenants::Houses>,
    clock: Arc<dyn Clock>,
}

impl Engine {
    /// An engine on `db` with its `files`; `secret` is the installation's
    /// master secret.
    pub fn new(db: Db, files: FileStore, secret: &str, clock: impl Clock + 'static) -> Self {
        let identity = Arc::new(identity::Identity::new(secret));
        let vault = Arc::new(vault::Vault::derived(secret));
        let mail = Arc::new(messages::MailRoom::new(secret, "http://localhost:8080"));
        let (tokens, webhooks, houses) = (Arc::default(), Arc::default(), Arc::default());
        let (hub, egress, clock) = (Arc::default(), Egress::default(), Arc::new(clock));
        Self { db, identity, files, hub, vault, tokens, webhooks, mail, egress, houses, clock }
    }

    /// The same with keys of its own for what is encrypted at rest.
    pub fn with_vault(mut self, vault: vault::Vault) -> Self {
        self.vault = Arc::new(vault);
        self
    }

    /// The same for one thread of a server; `connections` are its own for
    /// reading, and no statement takes longer than `patience`.
    pub fn for_thread(&self, connections: u32, patience: Duration) -> Self {
        Self { db: self.db.for_thread(connections, patience), ..self.clone() }
    }

    /// The same at another time.
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The same with a mail room of its own.
    pub fn with_mail(mut self, mail: messages::MailRoom) -> Self {
        self.mail = Arc::new(mail);
        self
    }

    /// The same, allowed to connect elsewhere than to the public internet.
    pub fn with_egress(mut self, egress: Egress) -> Self {
        self.egress = egress;
        self
    }

    /// The moment in the world, to the millisecond that is stored. What a
    /// tenant's clock shows is its house's to say.
    pub fn now(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
