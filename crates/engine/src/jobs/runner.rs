//! Does what a task asks for.

use async_recursion::async_recursion;
use std::sync::Arc;

use conexao_domain::kernel::problem::Problem;
use conexao_storage::Tenant;
use tokio::sync::RwLock;

use super::{Options, Registry, Stop, Work, breath::Breath, queue::Queue, take};
use crate::{Engine, react, schedule};

/// What tasks need. One per node, shared by its workers.
#[derive(Debug)]
pub(crate) struct Runner {
    pub engine: Engine,
    pub registry: Registry,
    pub options: Options,
    pub queue: Queue,
    pub stop: Stop,
    pub breath: Breath,
    /// Held for reading by each running task, so that a stop can wait for all.
    pub busy: Arc<RwLock<()>>,
}

impl Runner {
    /// Does a task; on an error it stays in the queue.
    #[async_recursion]
    pub async fn run(&self, work: &Work) -> Result<(), Problem> {
        match work {
            Work::Event { tenant, id } => react::follow(self, Tenant(*tenant), *id).await,
            Work::Job { tenant, id } => take::take(self, Tenant(*tenant), *id).await,
            Work::Tick { name, at } => schedule::tick(self, name, *at).await,
        }
    }
}
