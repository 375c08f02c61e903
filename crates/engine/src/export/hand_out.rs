//! Files that jobs made: handed out to whoever asked for them, for a day.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_integrations::files::{FileKey, FileStream};
use conexao_storage::{Tenant, entity::job};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::Export;
use crate::{Engine, Session, import::stored_problem, jobs, refusal::Refused};

/// How long a file can be fetched after its job ended.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// A job that ended without a word leaves its file this long.
const FORGOTTEN: TimeDelta = TimeDelta::days(7);
const PIECE: u64 = 100;

/// A file on its way out.
#[derive(Debug)]
pub struct Handed {
    pub name: String,
    pub content: FileStream,
}

/// The file of a job, for the one who asked for it; nobody else, because what it
/// shows is what that person may see. Gone after a day.
pub async fn hand_out(engine: &Engine, session: &Session, id: Uuid) -> Result<Handed, Problem> {
    let job = jobs::load(engine, session, id).await?;
    let own = job.created_by.is_some() && job.created_by == session.user_id();
    let fresh = job.finished_at.is_none_or(|at: DateTime<Utc>| at + KEPT > engine.now());
    let key = job.file_key.filter(|_| own).ok_or_else(Problem::not_found)?;
    if !fresh {
        return Err(Problem::new(Code::File).detail("expired"));
    }
    let key: FileKey = key.parse().map_err(stored_problem)?;
    let content = engine.files.get(session.tenant.0, key, None).await.map_err(stored_problem)?;
    Ok(Handed { name: job.file_name.unwrap_or_default(), content })
}

/// Removes files whose day is over. Returns how many went.
pub async fn sweep(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let now = engine.now();
    let over = job::Column::FinishedAt.lt(now - KEPT);
    let forgotten =
        Condition::all().add(job::Column::FinishedAt.is_null()).add(job::Column::CreatedAt.lt(now - FORGOTTEN));
    let (mut after, mut gone) = (Uuid::nil(), 0);
    loop {
        let tx = engine.db.read(tenant).await.refused()?;
        let jobs = job::Entity::find()
            .filter(job::Column::TenantId.eq(tenant.0))
            .filter(job::Column::Kind.eq(Export::NAME))
            .filter(job::Column::Id.gt(after))
            .filter(Condition::any().add(job::Column::FileKey.is_not_null()).add(job::Column::Checkpoint.is_not_null()))
            .filter(Condition::any().add(over.clone()).add(forgotten.clone()))
            .order_by_asc(job::Column::Id)
            .limit(PIECE)
            .all(&*tx)
            .await
            .refused()?;
        tx.rollback().await.refused()?;
        let Some(last) = jobs.last() else { return Ok(gone) };
        after = last.id;
        for job in &jobs {
            match forget(engine, job).await {
                Ok(()) => gone += 1,
                Err(problem) => tracing::warn!(%problem, job.id = %job.id, "an export stays for now"),
            }
        }
    }
}

async fn forget(engine: &Engine, job: &job::Model) -> Result<(), Problem> {
    let noted = job.checkpoint.as_ref().and_then(|text| {
        let checkpoint: serde_json::Value = serde_json::from_str(text).ok()?;
        checkpoint.get("file")?.as_str().map(str::to_owned)
    });
    for key in job.file_key.iter().chain(&noted) {
        engine.files.delete(job.tenant_id, key.parse().map_err(stored_problem)?).await.map_err(stored_problem)?;
    }
    let none = || Expr::val(Option::<String>::None);
    let tx = engine.db.write(Tenant(job.tenant_id)).await.refused()?;
    job::Entity::update_many()
        .col_expr(job::Column::FileKey, none())
        .col_expr(job::Column::Checkpoint, none())
        .filter(job::Column::TenantId.eq(job.tenant_id))
        .filter(job::Column::Id.eq(job.id))
        .exec(&*tx)
        .await
        .refused()?;
    tx.commit().await.refused()
}
