//! The job that tries a failed reaction again.

use async_trait::async_trait;
use conexao_domain::kernel::problem::{Code, Problem};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Event, follow};
use crate::jobs::{JobCtx, JobError, JobKind};

#[derive(Debug)]
pub(crate) struct ReactionJob;

impl ReactionJob {
    pub const NAME: &str = "reaction";
}

#[derive(Debug, Deserialize)]
struct Params {
    reaction: String,
    event: Event,
}

#[async_trait]
impl JobKind for ReactionJob {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let wrong = |_| JobError::Fail(Problem::new(Code::Malformed).detail("params"));
        let params: Params = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        let unknown = || JobError::Fail(Problem::not_found().detail(&params.reaction));
        let reaction = ctx.registry.reaction_named(&params.reaction).ok_or_else(unknown)?;
        // Whatever it fails with, somebody may mend the cause: try again.
        let tried = follow::run(&ctx.engine, ctx.session.tenant, &*reaction, &params.event).await;
        tried.map(|()| json!({ "event": params.event.name })).map_err(JobError::Retry)
    }
}
