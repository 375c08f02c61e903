//! Taking a job up, running it, and what follows from how it ended.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::{Tenant, entity::job};
use futures_util::FutureExt;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    JobCtx, JobError, JobKind, NewTask, Progress, Runner, Work, center,
    context::Shared,
    enqueue::wait_for_turn,
    lease::{self, Lease},
    state,
};
use crate::{Session, identity, refusal::Refused, tokens};

/// Longest wait between two tries.
const LONGEST: Duration = Duration::from_mins(10);
/// How long a job waits for a node that knows its kind.
const STRANGE: Duration = Duration::from_secs(15);
/// Whoever takes a job up may be killed for reasons of their own, so that
/// counts less than an error: a job is dead after this many times its tries.
const KILLED: i64 = 4;
/// Task times are whole seconds, so a task may come this much early.
const EARLY: TimeDelta = TimeDelta::seconds(1);

/// Does the job if it is there to be done. An error leaves the task in the queue.
pub(super) async fn take(runner: &Runner, tenant: Tenant, id: Uuid) -> Result<(), Problem> {
    match claim(runner, tenant, id).await? {
        Claim::Over => Ok(()),
        Claim::Ended => {
            center::tell(&runner.engine, tenant, id).await;
            Ok(())
        }
        Claim::Later(delay) => {
            let key = format!("later.{}", Uuid::now_v7());
            runner.queue.push(NewTask { work: Work::Job { tenant: tenant.0, id }, key, delay }).await
        }
        Claim::Mine(job, kind) => run(runner, tenant, &job, &*kind).await,
    }
}

enum Claim {
    Mine(Box<job::Model>, Arc<dyn JobKind>),
    /// Somebody else is at it, or its time has not come.
    Later(Duration),
    /// Ended by the claim itself: cancelled, or taken up too often.
    Ended,
    /// Nothing to do.
    Over,
}

async fn claim(runner: &Runner, tenant: Tenant, id: Uuid) -> Result<Claim, Problem> {
    let engine = &runner.engine;
    let tx = engine.db.write(tenant).await.refused()?;
    let now = engine.now();
    let Some(job) = job::Entity::find_by_id((tenant.0, id)).one(&*tx).await.refused()? else { return Ok(Claim::Over) };
    let silence = runner.options.silence();
    match job.state.as_str() {
        state::QUEUED => {
            let wait = job.run_at.and_then(|at| (at - now - EARLY).to_std().ok());
            if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
                return Ok(Claim::Later(wait));
            }
        }
        state::RUNNING => {
            let quiet = job.heartbeat_at.and_then(|at| (now - at).to_std().ok()).unwrap_or(Duration::MAX);
            if quiet < silence {
                return Ok(Claim::Later(silence));
            }
        }
        _ => return Ok(Claim::Over),
    }
    let Some(kind) = runner.registry.kind(&job.kind) else {
        tracing::warn!(job.kind, "no such job kind here; perhaps another node knows it");
        return Ok(Claim::Later(STRANGE));
    };
    let lease = Lease { tenant, job: id, number: job.lease };
    let exhausted = job.attempts >= kind.attempts() * KILLED;
    let columns = match (job.cancel_requested, exhausted) {
        (true, _) => ended(state::CANCELLED, now),
        // Whoever had it died each time, without a word.
        (_, true) => job::ActiveModel {
            error: Set(Some(center::error_text(&Problem::new(Code::Internal).detail("crashed")))),
            ..ended(state::DEAD, now)
        },
        _ => job::ActiveModel {
            state: Set(state::RUNNING.to_owned()),
            attempts: Set(job.attempts + 1),
            lease: Set(job.lease + 1),
            started_at: Set(Some(job.started_at.unwrap_or(now))),
            heartbeat_at: Set(Some(now)),
            ..Default::default()
        },
    };
    let mine = lease.write(&tx, columns).await?;
    tx.commit().await.refused()?;
    Ok(match mine {
        false => Claim::Over,
        true if job.cancel_requested || exhausted => Claim::Ended,
        true => Claim::Mine(Box::new(job::Model { lease: job.lease + 1, attempts: job.attempts + 1, ..job }), kind),
    })
}

fn ended(state: &str, now: DateTime<Utc>) -> job::ActiveModel {
    job::ActiveModel { state: Set(state.to_owned()), finished_at: Set(Some(now)), ..Default::default() }
}

async fn run(runner: &Runner, tenant: Tenant, job: &job::Model, kind: &dyn JobKind) -> Result<(), Problem> {
    let engine = &runner.engine;
    center::tell(engine, tenant, job.id).await;
    let progress = Progress { done: job.done, total: job.total, failed: job.failed };
    let shared = Arc::new(Shared::new(Lease { tenant, job: job.id, number: job.lease }, progress));
    let leash = lease::keep(engine, &shared, &runner.options, &runner.stop);
    let outcome = match session(runner, tenant, job).await {
        Ok(session) => {
            let ctx = JobCtx::new(runner, session, job, Arc::clone(&shared));
            let caught = AssertUnwindSafe(kind.run(&ctx)).catch_unwind().await;
            caught.unwrap_or_else(|panic| Err(JobError::Retry(panicked(panic.as_ref()))))
        }
        Err(problem) => Err(problem.into()),
    };
    drop(leash);
    let ended = end(runner, job, kind, &shared, outcome).await;
    center::tell(engine, tenant, job.id).await;
    ended
}

/// Who the job acts for: who started it, as they are now.
async fn session(runner: &Runner, tenant: Tenant, job: &job::Model) -> Result<Session, Problem> {
    if let Some(token) = job.token_id {
        return tokens::session_of(&runner.engine, tenant, token).await;
    }
    match job.created_by {
        Some(user) => identity::session_of(&runner.engine, tenant, user).await,
        None => runner.engine.system(tenant, "Conexão").await,
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Problem {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text, "a job panicked");
    Problem::new(Code::Internal).detail("panic")
}

async fn end(
    runner: &Runner,
    job: &job::Model,
    kind: &dyn JobKind,
    shared: &Shared,
    outcome: Result<Json, JobError>,
) -> Result<(), Problem> {
    let engine = &runner.engine;
    let tx = engine.db.write(shared.lease.tenant).await.refused()?;
    let now = engine.now();
    // Progress may have set the count of tries back.
    let current = job::Entity::find_by_id((job.tenant_id, job.id)).one(&*tx).await.refused()?;
    let Some(current) = current.filter(|current| current.lease == job.lease) else { return Ok(()) };
    let error = |problem: &Problem| Set(Some(center::error_text(problem)));
    let (columns, again) = match outcome {
        Ok(result) => (
            job::ActiveModel { result: Set(Some(result.to_string())), error: Set(None), ..ended(state::DONE, now) },
            None,
        ),
        Err(JobError::Stop) if shared.is_cancelled() => (ended(state::CANCELLED, now), None),
        Err(JobError::Stop) => (queued(current.attempts - 1, None), Some(now)),
        Err(JobError::Fail(problem)) => {
            (job::ActiveModel { error: error(&problem), ..ended(state::FAILED, now) }, None)
        }
        Err(JobError::Retry(problem)) if current.attempts >= kind.attempts() => {
            (job::ActiveModel { error: error(&problem), ..ended(state::DEAD, now) }, None)
        }
        Err(JobError::Retry(problem)) => {
            let at = now + wait(runner.options.backoff, current.attempts);
            (job::ActiveModel { error: error(&problem), ..queued(current.attempts, Some(at)) }, Some(at))
        }
    };
    shared.lease.write(&tx, columns).await?;
    if let Some(at) = again {
        wait_for_turn(&tx, job.id, now, Some(at)).await?;
    }
    tx.commit().await.refused()?;
    engine.hub.nudge();
    Ok(())
}

fn queued(attempts: i64, run_at: Option<DateTime<Utc>>) -> job::ActiveModel {
    job::ActiveModel {
        state: Set(state::QUEUED.to_owned()),
        attempts: Set(attempts.max(0)),
        run_at: Set(run_at),
        ..Default::default()
    }
}

/// The wait before the next try: doubling, with up to half of it added by
/// chance so that what failed together does not return together.
fn wait(first: Duration, attempts: i64) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or_default();
    let wait = first.saturating_mul(1 << doublings).min(LONGEST);
    let chance = rand::random_range(0..=wait.as_millis() / 2);
    let wait = wait + Duration::from_millis(u64::try_from(chance).unwrap_or_default());
    TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound() {
        let first = Duration::from_secs(2);
        for (attempts, least) in [(1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (1_000, 600)] {
            let seconds = wait(first, attempts).num_seconds();
            assert!((least..=least + least / 2).contains(&seconds), "{attempts}: {seconds}");
        }
    }
}
