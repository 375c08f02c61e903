//! Reaction: an event starts a job.

use async_trait::async_trait;
use conexao_domain::kernel::problem::Problem;
use serde_json::json;

use super::{Event, ReactCtx, Reaction};
use crate::jobs::{NewJob, enqueue};

/// Starts a job of a kind for each event; the job's parameters are the event.
#[derive(Debug, Clone, Copy)]
pub struct StartJob {
    pub name: &'static str,
    pub event: &'static str,
    pub kind: &'static str,
}

#[async_trait]
impl Reaction for StartJob {
    fn name(&self) -> &'static str {
        self.name
    }

    fn follows(&self, event: &str) -> bool {
        event == self.event
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let mut write = ctx.write().await?;
        enqueue(&mut write, NewJob::new(self.kind, format!("{}: {}", self.kind, event.name), json!(event))).await?;
        ctx.commit(write).await
    }
}
