//! Files that jobs made: handed out to whoever asked for them, for a day.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_integrations::files::{FileKey, FileStream};
use conexao_storage::{Tenant, entity::job};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::Export;
use crate::{
    Engine, Session,
    audit::AuditExport,
    import::stored_problem,
    jobs,
    privacy::{self, PrivacyExport},
    refusal::Refused,
    sweep::{self, Walk},
};

/// How long a file can be fetched after its job ended.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// A job that ended without a word leaves its file this long.
const FORGOTTEN: TimeDelta = TimeDelta::days(7);

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
    if job.kind == PrivacyExport::NAME {
        privacy::fetched(engine, session, &job.params).await?;
    }
    Ok(Handed { name: job.file_name.unwrap_or_default(), content })
}

/// Removes files whose day is over. Returns how many went.
pub async fn sweep(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let now = engine.now();
    let over = job::Column::FinishedAt.lt(now - KEPT);
    let forgotten =
        Condition::all().add(job::Column::FinishedAt.is_null()).add(job::Column::CreatedAt.lt(now - FORGOTTEN));
    let has_file = Condition::any().add(job::Column::FileKey.is_not_null()).add(job::Column::Checkpoint.is_not_null());
    let due = Condition::all()
        .add(job::Column::Kind.is_in([Export::NAME, AuditExport::NAME, PrivacyExport::NAME]))
        .add(has_file)
        .add(Condition::any().add(over).add(forgotten));
    let walk = Walk { tenant: job::Column::TenantId, id: job::Column::Id, id_of: |job: &job::Model| job.id };
    sweep::sweep::<job::Entity, _>(engine, tenant, walk, due, |job| async move { forget(engine, &job).await }).await
}

pub(crate) async fn forget(engine: &Engine, job: &job::Model) -> Result<(), Problem> {
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
