//! What is due by the clock. Every node notices that a moment has come and
//! queues a task named after it; the queue keeps one of them.

mod cleanup;
mod verify;

pub(crate) use verify::AuditVerify;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use conexao_domain::kernel::problem::Problem;

use crate::jobs::{NewTask, Runner, Work};

/// Something that is done once per period.
#[derive(Debug, Clone, Copy)]
struct Due {
    name: &'static str,
    every: TimeDelta,
}

/// Everything that is due by the clock. An area adds its line here and its
/// branch in [`tick`].
const DUES: &[Due] = &[
    Due { name: "notices", every: TimeDelta::minutes(1) },
    Due { name: "sms", every: TimeDelta::minutes(10) },
    Due { name: "renewals", every: TimeDelta::hours(24) },
    Due { name: "cleanup", every: TimeDelta::hours(1) },
    Due { name: "privacy_due", every: TimeDelta::hours(6) },
    Due { name: "audit_verify", every: TimeDelta::hours(24) },
];

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_mins(1);

/// Queues what becomes due, until the stop.
pub(crate) async fn watch(runner: Arc<Runner>) {
    let mut stop = runner.stop.clone();
    while !stop.is_asked() {
        let now = runner.engine.now();
        for due in DUES {
            let Ok(at) = now.duration_trunc(due.every) else { continue };
            if let Err(problem) = runner.queue.push(task(due.name, at)).await {
                tracing::warn!(%problem, due = due.name, "schedule waits for the database");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.asked() => {}
        }
    }
}

fn task(name: &str, at: DateTime<Utc>) -> NewTask {
    let work = Work::Tick { name: name.to_owned(), at };
    NewTask { work, key: format!("tick.{name}.{}", at.timestamp()), delay: Duration::ZERO }
}

/// Does what is due. A crash repeats it, so it is written to bear that.
pub(crate) async fn tick(runner: &Runner, name: &str, at: DateTime<Utc>) -> Result<(), Problem> {
    match name {
        "notices" => crate::notify::due(&runner.engine).await,
        "sms" => crate::messages::callbacks::ask_after(&runner.engine).await,
        "renewals" => crate::notify::daily(&runner.engine).await,
        "cleanup" => cleanup::run(runner).await,
        "privacy_due" => crate::privacy::remind(&runner.engine).await,
        "audit_verify" => verify::start(&runner.engine, at).await,
        _ => {
            tracing::warn!(name, "nothing is due under this name");
            Ok(())
        }
    }
}
