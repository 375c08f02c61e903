//! Workers: apalis polls, delivers and notices when another node dies; we hand
//! each task to the runner and start a worker anew when the database was away.

use std::{sync::Arc, time::Duration};

use apalis::prelude::{BackendExt, BoxDynError, Data, WorkerBuilder, WorkerBuilderExt, WorkerContext, WorkerError};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use futures_util::{Stream, stream};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use uuid::Uuid;

use super::{Lane, Queue, Work};
use crate::jobs::{Options, runner::Runner};

/// How often a worker looks without being told; tasks that wait for their time
/// are found so.
const LOOK: Duration = Duration::from_secs(1);
/// Work that was announced may be committed a moment later: look once more.
const AGAIN: Duration = Duration::from_millis(25);

/// Works on a lane until the stop; a worker that fails is replaced.
pub(crate) async fn work(lane: Lane, runner: Arc<Runner>) {
    let mut stop = runner.stop.clone();
    while !stop.is_asked() {
        let Err(error) = run(lane, &runner).await else { return };
        tracing::warn!(lane = lane.name(), %error, "worker failed, starting another");
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.asked() => {}
        }
    }
}

async fn run(lane: Lane, runner: &Arc<Runner>) -> Result<(), WorkerError> {
    // A name of its own each time: apalis tells the living from the dead by it.
    let name = format!("{}.{}", lane.name(), Uuid::now_v7());
    let (concurrency, batch) = size(lane, &runner.options);
    let (beat, missed) = (runner.options.heartbeat, runner.options.missed_heartbeats);
    let looks = Box::pin(looks(runner.engine.hub.work()));
    let context = WorkerContext::new(&name);
    let mut stop = runner.stop.clone();
    // Not `run_until`: while it waits for running tasks it leaves a half-done
    // fetch alone, which on SQLite holds the write lock those tasks wait for.
    let stopped = async {
        stop.asked().await;
        let _ = context.stop();
    };
    match &runner.queue {
        Queue::Sqlite(pool) => {
            let config = apalis_sqlite::Config::default().queue(lane.name()).batch_size(batch).lock_tasks(false);
            let config = config.heartbeat_interval(beat).missed_heartbeats(missed);
            let backend = SqliteStorage::<Work>::new(pool).with_config(config).poll_with_stream(looks);
            let worker =
                WorkerBuilder::new(&context).backend(backend).data(Arc::clone(runner)).concurrency(concurrency);
            tokio::select! {
                ended = worker.build(handle).run() => ended,
                () = stopped => Ok(()),
            }
        }
        Queue::Postgres(pool) => {
            let config = apalis_postgres::Config::default().queue(lane.name()).batch_size(batch).lock_tasks(false);
            let config = config.heartbeat_interval(beat).missed_heartbeats(missed);
            let backend = PostgresStorage::<Work>::new(pool).with_config(config).poll_with_stream(looks);
            let worker =
                WorkerBuilder::new(&context).backend(backend).data(Arc::clone(runner)).concurrency(concurrency);
            tokio::select! {
                ended = worker.build(handle).run() => ended,
                () = stopped => Ok(()),
            }
        }
    }
}

/// Tasks at once, and tasks claimed at once. Jobs are claimed one by one: a
/// claimed task that waits for a free place would hold back the heartbeat.
const fn size(lane: Lane, options: &Options) -> (usize, usize) {
    match lane {
        Lane::Events => (options.reactions_at_once, 20),
        Lane::Jobs => (options.jobs_at_once, 1),
    }
}

/// One item whenever it is time to look for tasks.
fn looks(work: Receiver<()>) -> impl Stream<Item = ()> + Send {
    stream::unfold((work, false), |(mut work, again)| async move {
        if again {
            tokio::time::sleep(AGAIN).await;
            return Some(((), (work, false)));
        }
        let told = tokio::time::timeout(LOOK, work.recv()).await;
        if matches!(told, Ok(Err(RecvError::Closed))) {
            tokio::time::sleep(LOOK).await;
        }
        Some(((), (work, told.is_ok())))
    })
}

/// In a task of its own: work that holds its thread does not hold the others,
/// nor the worker's heartbeat; a panic ends only itself, and a worker that goes
/// does not take it along.
async fn handle(work: Work, runner: Data<Arc<Runner>>) -> Result<(), BoxDynError> {
    let runner = Arc::clone(&runner);
    let described = format!("{work:?}");
    let busy = Arc::clone(&runner.busy).read_owned().await;
    let done = tokio::spawn(async move {
        let done = runner.run(&work).await.map_err(BoxDynError::from);
        drop(busy);
        done
    });
    let done = done.await;
    let done = done.unwrap_or_else(|panic| Err(panic.into()));
    if let Err(error) = &done {
        // apalis offers a failed task again at once; the pause keeps that calm.
        tracing::error!(work = described, %error, "task failed and stays in the queue");
        tokio::time::sleep(LOOK * 2).await;
    }
    done
}
