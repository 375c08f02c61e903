//! A kind of job: its name and what it does.

use std::fmt::Debug;

use async_trait::async_trait;
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::entity::job;
use serde_json::Value as Json;

use super::JobCtx;

/// What a job does. The registry holds one value of each kind, with whatever
/// services it needs.
#[async_trait]
pub trait JobKind: Debug + Send + Sync + 'static {
    /// Stable name, kept in rows.
    fn name(&self) -> &'static str;

    /// Does the work from the context's checkpoint on; the answer becomes the
    /// job's result. May be called again after a crash, so effects belong into
    /// [`JobCtx::write`] together with the checkpoint that skips them.
    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError>;

    /// The checkpoint from which a finished job does its failed rows again;
    /// `None` when the kind cannot.
    fn again(&self, _job: &job::Model) -> Option<Json> {
        None
    }

    /// How often the job fails without progress before it is dead.
    fn attempts(&self) -> i64 {
        8
    }
}

/// Why a job did not end well.
#[derive(Debug, Clone, PartialEq)]
pub enum JobError {
    /// May pass by itself: tried again with growing waits.
    Retry(Problem),
    /// Another try would end the same way.
    Fail(Problem),
    /// Asked to stop: cancelled, shutting down, or somebody else took it up.
    Stop,
}

impl From<Problem> for JobError {
    fn from(problem: Problem) -> Self {
        match problem.code {
            Code::Internal | Code::Unavailable | Code::Stale | Code::InProgress | Code::TooManyRequests => {
                Self::Retry(problem)
            }
            _ => Self::Fail(problem),
        }
    }
}
