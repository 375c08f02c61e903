//! The job that writes a long list. It begins anew after a crash: what it wrote
//! before is nobody's yet.

use async_trait::async_trait;
use conexao_domain::{
    kernel::problem::{Code, Problem},
    locale::Locale,
    registry,
};
use conexao_integrations::files::FileKey;
use conexao_storage::query;
use serde_json::{Value as Json, json};

use super::{Order, Request, write::Writing};
use crate::{
    Session, facts,
    import::stored_problem,
    jobs::{JobCtx, JobError, JobKind, Progress},
    refusal::Refused,
};

#[derive(Debug)]
pub(crate) struct Export;

impl Export {
    pub const NAME: &str = "export";
}

#[async_trait]
impl JobKind for Export {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let wrong = |_| Problem::new(Code::Malformed).detail("params");
        let request: Request = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        let resource = registry::by_name(&request.resource).ok_or_else(Problem::not_found)?;
        let session = Session { locale: Locale::negotiate(&request.locale), ..ctx.session.clone() };
        let order = Order::read(&session, resource, &request)?;
        let key = announce(ctx, &session).await?;
        let total = count(ctx, &session, &order).await?;
        let mut writing = Writing::begin(&ctx.engine, &session, &order, total)?;
        while writing.page().await? {
            ctx.proceed()?;
            // The list may have grown since it was counted.
            ctx.report(Progress { done: writing.rows, total: total.max(writing.rows), failed: 0 }).await?;
        }
        let (path, rows) = writing.finish().await?;
        ctx.engine.files.put_made_as(key, &path, order.format.media_type()).await.map_err(stored_problem)?;
        let mut write = ctx.write().await?;
        write.progress = Progress { done: rows, total: rows, failed: 0 };
        write.file(key.to_string(), order.file_name(&ctx.engine, &session));
        write.stand_in(session.gate(resource, "export")?.behalf(None));
        write.note(order.entry(rows));
        write.commit().await?;
        Ok(json!({ "rows": rows }))
    }
}

/// Notes the name of the file before there is one, so that whatever happens the
/// sweep finds it.
async fn announce(ctx: &JobCtx, session: &Session) -> Result<FileKey, JobError> {
    let known = ctx.checkpoint.as_ref().and_then(|c| c.get("file")?.as_str()?.parse().ok());
    if let Some(key) = known {
        return Ok(key);
    }
    let key = FileKey::new(session.tenant.0);
    let mut write = ctx.write().await?;
    write.checkpoint(json!({ "file": key.to_string() }));
    write.commit().await?;
    Ok(key)
}

async fn count(ctx: &JobCtx, session: &Session, order: &Order) -> Result<i64, Problem> {
    let facts = facts::plain(&ctx.engine, session);
    let tx = ctx.engine.db.read(session.tenant).await.refused()?;
    let count = query::count(&tx, order.resource, &order.query, &order.rows, &facts).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(count)
}
