//! Starting and stopping everything that works in the background of a node.

use std::{sync::Arc, time::Duration};

use conexao_domain::kernel::problem::Problem;
use conexao_storage::Db;
use tokio::{
    sync::{RwLock, watch},
    task::{JoinHandle, JoinSet},
};

use super::{
    Registry, Runner,
    breath::Breath,
    queue::{self, Lane, Queue},
    relay,
};
use crate::{Engine, live, messages, schedule, tokens, webhooks};

/// How the background works; the defaults suit a server.
#[derive(Debug, Clone)]
pub struct Options {
    /// Jobs that run at once on this node.
    pub jobs_at_once: usize,
    /// Events followed at once on this node.
    pub reactions_at_once: usize,
    /// How often workers and jobs show that they live; whole seconds.
    pub heartbeat: Duration,
    /// Heartbeats missed before another worker takes the work over.
    pub missed_heartbeats: usize,
    /// Wait before the second try; doubles with each further one.
    pub backoff: Duration,
    /// Whether this node starts what is due by the clock.
    pub schedule: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jobs_at_once: 4,
            reactions_at_once: 4,
            heartbeat: Duration::from_secs(2),
            missed_heartbeats: 4,
            backoff: Duration::from_secs(2),
            schedule: true,
        }
    }
}

impl Options {
    /// Silence after which work counts as abandoned.
    pub(crate) fn silence(&self) -> Duration {
        self.heartbeat * u32::try_from(self.missed_heartbeats).unwrap_or(u32::MAX)
    }
}

/// Tells everything that it is time to stop.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves when the stop is asked for.
    pub async fn asked(&mut self) {
        // An error means that the sender is gone, which is a stop as well.
        let _ = self.0.wait_for(|asked| *asked).await;
    }
}

/// The running background of a node; dropping it without [`Background::stop`]
/// leaves unfinished work to other nodes or the next start.
#[derive(Debug)]
pub struct Background {
    stop: watch::Sender<bool>,
    parts: JoinSet<()>,
    busy: Arc<RwLock<()>>,
}

/// Brings the queue's own tables up to date; part of `migrate`.
pub async fn migrate(db: &Db) -> Result<(), Problem> {
    Queue::of(db).migrate().await
}

/// Starts relay, workers, schedule and the ear for other nodes.
pub async fn start(engine: &Engine, registry: Registry, options: Options) -> Result<Background, Problem> {
    let queue = Queue::of(&engine.db);
    queue.migrate().await?;
    let (sender, receiver) = watch::channel(false);
    let stop = Stop(receiver);
    let busy = Arc::default();
    let runner = Runner {
        engine: engine.clone(),
        registry,
        options,
        queue,
        stop: stop.clone(),
        breath: Breath::default(),
        busy: Arc::clone(&busy),
    };
    let runner = Arc::new(runner);
    let mut parts = JoinSet::new();
    parts.spawn(live::listen(engine.clone(), stop.clone()));
    parts.spawn(tokens::keep_writing(engine.clone(), stop));
    if let Some(sender) = runner.registry.webhook_sender() {
        parts.spawn(webhooks::dispatch(Arc::clone(&runner), sender));
    }
    parts.spawn(messages::dispatch(Arc::clone(&runner)));
    parts.spawn(relay::run(Arc::clone(&runner)));
    parts.spawn(queue::work(Lane::Events, Arc::clone(&runner)));
    parts.spawn(queue::work(Lane::Jobs, Arc::clone(&runner)));
    if runner.options.schedule {
        parts.spawn(schedule::watch(runner));
    }
    Ok(Background { stop: sender, parts, busy })
}

impl Background {
    /// Asks everything to stop and waits, at most as long as `patience`, until
    /// running jobs have put down their checkpoint.
    pub async fn stop(mut self, patience: Duration) {
        let _ = self.stop.send(true);
        let ended = async {
            while self.parts.join_next().await.is_some() {}
            drop(self.busy.write().await);
        };
        if tokio::time::timeout(patience, ended).await.is_err() {
            tracing::warn!("background did not end in time; its work is taken up at the next start");
        }
    }
}

/// Ends a task when its owner ends.
#[derive(Debug)]
pub(super) struct Leash(pub JoinHandle<()>);

impl Drop for Leash {
    fn drop(&mut self) {
        self.0.abort();
    }
}
