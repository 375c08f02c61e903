//! The relay: what transactions left in the outbox becomes tasks and live
//! events. Nudged after each commit on this node, and looking by itself for
//! what others left behind.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use conexao_domain::{kernel::problem::Problem, registry as resources};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    Runner,
    enqueue::{EVENTS, JOB},
    queue::{NewTask, Waiting, Work},
};
use crate::live::{Event, Kind};

/// Rows moved in one transaction.
const LIMIT: i64 = 500;
/// How often to look without a nudge.
const LOOK: Duration = Duration::from_secs(1);
/// More changes of one resource than this at once are told as one.
const MANY: usize = 20;

pub(super) async fn run(runner: Arc<Runner>) {
    let mut stop = runner.stop.clone();
    while !stop.is_asked() {
        match step(&runner).await {
            Ok(LIMIT..) => {}
            Ok(_) => tokio::select! {
                () = runner.engine.hub.nudged() => {}
                () = tokio::time::sleep(LOOK) => {}
                () = stop.asked() => {}
            },
            Err(problem) => {
                tracing::warn!(%problem, "relay waits for the database");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// Moves some rows; returns how many.
async fn step(runner: &Runner) -> Result<i64, Problem> {
    let (engine, now) = (&runner.engine, runner.engine.now());
    let rows = runner.queue.relay(LIMIT, now, |row| tasks(runner, row, now)).await?;
    if rows.iter().any(|row| !tasks(runner, row, now).is_empty()) {
        engine.hub.announce_work(&engine.db).await;
    }
    engine.hub.publish(&engine.db, events(&rows)).await;
    Ok(i64::try_from(rows.len()).unwrap_or(LIMIT))
}

/// What follows from a row; nothing for events that nobody waits for.
fn tasks(runner: &Runner, row: &Waiting, now: DateTime<Utc>) -> Vec<NewTask> {
    let key = row.id.to_string();
    if let Some(id) = row.record_id.filter(|_| row.resource == JOB) {
        let wanted = EVENTS.contains(&row.event.as_str());
        let task = NewTask { work: Work::Job { tenant: row.tenant, id }, key, delay: delay(row, now) };
        return wanted.then_some(task).into_iter().collect();
    }
    let followed = runner.registry.following(&row.event).next().is_some();
    let task = NewTask { work: Work::Event { tenant: row.tenant, id: row.id }, key, delay: Duration::ZERO };
    followed.then_some(task).into_iter().collect()
}

/// Until the moment the row names. Task times are whole seconds, rounded up so
/// that a task is not early.
fn delay(row: &Waiting, now: DateTime<Utc>) -> Duration {
    let payload: Json = serde_json::from_str(&row.payload).unwrap_or_default();
    let run_at: Option<DateTime<Utc>> = payload.get("run_at").and_then(Json::as_str).and_then(|at| at.parse().ok());
    let wait = run_at.and_then(|at| (at - now).to_std().ok());
    wait.map_or(Duration::ZERO, |wait| Duration::from_secs(wait.as_secs() + 1))
}

/// Changed records as live events, in order.
fn events(rows: &[Waiting]) -> Vec<Event> {
    let changes: Vec<_> = rows.iter().filter_map(|row| Some((row, change(row)?))).collect();
    let mut counts: HashMap<(i32, &str), usize> = HashMap::new();
    for (row, _) in &changes {
        *counts.entry((row.tenant, &row.event)).or_default() += 1;
    }
    let mut events = Vec::new();
    for (row, mut data) in changes {
        match counts.get_mut(&(row.tenant, row.event.as_str())) {
            // A flood says only that there was one: no id means "many".
            Some(count) if *count > MANY => {
                data = json!({ "resource": row.resource, "id": "", "version": 0, "action": data.get("action") });
                *count = 0;
            }
            Some(0) => continue,
            _ => {}
        }
        events.push(Event::new(row.tenant, Kind::Record, None, data));
    }
    events
}

/// What is told of a change: which record, not its content.
fn change(row: &Waiting) -> Option<Json> {
    let resource = resources::by_name(&row.resource)?;
    let id: Uuid = row.record_id?;
    let action = row.event.strip_prefix(resource.name)?.strip_prefix('.')?;
    let payload: Json = serde_json::from_str(&row.payload).ok()?;
    let version = payload.pointer("/detail/version").and_then(Json::as_i64);
    // Without a version nothing was written, except by removal and its undoing.
    let written = version.is_some() || matches!(action, "delete" | "restore");
    let actor = payload.get("actor").cloned().unwrap_or_default();
    written.then(|| json!({ "resource": resource.name, "id": id, "version": version.unwrap_or_default(), "action": action, "actor_id": actor }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    fn row(event: &str, version: Option<i64>) -> Waiting {
        let payload =
            json!({ "actor": Uuid::nil(), "detail": { "version": version }, "changed": ["name"] }).to_string();
        let resource = event.split('.').next().unwrap().to_owned();
        Waiting {
            tenant: 1,
            id: Uuid::now_v7(),
            event: event.to_owned(),
            resource,
            record_id: Some(Uuid::now_v7()),
            payload,
        }
    }

    #[test]
    fn tells_which_record_changed_and_nothing_of_its_content() {
        let update = row("customer.update", Some(3));
        let told = events(&[
            update.clone(),
            row("customer.reveal", None),
            row("user.login", None),
            row("customer.delete", None),
            row("job.queue", None),
        ]);
        assert_eq!(told.iter().map(|e| e.data["action"].as_str().unwrap()).collect::<Vec<_>>(), ["update", "delete"]);
        let expected = json!({ "resource": "customer", "id": update.record_id, "version": 3, "action": "update", "actor_id": Uuid::nil() });
        assert_eq!(told[0].data, expected);
    }

    #[test]
    fn a_flood_is_told_once() {
        let mut rows: Vec<Waiting> = (0..100).map(|_| row("customer.create", Some(1))).collect();
        rows.push(row("warranty.create", Some(1)));
        let told = events(&rows);
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].data["id"], "");
        assert_ne!(told[1].data["id"], "");
    }

    #[test]
    fn waits_until_the_named_moment_and_never_less() {
        let now: DateTime<Utc> = "2026-03-02T12:00:00.900Z".parse().unwrap();
        let mut waiting = row("job.wait", None);
        waiting.payload = json!({ "run_at": "2026-03-02T12:00:03.100Z" }).to_string();
        assert_eq!(delay(&waiting, now), Duration::from_secs(3));
        waiting.payload = json!({ "run_at": "2026-03-02T11:00:00.000Z" }).to_string();
        assert_eq!(delay(&waiting, now), Duration::ZERO);
    }
}
