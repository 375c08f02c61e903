//! Mechanism 5: what follows from an event. A reaction is one line in the
//! registry; it runs at least once after the event's transaction and counts
//! once. One that fails becomes a job, which is tried again with growing waits
//! and can be looked at in the job centre when nothing helps.

mod follow;
mod notices;
mod retry;
mod start;
mod step;

pub use notices::Notices;
pub use start::StartJob;
pub use step::TakeStep;

pub(crate) use follow::follow;
pub(crate) use retry::ReactionJob;

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_domain::kernel::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Session, Write};

/// Something that was committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Id of the outbox row; the same however often the event is delivered.
    pub id: Uuid,
    /// `resource.action`, e.g. `warranty.check`.
    pub name: String,
    pub resource: String,
    pub record_id: Option<Uuid>,
    /// Who did it; nobody for the system itself.
    pub actor: Option<Uuid>,
    pub actor_name: String,
    pub at: DateTime<Utc>,
    /// What whoever noted the event said of it beyond the record.
    #[serde(default)]
    pub detail: Json,
}

/// What a reaction has in hand.
#[derive(Debug)]
pub struct ReactCtx<'a> {
    pub engine: &'a Engine,
    /// The system acting for the event's tenant, with a key that lets
    /// [`ReactCtx::write`] have its effect once.
    pub session: Session,
}

impl ReactCtx<'_> {
    /// Opens a write that can be committed once for this event and reaction.
    pub async fn write(&self) -> Result<Write, Problem> {
        Write::begin(self.engine, &self.session).await
    }

    /// Commits; a second delivery of the event ends with `InProgress` here,
    /// which counts as done.
    pub async fn commit(&self, write: Write) -> Result<(), Problem> {
        write.commit(200, &Json::Null).await
    }
}

/// What follows from events.
#[async_trait]
pub trait Reaction: Debug + Send + Sync + 'static {
    /// Stable name, unique among reactions.
    fn name(&self) -> &'static str;

    /// Whether it follows events of this name.
    fn follows(&self, event: &str) -> bool;

    /// Does it. Called again for the same event after a crash: effects either
    /// go through [`ReactCtx::write`] or are idempotent by themselves.
    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem>;
}

/// Key and fixed hash under which a reaction's write is remembered.
fn once(reaction: &str, event: &Event) -> (String, String) {
    (format!("{reaction}:{}", event.id), "reaction".to_owned())
}

/// An event as parameters of a job.
fn params(reaction: &str, event: &Event) -> Json {
    json!({ "reaction": reaction, "event": event })
}
