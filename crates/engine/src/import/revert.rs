//! Taking an import back: what it made is removed, what it changed becomes what
//! it was. Records that somebody changed since are left alone and reported. Each
//! batch that is taken back disappears with the same transaction, so the job
//! needs no other checkpoint.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use conexao_domain::kernel::{
    problem::{Code, Problem},
    record::Record,
    resource::Resource,
    value::Invalid,
};
use conexao_storage::{
    entity::{import, import_batch},
    table,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    job::{self, Params},
    mark,
    model::{Import, Summary, state},
    outcome::{Altered, Changes, Made},
    store,
};
use crate::{
    Gate,
    jobs::{JobCtx, JobError, JobKind, JobWrite},
    journal::Entry,
    refusal::Refused,
    write::{self, Next},
};

/// Tries for a batch in which others change records at the same time.
const TRIES: u32 = 5;

#[derive(Debug)]
pub(crate) struct Revert;

impl Revert {
    pub const NAME: &str = "import.revert";
}

#[async_trait]
impl JobKind for Revert {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let wrong = |_| Problem::new(Code::Malformed).detail("params");
        let params: Params = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        let import = store::load(&ctx.engine, &ctx.session, params.import).await?;
        job::check_turn(&import, ctx)?;
        let delete = ctx.session.gate(import.resource, "delete")?;
        ctx.session.gate(import.resource, "update")?;
        let task = Task { ctx, import, gate: delete };
        while task.batch().await? {
            ctx.proceed()?;
        }
        task.end().await
    }
}

/// What became of one batch.
#[derive(Debug, Default)]
struct Undone {
    back: i64,
    /// Lines whose records were left alone, and why.
    kept: Vec<(u64, Uuid, &'static str)>,
}

struct Task<'a> {
    ctx: &'a JobCtx,
    import: Import,
    gate: Gate,
}

impl Task<'_> {
    /// Takes the last batch back; `false` when there is none left.
    async fn batch(&self) -> Result<bool, JobError> {
        let mut tries = 0;
        loop {
            match self.once().await {
                Err(JobError::Retry(problem)) if problem.code == Code::Stale && tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }

    async fn once(&self) -> Result<bool, JobError> {
        let mut write = self.ctx.write().await?;
        let id = self.import.row.id;
        let last = import_batch::Entity::find()
            .filter(import_batch::Column::TenantId.eq(write.tx.tenant().0))
            .filter(import_batch::Column::ImportId.eq(id))
            .order_by_desc(import_batch::Column::Seq)
            .limit(1)
            .one(&*write.tx)
            .await
            .refused()?;
        let Some(last) = last else { return Ok(false) };
        let changes: Changes =
            serde_json::from_str(&last.changes).map_err(|_| Problem::new(Code::Malformed).detail("changes"))?;
        let mut undone = Undone::default();
        self.restore(&mut write, &changes.updated, &mut undone).await?;
        self.remove(&mut write, &changes.created, &mut undone).await?;
        self.tell(&mut write, &undone);
        for (line, record, code) in &undone.kept {
            let error = json!({ "field": null, "code": code });
            write.row_with(i64::try_from(*line).unwrap_or(i64::MAX), Some(*record), Some(vec![error]));
        }
        import_batch::Entity::delete_by_id((write.tx.tenant().0, id, last.seq)).exec(&*write.tx).await.refused()?;
        let kept = i64::try_from(undone.kept.len()).unwrap_or_default();
        self.count(&write, undone.back, kept).await?;
        write.progress.done += undone.back + kept;
        write.progress.failed += kept;
        write.commit().await?;
        Ok(true)
    }

    /// Gives changed records their values back, if they still are as the import
    /// left them.
    async fn restore(&self, write: &mut JobWrite, updated: &[Altered], undone: &mut Undone) -> Result<(), Problem> {
        if updated.is_empty() {
            return Ok(());
        }
        let resource = self.import.resource;
        let records = self.records(write, updated.iter().map(|altered| altered.id).collect()).await?;
        let mut plans = Vec::new();
        let mut lines = Vec::new();
        for altered in updated {
            match records.iter().find(|record| record.id() == altered.id.to_string()) {
                Some(current)
                    if current.version() == altered.version || mark::of(resource, current) == altered.mark =>
                {
                    plans.push(Ok(Next::Changed { current: current.clone(), next: before(current, &altered.before) }));
                    lines.push(altered);
                }
                _ => undone.kept.push((altered.line, altered.id, Invalid("changed_since").0)),
            }
        }
        let (now, session) = (write.now, write.session.clone());
        let mut checked = write::check_many(&write.tx, &session, now, resource, plans).await?;
        for (altered, result) in lines.iter().zip(&checked.results) {
            match result {
                Ok(_) => undone.back += 1,
                // What it was is somebody else's now.
                Err(_) => undone.kept.push((altered.line, altered.id, Invalid("taken_since").0)),
            }
        }
        write::save_many(write, resource, &mut checked).await
    }

    /// Removes made records that are as they were made and that nobody refers to.
    async fn remove(&self, write: &mut JobWrite, created: &[Made], undone: &mut Undone) -> Result<(), Problem> {
        let resource = self.import.resource;
        let records = self.records(write, created.iter().map(|made| made.1).collect()).await?;
        let ids: Vec<Uuid> = records.iter().filter_map(write::id_of).collect();
        let used = write::referenced(&write.tx, resource, &ids).await?;
        let records: HashMap<Uuid, Record> = ids.into_iter().zip(records).collect();
        // By version, of which nearly all have the first.
        let mut gone: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
        for Made(line, id, mark) in created {
            let untouched = |record: &&Record| record.version() == 1 || mark::of(resource, record) == *mark;
            match records.get(id).filter(untouched) {
                None => undone.kept.push((*line, *id, Invalid("changed_since").0)),
                Some(_) if used.contains(id) => undone.kept.push((*line, *id, Code::InUse.name())),
                Some(record) => gone.entry(record.version()).or_default().push(*id),
            }
        }
        for (version, ids) in gone {
            write::remove_many(write, resource, &ids, version).await?;
            undone.back += i64::try_from(ids.len()).unwrap_or_default();
        }
        Ok(())
    }

    /// Live records within the gate's rows, with their lines.
    async fn records(&self, write: &JobWrite, ids: Vec<Uuid>) -> Result<Vec<Record>, Problem> {
        let resource: &'static Resource = self.import.resource;
        let mut records = table::by_ids(&write.tx, resource, &ids, false).await.refused()?;
        records.retain(|record| self.gate.reaches(record));
        table::fill(&write.tx, resource, &mut records).await.refused()?;
        Ok(records)
    }

    /// One event for the batch, like the one that made it.
    fn tell(&self, write: &mut JobWrite, undone: &Undone) {
        let changes =
            [("import", json!([self.import.row.id, Json::Null])), ("reverted", json!([Json::Null, undone.back]))];
        let changes = changes.map(|(name, value)| (name.to_owned(), value));
        write.tell(
            Entry {
                resource: self.import.resource.name,
                record_id: None,
                action: "import_revert".to_owned(),
                changes: Map::from_iter(changes),
            },
            Map::from_iter([("import".to_owned(), json!(self.import.row.id))]),
        );
    }

    /// Adds a batch to what the import says of itself, which several reverts may
    /// have had a part in.
    async fn count(&self, write: &JobWrite, back: i64, kept: i64) -> Result<(), Problem> {
        let id = (write.tx.tenant().0, self.import.row.id);
        let row = import::Entity::find_by_id(id).one(&*write.tx).await.refused()?.ok_or_else(Problem::not_found)?;
        let summary = Import::read(row)?.summary;
        let summary = Summary { reverted: summary.reverted + back, kept: summary.kept + kept, ..summary };
        self.update(write, import::Column::Summary, json!(summary).to_string()).await
    }

    async fn update(&self, write: &JobWrite, column: import::Column, value: String) -> Result<(), Problem> {
        let update = import::Entity::update_many()
            .col_expr(column, Expr::val(value))
            .filter(import::Column::TenantId.eq(write.tx.tenant().0))
            .filter(import::Column::Id.eq(self.import.row.id));
        update.exec(&*write.tx).await.refused().map(|_| ())
    }

    async fn end(&self) -> Result<Json, JobError> {
        let progress = self.ctx.progress();
        let write = self.ctx.write().await?;
        self.update(&write, import::Column::State, state::REVERTED.to_owned()).await?;
        write.commit().await?;
        let back = progress.done - progress.failed;
        Ok(json!({ "import_id": self.import.row.id, "reverted": back, "kept": progress.failed }))
    }
}

/// The record with the fields an import changed as they were.
fn before(current: &Record, values: &Map<String, Json>) -> Record {
    let mut record = current.clone();
    for (name, value) in values {
        record.set(name, value.clone());
    }
    record
}
