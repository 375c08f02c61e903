//! The daily check that nobody changed the audit trail.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::problem::{Code, Problem},
    locale::{self, Locale},
};
use conexao_storage::Tenant;
use serde_json::{Value as Json, json};
use uuid::Builder;

use crate::{
    Engine, audit,
    jobs::{JobCtx, JobError, JobKind, NewJob, enqueue_in},
    refusal::Refused,
    tenants,
};

/// Walks the tenant's chain; fails when an entry does not fit.
#[derive(Debug)]
pub(crate) struct AuditVerify;

const NAME: &str = "audit_verify";

#[async_trait]
impl JobKind for AuditVerify {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let tenant = ctx.session.tenant;
        let verified = audit::check(&ctx.engine, tenant).await?;
        match verified.broken_at {
            None => Ok(json!({ "entries": verified.entries })),
            Some(seq) => {
                tracing::error!(tenant = tenant.0, seq, "the audit chain is broken");
                Err(JobError::Fail(Problem::new(Code::Internal).detail(format!("audit {seq}"))))
            }
        }
    }
}

/// One job per tenant; the id follows from day and tenant, so a repetition
/// finds it.
pub(super) async fn start(engine: &Engine, at: DateTime<Utc>) -> Result<(), Problem> {
    tenants::each(engine, "audit", |tenant| queue(engine, tenant, at)).await?;
    engine.hub.nudge();
    Ok(())
}

async fn queue(engine: &Engine, tenant: Tenant, at: DateTime<Utc>) -> Result<(), Problem> {
    let mut chance = *b"auditv\0\0\0\0";
    let number = tenant.0.to_be_bytes();
    chance.iter_mut().skip(6).zip(number).for_each(|(to, from)| *to = from);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    let id = Builder::from_unix_timestamp_millis(millis, &chance).into_uuid();
    let title = locale::text(Locale::default(), "job.audit_verify");
    let tx = engine.db.write(tenant).await.refused()?;
    enqueue_in(&tx, id, NewJob::new(NAME, title, Json::Null), engine.now(), None).await?;
    tx.commit().await.refused()
}
