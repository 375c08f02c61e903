//! Sends what is due. Every node does; a lease on each delivery keeps them
//! from sending the same, and a dead node's deliveries are sent by the others.

use std::{sync::Arc, time::Duration};

use conexao_domain::kernel::problem::Problem;
use uuid::Uuid;

use super::{
    due::{self, Taken},
    outcome,
    sender::Sender,
};
use crate::{Engine, jobs::Runner, places::Places};

/// Deliveries under way at once on this node, of one company, and to one
/// subscription.
const AT_ONCE: usize = 16;
const OF_ONE: usize = AT_ONCE / 2;
const TO_ONE: usize = 4;
/// How often to look without being told.
const LOOK: Duration = Duration::from_secs(1);

/// Sends until the stop; what is under way then ends first.
pub(crate) async fn dispatch(runner: Arc<Runner>, sender: Arc<dyn Sender>) {
    let engine = &runner.engine;
    let mut stop = runner.stop.clone();
    let mut sending: Places<(i32, Uuid)> = Places::default();
    while !stop.is_asked() {
        if let Err(problem) = fill(engine, &sender, &mut sending).await {
            tracing::warn!(%problem, "webhooks wait for the database");
        }
        tokio::select! {
            () = engine.webhooks.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stop.asked() => {}
            Some(()) = sending.one_ended() => {}
        }
    }
    sending.all_ended().await;
}

/// Begins as many as there is room for.
async fn fill(engine: &Engine, sender: &Arc<dyn Sender>, sending: &mut Places<(i32, Uuid)>) -> Result<(), Problem> {
    // Whoever has their share is left out the next time, so this ends.
    loop {
        let room = AT_ONCE.saturating_sub(sending.taken());
        if room == 0 {
            return Ok(());
        }
        let (full, busy) = (sending.full(OF_ONE, |(tenant, _)| *tenant), sending.full(TO_ONE, |(_, to)| *to));
        let mut left = false;
        for (tenant, id, subscription) in due::find(engine, room, &busy, &full).await? {
            let theirs = sending.taken_by(|(other, _)| *other == tenant.0) >= OF_ONE;
            if theirs || sending.taken_by(|(_, to)| *to == subscription) >= TO_ONE {
                left = true;
            } else if let Some(taken) = due::take(engine, tenant, id).await? {
                sending.begin((tenant.0, subscription), send(engine.clone(), Arc::clone(sender), taken));
            }
        }
        if !left {
            return Ok(());
        }
    }
}

async fn send(engine: Engine, sender: Arc<dyn Sender>, taken: Taken) {
    let begun = std::time::Instant::now();
    let answer = sender.send(&taken.message).await;
    let took = begun.elapsed();
    // What cannot be noted now is sent again when the lease ends.
    if let Err(problem) = outcome::note(&engine, &taken, &answer, took).await {
        tracing::warn!(%problem, delivery.id = %taken.id, "the outcome of a delivery was not noted");
    }
}
