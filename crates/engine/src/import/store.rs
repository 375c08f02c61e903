//! Rows of `import`, and the files behind them.

use chrono::TimeDelta;
use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        resource::Resource,
    },
    registry,
};
use conexao_integrations::{
    files::{FileError, FileKey},
    tabular::{RowCount, Shape},
};
use conexao_storage::{
    Tenant, Tx,
    entity::{import, import_batch, import_row, job},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use tempfile::TempPath;
use uuid::Uuid;

use super::model::{Import, state};
use crate::{
    Engine, Session, jobs,
    refusal::Refused,
    sweep::{self, Walk},
};

/// An upload that has not ended after this long never will.
const UNFINISHED: TimeDelta = TimeDelta::hours(24);
/// File and failed rows, which hold personal data, are kept this long; the
/// import itself stays, and can still be reverted.
const KEPT: TimeDelta = TimeDelta::days(90);

/// The import, if the session may see it: its own, or everybody's for those who
/// manage jobs; always only of resources it may import.
pub(crate) async fn load(engine: &Engine, session: &Session, id: Uuid) -> Result<Import, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = load_in(&tx, session, id).await;
    tx.rollback().await.refused()?;
    found
}

pub(crate) async fn load_in(tx: &Tx, session: &Session, id: Uuid) -> Result<Import, Problem> {
    let row = import::Entity::find_by_id((session.tenant.0, id)).one(&**tx).await.refused()?;
    let row =
        row.filter(|row| row.state != state::RECEIVING && visible(session, row)).ok_or_else(Problem::not_found)?;
    let mut import = Import::read(row)?;
    import.row.state = effective(tx, &import.row).await?;
    Ok(import)
}

fn visible(session: &Session, row: &import::Model) -> bool {
    let own = session.can("job.manage") || row.created_by == session.user_id();
    own && registry::by_name(&row.resource).is_some_and(|resource| session.gate(resource, "import").is_ok())
}

/// Where the import really stands: a job that was cancelled or gave up has no
/// last word of its own.
async fn effective(tx: &Tx, row: &import::Model) -> Result<String, Problem> {
    let at_work = matches!(row.state.as_str(), state::SIMULATING | state::RUNNING | state::REVERTING);
    let Some(job) = row.job_id.filter(|_| at_work) else { return Ok(row.state.clone()) };
    let job = job::Entity::find_by_id((row.tenant_id, job)).one(&**tx).await.refused()?;
    let ended = match job.as_ref().map(|job| job.state.as_str()) {
        Some(jobs::state::QUEUED | jobs::state::RUNNING | jobs::state::DONE) => return Ok(row.state.clone()),
        Some(jobs::state::CANCELLED) => state::CANCELLED,
        _ => state::FAILED,
    };
    // A simulation wrote nothing: the import is where it was before.
    Ok(if row.state == state::SIMULATING { state::MAPPING } else { ended }.to_owned())
}

/// Imports of the session, newest first, of one resource or all; older than `after`.
pub(crate) async fn list(
    tx: &Tx,
    session: &Session,
    resource: Option<&Resource>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Import>, Problem> {
    let allowed = registry::RESOURCES
        .iter()
        .filter(|r| resource.is_none_or(|only| only.name == r.name) && session.gate(r, "import").is_ok());
    let mut query = import::Entity::find()
        .filter(import::Column::TenantId.eq(session.tenant.0))
        .filter(import::Column::Resource.is_in(allowed.map(|r| r.name)))
        .filter(import::Column::State.ne(state::RECEIVING));
    if !session.can("job.manage") {
        query = query.filter(import::Column::CreatedBy.eq(session.user));
    }
    if let Some(after) = after {
        query = query.filter(import::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(import::Column::Id).limit(limit).all(&**tx).await.refused()?;
    let mut imports = Vec::with_capacity(rows.len());
    for row in rows {
        let state = effective(tx, &row).await?;
        imports.push(Import::read(import::Model { state, ..row })?);
    }
    Ok(imports)
}

/// Copies the file to this machine's disk, where the readers need it; it goes
/// when the path is dropped.
pub(crate) async fn fetch(engine: &Engine, row: &import::Model) -> Result<TempPath, Problem> {
    if row.cleared_at.is_some() {
        return Err(Problem::new(Code::File).detail("not_found"));
    }
    let path = temp_path()?;
    engine.files.download(row.tenant_id, key(row)?, &path).await.map_err(stored_problem)?;
    Ok(path)
}

/// A new file of this machine that goes when the path is dropped.
pub(crate) fn temp_path() -> Result<TempPath, Problem> {
    let file = tempfile::Builder::new().prefix("conexao-").tempfile().map_err(|error| disk_problem(&error))?;
    Ok(file.into_temp_path())
}

pub(crate) fn disk_problem(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "the disk for temporary files");
    Problem::new(Code::Unavailable)
}

pub(crate) fn key(row: &import::Model) -> Result<FileKey, Problem> {
    row.file_key.parse().map_err(stored_problem)
}

pub(crate) fn stored_problem(error: FileError) -> Problem {
    match error {
        FileError::NotFound => Problem::new(Code::File).detail("not_found"),
        error => {
            tracing::error!(%error, "file store");
            Problem::new(Code::Unavailable)
        }
    }
}

/// Data rows, as far as the shape says.
pub(crate) fn row_count(shape: &Shape) -> Option<i64> {
    match shape.rows {
        RowCount::Exact(rows) | RowCount::Estimated(rows) => i64::try_from(rows).ok(),
        RowCount::Unknown => None,
    }
}

/// Removes uploads that broke off, and what old imports keep of their files.
/// Returns how many files went.
pub async fn sweep(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let now = engine.now();
    let broken = import::Column::State.eq(state::RECEIVING).and(import::Column::CreatedAt.lt(now - UNFINISHED));
    let old = import::Column::ClearedAt.is_null().and(import::Column::UpdatedAt.lt(now - KEPT));
    let due = Condition::any().add(broken).add(old);
    let walk = Walk { tenant: import::Column::TenantId, id: import::Column::Id, id_of: |row: &import::Model| row.id };
    sweep::sweep::<import::Entity, _>(engine, tenant, walk, due, |row| async move { clear(engine, &row).await }).await
}

/// Removes the file first: its row is the way to it, should anything fail.
pub(crate) async fn clear(engine: &Engine, row: &import::Model) -> Result<(), Problem> {
    engine.files.delete(row.tenant_id, key(row)?).await.map_err(stored_problem)?;
    let tx = engine.db.write(Tenant(row.tenant_id)).await.refused()?;
    if row.state == state::RECEIVING {
        import::Entity::delete_by_id((row.tenant_id, row.id)).exec(&*tx).await.refused()?;
    } else {
        forget_rows(&tx, row.id, true).await?;
        import::Entity::update_many()
            .col_expr(import::Column::ClearedAt, Expr::val(engine.now()))
            .col_expr(import::Column::Sample, Expr::val("[]"))
            .col_expr(import::Column::Shape, Expr::val(without_samples(&row.shape)))
            .filter(import::Column::TenantId.eq(row.tenant_id))
            .filter(import::Column::Id.eq(row.id))
            .exec(&*tx)
            .await
            .refused()?;
    }
    tx.commit().await.refused()
}

/// What is known of the file's columns without what stood in them; nothing of
/// a shape that cannot be read.
fn without_samples(shape: &str) -> String {
    let Ok(mut shape) = serde_json::from_str::<Shape>(shape) else { return "{}".to_owned() };
    for column in &mut shape.columns {
        column.samples.clear();
    }
    serde_json::to_string(&shape).unwrap_or_default()
}

/// Forgets kept rows; those that somebody corrected only when `edited`.
pub(crate) async fn forget_rows(tx: &Tx, import: Uuid, edited: bool) -> Result<(), Problem> {
    let mut delete = import_row::Entity::delete_many()
        .filter(import_row::Column::TenantId.eq(tx.tenant().0))
        .filter(import_row::Column::ImportId.eq(import));
    if !edited {
        delete = delete.filter(Expr::cust("NOT edited"));
    }
    delete.exec(&**tx).await.refused().map(|_| ())
}

/// Whether the import changed records that a revert could take back.
pub(crate) async fn has_changes(tx: &Tx, import: Uuid) -> Result<bool, Problem> {
    let first = import_batch::Entity::find()
        .filter(import_batch::Column::TenantId.eq(tx.tenant().0))
        .filter(import_batch::Column::ImportId.eq(import))
        .limit(1);
    Ok(first.one(&**tx).await.refused()?.is_some())
}
