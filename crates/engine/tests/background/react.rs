//! Reactions: once each, however often the event is delivered, and never lost.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use conexao_domain::{
    customers::customer::CUSTOMER,
    kernel::problem::{Code, Problem},
};
use conexao_engine::{
    Engine, Session,
    jobs::{self, Registry},
    notify,
    react::{Event, ReactCtx, Reaction, StartJob, TakeStep},
    sequence,
};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::{
    home::{Home, People, customer, id, people, quiet, read, start, step, stop, until, warranty},
    jobs::Count,
};

on_both!(a_redelivered_event_has_one_effect, a_failing_reaction_becomes_a_job, an_event_starts_a_job_and_takes_a_step);

/// Draws a number for each event: an effect that would show if it came twice.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub broken: Arc<AtomicBool>,
    pub calls: Arc<AtomicUsize>,
}

#[async_trait]
impl Reaction for Tally {
    fn name(&self) -> &'static str {
        "tally"
    }

    fn follows(&self, event: &str) -> bool {
        event == "warranty.generate"
    }

    async fn react(&self, ctx: &ReactCtx<'_>, _: &Event) -> Result<(), Problem> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let write = ctx.write().await?;
        sequence::draw(&write.tx, "tally", 1).await?;
        if self.broken.load(Ordering::SeqCst) {
            // After the effect, which has to go with the write.
            return Err(Problem::new(Code::Unavailable).detail("broken"));
        }
        ctx.commit(write).await
    }
}

/// Numbers drawn so far.
pub async fn drawn(engine: &Engine, session: &Session, name: &str) -> i64 {
    let tx = engine.db.write(session.tenant).await.unwrap();
    let next = sequence::draw(&tx, name, 1).await.unwrap();
    tx.rollback().await.unwrap();
    next - 1
}

/// Makes the relay and the queue forget that they saw anything.
async fn forget_tasks(engine: &Engine) {
    let tasks = if engine.db.is_postgres() { "apalis.jobs" } else { "Jobs" };
    engine.db.pool().execute_unprepared(&format!("DELETE FROM {tasks}")).await.unwrap();
    let tx = engine.db.system().await.unwrap();
    tx.execute_unprepared("UPDATE outbox SET relayed_at = NULL").await.unwrap();
    tx.commit().await.unwrap();
    engine.hub.nudge();
}

async fn a_redelivered_event_has_one_effect(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let tally = Tally::default();
    let background = start(&engine, Registry::standard().reaction(tally.clone())).await;
    let ana = customer(&engine, &vera, "Ana").await;
    for _ in 0..5 {
        let request = warranty(&engine, &vera, &ana).await;
        step(&engine, &marta, &request, "generate", json!({})).await;
    }
    quiet(&engine).await;
    assert_eq!((drawn(&engine, &marta, "tally").await, notify::unread(&engine, &caio).await.unwrap()), (5, 5));
    forget_tasks(&engine).await;
    quiet(&engine).await;
    assert_eq!((drawn(&engine, &marta, "tally").await, notify::unread(&engine, &caio).await.unwrap()), (5, 5));
    assert_eq!(tally.calls.load(Ordering::SeqCst), 5, "a remembered effect is not even tried");
    stop(background).await;
}

async fn a_failing_reaction_becomes_a_job(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let tally = Tally::default();
    tally.broken.store(true, Ordering::SeqCst);
    let registry = Registry::standard().reaction(tally.clone());
    let background = start(&engine, registry.clone()).await;
    let ana = customer(&engine, &vera, "Ana").await;
    let request = warranty(&engine, &vera, &ana).await;
    step(&engine, &marta, &request, "generate", json!({})).await;

    // The others do not suffer, and the failed one shows in the job centre.
    until("the checker to be told", || async { notify::unread(&engine, &caio).await.unwrap() == 1 }).await;
    until("the job to be tried", || async { tally.calls.load(Ordering::SeqCst) >= 5 }).await;
    let jobs = jobs::list(&engine, &marta, None).await.unwrap();
    assert_eq!((jobs.items.len(), jobs.items[0]["kind"].as_str()), (1, Some("reaction")));
    assert!(jobs::list(&engine, &vera, None).await.unwrap().items.is_empty(), "nobody's own job");
    assert_eq!(drawn(&engine, &marta, "tally").await, 0);

    // Tries run out.
    let job = jobs.items[0]["id"].as_str().unwrap().parse().unwrap();
    let tx = engine.db.write(marta.tenant).await.unwrap();
    tx.execute_unprepared("UPDATE job SET attempts = 100").await.unwrap();
    tx.commit().await.unwrap();
    until("the job to be dead", || async { jobs::get(&engine, &marta, job).await.unwrap()["state"] == "dead" }).await;
    assert_eq!(jobs::backlog(&engine).await.unwrap().dead, 1);

    // Mended, and put back by hand: exactly one effect.
    tally.broken.store(false, Ordering::SeqCst);
    jobs::retry(&engine, &registry, &marta, job).await.unwrap();
    quiet(&engine).await;
    assert_eq!(jobs::get(&engine, &marta, job).await.unwrap()["state"], "done");
    assert_eq!(drawn(&engine, &marta, "tally").await, 1);
    stop(background).await;
}

async fn an_event_starts_a_job_and_takes_a_step(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let block = TakeStep {
        name: "deactivate_customer",
        event: "warranty.check",
        via: "customer_id",
        resource: "customer",
        step: "deactivate",
    };
    let count = StartJob { name: "count_checked", event: "warranty.check", kind: "count" };
    let background = start(&engine, Registry::standard().job(Count::default()).reaction(block).reaction(count)).await;
    let ana = customer(&engine, &vera, "Ana").await;
    for _ in 0..2 {
        let request = warranty(&engine, &vera, &ana).await;
        step(&engine, &marta, &request, "generate", json!({})).await;
        step(&engine, &caio, &request, "check", json!({})).await;
    }
    quiet(&engine).await;
    let seen = read(&engine, &marta, &CUSTOMER, id(&ana)).await;
    assert_eq!(
        (seen.text("status"), seen.version()),
        (Some("inactive"), 2),
        "the second step is not possible and does not follow"
    );
    let jobs = jobs::list(&engine, &marta, None).await.unwrap();
    let started = jobs.items.iter().filter(|job| job["kind"] == "count");
    assert_eq!(started.map(|job| job["state"].as_str().unwrap()).collect::<Vec<_>>(), ["done", "done"]);
    stop(background).await;
}
