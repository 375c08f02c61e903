//! What happens, told while it happens: notifications, progress of jobs, changed
//! records and who is at them, for server-sent events. Telling is best effort;
//! everything told is also in the database, but for who is where.

mod hub;
mod listen;
mod presence;
mod seats;
mod stream;

pub use hub::Hub;
pub use presence::{Doing, say};
pub use stream::{Message, Subscription};

pub(crate) use listen::listen;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// What an event is about, and with it who may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// For the user it is addressed to.
    Notification,
    /// For who started the job, and for whoever manages jobs.
    Job,
    /// For who may read the record.
    Record,
    /// For who may read the record: who else is there.
    Presence,
    /// Log-ins of the user ended: streams look whether theirs did. Not told.
    Ended,
    /// The company changed: its settings, its clock, its state. For everybody in it.
    Company,
    /// Something was missed: read again what is on the screen.
    Reset,
}

impl Kind {
    /// The event name on the stream.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notification => "notification",
            Self::Job => "job",
            Self::Record => "record",
            Self::Presence => "presence",
            Self::Ended => "ended",
            Self::Company => "company",
            Self::Reset => "reset",
        }
    }
}

/// One thing to tell, the same on every node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Token from which a reader resumes; a `UUIDv7`.
    pub id: Uuid,
    pub tenant: i32,
    pub kind: Kind,
    /// The user it concerns, where the kind needs one.
    pub user: Option<Uuid>,
    pub data: Json,
}

impl Event {
    pub fn new(tenant: i32, kind: Kind, user: Option<Uuid>, data: Json) -> Self {
        Self { id: Uuid::now_v7(), tenant, kind, user, data }
    }
}
