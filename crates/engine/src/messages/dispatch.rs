//! Sends what is due, whatever its way. Every node does; a message is taken up
//! by one.

use std::{sync::Arc, time::Duration};

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::Tenant;
use uuid::Uuid;

use super::{
    due::{self, Sort, Taken},
    outcome, own,
    ways::Channel,
};
use crate::{Engine, identity, jobs::Runner, places::Places};

/// Messages under way at once on this node, and of one company: a relay that
/// takes its time keeps nobody else's mail back.
const AT_ONCE: usize = 16;
const TO_ONE: usize = AT_ONCE / 2;
/// Places that are kept free for what lets somebody in.
const RESERVED: usize = 2;
/// How often to look without being told.
const LOOK: Duration = Duration::from_secs(1);

/// Sends until the stop; what is under way then ends first.
pub(crate) async fn dispatch(runner: Arc<Runner>) {
    let engine = &runner.engine;
    let mut stop = runner.stop.clone();
    let mut sending: Places<i32> = Places::default();
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
            Some(()) = sending.one_ended() => {}
        }
    }
    sending.all_ended().await;
}

/// Begins as many as there is room for, what lets somebody in first.
async fn fill(engine: &Engine, sending: &mut Places<i32>) -> Result<(), Problem> {
    begin(engine, sending, Sort::Account, AT_ONCE).await?;
    begin(engine, sending, Sort::Any, AT_ONCE - RESERVED).await
}

async fn begin(engine: &Engine, sending: &mut Places<i32>, sort: Sort, most: usize) -> Result<(), Problem> {
    // Companies that have their share are left out the next time, so this ends.
    loop {
        let room = most.saturating_sub(sending.taken());
        let found = match room {
            0 => Vec::new(),
            _ => due::find(engine, sort, room, &sending.full(TO_ONE, |tenant| *tenant)).await?,
        };
        if !some(engine, sending, found).await? {
            return Ok(());
        }
    }
}

/// Begins what was found; whether somebody's share did not suffice.
async fn some(engine: &Engine, sending: &mut Places<i32>, found: Vec<(Tenant, Uuid)>) -> Result<bool, Problem> {
    let mut left = false;
    for (tenant, id) in found {
        if sending.taken_by(|other| *other == tenant.0) >= TO_ONE {
            left = true;
            continue;
        }
        match due::take(engine, tenant, id).await {
            Ok(Some(taken)) => sending.begin(tenant.0, send(engine.clone(), taken)),
            Ok(None) => {}
            Err(problem) if problem.code == Code::Unavailable => return Err(problem),
            Err(problem) => {
                // Its turn comes again, after everybody else's.
                tracing::error!(%problem, message.id = %id, "a message could not be taken up");
                due::put_off(engine, tenant, id).await?;
            }
        }
    }
    Ok(left)
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
