//! Reaction: an event takes a step of another record's flow.

use async_trait::async_trait;
use conexao_domain::{
    kernel::problem::{Code, Problem},
    registry,
};
use serde_json::Map;
use uuid::Uuid;

use super::{Event, ReactCtx, Reaction};
use crate::{read, write};

/// Takes `step` of the record that the event's record refers to through `via`.
/// A step that the other record's flow does not allow now does not follow.
#[derive(Debug, Clone, Copy)]
pub struct TakeStep {
    pub name: &'static str,
    pub event: &'static str,
    /// Reference field on the event's record.
    pub via: &'static str,
    /// Resource the field refers to.
    pub resource: &'static str,
    pub step: &'static str,
}

#[async_trait]
impl Reaction for TakeStep {
    fn name(&self) -> &'static str {
        self.name
    }

    fn follows(&self, event: &str) -> bool {
        event == self.event
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let find = |name: &str| registry::by_name(name).ok_or_else(Problem::not_found);
        let (source, target) = (find(&event.resource)?, find(self.resource)?);
        let Some(record_id) = event.record_id else { return Ok(()) };
        let mut write = ctx.write().await?;
        let record = match read::load(&write.tx, &ctx.session.gate(source, "read")?, record_id).await {
            Err(problem) if problem.code == Code::NotFound => return Ok(()),
            found => found?,
        };
        let Some(id) = record.text(self.via).and_then(|id| Uuid::parse_str(id).ok()) else { return Ok(()) };
        let gate = ctx.session.gate(target, self.step)?;
        match write::apply_step(ctx.engine, &mut write, &gate, id, None, self.step, &Map::new()).await {
            Err(problem) if matches!(problem.code, Code::StepRefused | Code::NotFound) => {
                tracing::info!(reaction = self.name, %problem, "step does not follow");
                Ok(())
            }
            Err(problem) => Err(problem),
            Ok(_) => ctx.commit(write).await,
        }
    }
}
