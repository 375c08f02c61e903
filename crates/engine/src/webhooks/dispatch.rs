//! Sends what is due. Every node does; a lease on each delivery keeps them
//! from sending the same, and a dead node's deliveries are sent by the others.

use std::{collections::HashMap, sync::Arc, time::Duration};

use conexao_domain::kernel::problem::Problem;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    due::{self, Taken},
    outcome,
    sender::Sender,
};
use crate::{Engine, jobs::Runner};

/// Deliveries under way at once on this node, and to one subscription.
const AT_ONCE: usize = 16;
const TO_ONE: usize = 4;
/// How often to look without being told.
const LOOK: Duration = Duration::from_secs(1);

/// Sends until the stop; what is under way then ends first.
pub(crate) async fn dispatch(runner: Arc<Runner>, sender: Arc<dyn Sender>) {
    let engine = &runner.engine;
    let mut stop = runner.stop.clone();
    let mut sending: JoinSet<Uuid> = JoinSet::new();
    let mut to: HashMap<Uuid, usize> = HashMap::new();
    while !stop.is_asked() {
        if let Err(problem) = fill(engine, &sender, &mut sending, &mut to).await {
            tracing::warn!(%problem, "webhooks wait for the database");
        }
        tokio::select! {
            () = engine.webhooks.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stop.asked() => {}
            Some(done) = sending.join_next() => ended(done.ok(), &sending, &mut to),
        }
    }
    while sending.join_next().await.is_some() {}
}

fn ended(subscription: Option<Uuid>, sending: &JoinSet<Uuid>, to: &mut HashMap<Uuid, usize>) {
    if let Some(count) = subscription.and_then(|id| to.get_mut(&id)) {
        *count = count.saturating_sub(1);
    }
    // A task that broke does not say whose it was.
    if sending.is_empty() {
        to.clear();
    }
    to.retain(|_, count| *count > 0);
}

/// Begins as many as there is room for.
async fn fill(
    engine: &Engine,
    sender: &Arc<dyn Sender>,
    sending: &mut JoinSet<Uuid>,
    to: &mut HashMap<Uuid, usize>,
) -> Result<(), Problem> {
    let room = AT_ONCE.saturating_sub(sending.len());
    if room == 0 {
        return Ok(());
    }
    let busy: Vec<Uuid> = to.iter().filter(|(_, count)| **count >= TO_ONE).map(|(id, _)| *id).collect();
    for (tenant, id, subscription) in due::find(engine, room, &busy).await? {
        let count = to.entry(subscription).or_default();
        if *count >= TO_ONE {
            continue;
        }
        if let Some(taken) = due::take(engine, tenant, id).await? {
            *count += 1;
            sending.spawn(send(engine.clone(), Arc::clone(sender), taken));
        }
    }
    Ok(())
}

async fn send(engine: Engine, sender: Arc<dyn Sender>, taken: Taken) -> Uuid {
    let begun = std::time::Instant::now();
    let answer = sender.send(&taken.message).await;
    let took = begun.elapsed();
    // What cannot be noted now is sent again when the lease ends.
    if let Err(problem) = outcome::note(&engine, &taken, &answer, took).await {
        tracing::warn!(%problem, delivery.id = %taken.id, "the outcome of a delivery was not noted");
    }
    taken.subscription
}
