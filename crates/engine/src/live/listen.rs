//! Hears what other nodes say.

use std::time::Duration;

use super::hub::Signal;
use crate::{Engine, jobs::Stop};

/// How long to wait before listening again when the database is away.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens until the stop; ends at once where there is only one node.
pub(crate) async fn listen(engine: Engine, mut stop: Stop) {
    loop {
        tokio::select! {
            heard = hear(&engine) => match heard {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "listening to other nodes broke off"),
            },
            () = stop.asked() => return,
        }
        engine.hub.lost();
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.asked() => return,
        }
    }
}

async fn hear(engine: &Engine) -> Result<(), conexao_storage::StorageError> {
    let Some(mut signals) = engine.db.signals().await? else { return Ok(()) };
    loop {
        let Some(message) = signals.next().await? else {
            engine.hub.lost();
            continue;
        };
        match serde_json::from_str(&message) {
            Ok(Signal::Events(events)) => engine.hub.deliver_all(events),
            Ok(Signal::Presence(heard)) => engine.hub.hear_presence(&heard),
            Ok(Signal::Work) => engine.hub.wake_workers(),
            // A newer node may say what this one does not know yet.
            Err(error) => tracing::debug!(%error, "unknown signal"),
        }
    }
}
