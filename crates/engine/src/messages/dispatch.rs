//! Sends what is due, whatever its way. Every node does; a message is taken up
//! by one.

use std::{sync::Arc, time::Duration};

use conexao_domain::kernel::problem::{Code, Problem};
use tokio::task::JoinSet;

use super::{
    due::{self, Taken},
    outcome, own,
    ways::Channel,
};
use crate::{Engine, identity, jobs::Runner};

/// Messages under way at once on this node.
const AT_ONCE: usize = 8;
/// How often to look without being told.
const LOOK: Duration = Duration::from_secs(1);

/// Sends until the stop; what is under way then ends first.
pub(crate) async fn dispatch(runner: Arc<Runner>) {
    let engine = &runner.engine;
    let mut stop = runner.stop.clone();
    let mut sending: JoinSet<()> = JoinSet::new();
    while !stop.is_asked() {
        // Whoever asked for a link waits for it more than others for news.
        if let Err(problem) = identity::answer_recoveries(engine).await {
            tracing::warn!(%problem, "recoveries wait for the database");
        }
        if let Err(problem) = fill(engine, &mut sending).await {
            tracing::warn!(%problem, "messages wait for the database");
        }
        tokio::select! {
            () = engine.mail.told.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stop.asked() => {}
            Some(_) = sending.join_next() => {}
        }
    }
    while sending.join_next().await.is_some() {}
}

/// Begins as many as there is room for.
async fn fill(engine: &Engine, sending: &mut JoinSet<()>) -> Result<(), Problem> {
    let room = AT_ONCE.saturating_sub(sending.len());
    if room == 0 {
        return Ok(());
    }
    for (tenant, id) in due::find(engine, room).await? {
        match due::take(engine, tenant, id).await {
            Ok(Some(taken)) => drop(sending.spawn(send(engine.clone(), taken))),
            Ok(None) => {}
            Err(problem) if problem.code == Code::Unavailable => return Err(problem),
            Err(problem) => {
                // Its turn comes again, after everybody else's.
                tracing::error!(%problem, message.id = %id, "a message could not be taken up");
                due::put_off(engine, tenant, id).await?;
            }
        }
    }
    Ok(())
}

async fn send(engine: Engine, taken: Taken) {
    if let Err(problem) = own::used(&engine, taken.tenant, Channel::of(&taken.record)).await {
        tracing::warn!(%problem, "that credentials are used was not noted");
    }
    let answer = taken.way.hand_over(engine.now()).await;
    // What cannot be noted now is unknown when the lease ends.
    if let Err(problem) = outcome::note(&engine, &taken, answer).await {
        tracing::warn!(%problem, message.id = %taken.id, "the outcome of a message was not noted");
    }
}
