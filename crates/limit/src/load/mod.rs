//! A closed loop of keep-alive connections, one request in flight on each, on
//! one thread: it shares the machine with the servers it measures.

pub mod bulk;
mod client;
mod compare;
mod login;
mod scenario;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Result;
use client::Client;
use serde::Serialize;

pub use compare::{compare, deep_page, walk};
pub use login::login;
pub use scenario::{Scenario, Source};

/// What to do, how hard and for how long.
#[derive(Debug, Clone)]
pub struct Plan {
    pub address: String,
    pub token: String,
    pub source: Source,
    pub connections: u32,
    pub warm_up: Duration,
    pub measured: Duration,
}

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    pub requests: u64,
    pub failed: u64,
    pub millis: u64,
    pub p50_us: u64,
    pub p95_us: u64,
    pub p99_us: u64,
    pub bytes: u64,
    /// Where the next run of a scenario that uses things up goes on.
    pub used: u64,
}

#[derive(Debug, Default)]
struct Tally {
    next: Cell<u64>,
    failed: Cell<u64>,
    bytes: Cell<u64>,
    times: RefCell<Vec<u64>>,
}

fn add(cell: &Cell<u64>, more: u64) {
    cell.set(cell.get() + more);
}

/// Runs the plan to its end.
pub async fn run(plan: Plan) -> Result<Outcome> {
    let (plan, tally) = (Rc::new(plan), Rc::new(Tally::default()));
    let begin = Instant::now() + plan.warm_up;
    let tasks: Vec<_> = (0..plan.connections)
        .map(|_| actix_web::rt::spawn(connection(Rc::clone(&plan), Rc::clone(&tally), begin)))
        .collect();
    for task in tasks {
        task.await??;
    }
    let mut times = tally.times.take();
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied();
    Ok(Outcome {
        requests: u64::try_from(times.len())?,
        failed: tally.failed.get(),
        millis: u64::try_from(begin.elapsed().as_millis())?,
        p50_us: at(50).unwrap_or_default(),
        p95_us: at(95).unwrap_or_default(),
        p99_us: at(99).unwrap_or_default(),
        bytes: tally.bytes.get(),
        used: tally.next.get(),
    })
}

async fn connection(plan: Rc<Plan>, tally: Rc<Tally>, begin: Instant) -> Result<()> {
    let end = begin + plan.measured;
    let mut client = Client::connect(&plan.address, &plan.token).await?;
    while Instant::now() < end {
        let n = tally.next.get();
        tally.next.set(n + 1);
        let Some(request) = plan.source.request(n) else { break };
        let start = Instant::now();
        let answer = client.send(&request).await?;
        let took = u64::try_from(start.elapsed().as_micros())?;
        if start < begin {
            continue;
        }
        add(&tally.bytes, u64::try_from(answer.body.len())?);
        if (200..300).contains(&answer.status) {
            tally.times.borrow_mut().push(took);
        } else {
            add(&tally.failed, 1);
        }
    }
    Ok(())
}
