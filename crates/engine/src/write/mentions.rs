//! Who is found by the name of another record: the search text of a warranty
//! says what its customer is called. When a title changes, the texts that
//! mention it follow; a few at once, many as a job.

use async_recursion::async_recursion;
use async_trait::async_trait;
use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    locale::{self, Locale},
    registry::{self, RESOURCES},
};
use conexao_storage::{Tx, table};
use sea_orm::{
    Condition, ConnectionTrait, Order,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::Known;
use crate::{
    Write,
    jobs::{JobCtx, JobError, JobKind, NewJob, enqueue_in},
    refusal::Refused,
};

/// Texts rewritten together; more than these wait for the job.
const BATCH: u64 = 200;

/// Fields of `owner` whose search text mentions the title of `target`.
fn places(owner: &'static Resource, target: &Resource) -> Vec<&'static Field> {
    let refers = |field: &&Field| match field.kind {
        Kind::Reference(name) => name == target.name,
        Kind::User => target.name == "user",
        _ => false,
    };
    owner.fields.iter().filter(|field| field.search).filter(refers).collect()
}

/// Every resource that mentions `target`, in the order of the registry.
fn owners(target: &'static Resource) -> impl Iterator<Item = (&'static Resource, Vec<&'static Field>)> {
    let mentions = move |owner: &'static Resource| (owner, places(owner, target));
    RESOURCES.iter().copied().map(mentions).filter(|(_, places)| !places.is_empty())
}

/// Lets the texts follow the new titles of these records, within the write
/// that changed them.
#[async_recursion]
pub(crate) async fn follow(write: &Write, target: &'static Resource, renamed: &[Uuid]) -> Result<(), Problem> {
    if renamed.is_empty() {
        return Ok(());
    }
    for (owner, places) in owners(target) {
        let ids = referring(&write.tx, owner, &places, renamed, None, BATCH + 1).await?;
        if u64::try_from(ids.len()).unwrap_or(u64::MAX) > BATCH {
            return later(write, target, renamed).await;
        }
        rewrite(&write.tx, owner, &ids).await?;
    }
    Ok(())
}

/// Leaves the work to a job, which begins when the write is committed.
async fn later(write: &Write, target: &'static Resource, renamed: &[Uuid]) -> Result<(), Problem> {
    let title = locale::text(Locale::default(), "job.follow_titles");
    let params = json!({ "resource": target.name, "ids": renamed });
    let job = NewJob::new(FollowTitles::NAME, title, params);
    enqueue_in(&write.tx, Uuid::now_v7(), job, write.now, None).await
}

/// Live records that refer to one of `targets`, by id, those after `after`.
async fn referring(
    tx: &Tx,
    owner: &Resource,
    places: &[&'static Field],
    targets: &[Uuid],
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Uuid>, Problem> {
    let mut any = Condition::any();
    for place in places {
        any = any.add(Expr::col(place.name).is_in(targets.iter().copied()));
    }
    let mut select = Query::select();
    select
        .column("id")
        .from(owner.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_null())
        .cond_where(any)
        .order_by("id", Order::Asc)
        .limit(limit);
    if let Some(after) = after {
        select.and_where(Expr::col("id").gt(after));
    }
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| row.try_get_by_index(0).refused()).collect()
}

/// Writes the search text of these records anew. What it says is derived: the
/// records themselves are as they were, so neither version nor audit changes.
async fn rewrite(tx: &Tx, owner: &'static Resource, ids: &[Uuid]) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut records = table::by_ids(tx, owner, ids, false).await.refused()?;
    table::fill(tx, owner, &mut records).await.refused()?;
    let all: Vec<&Record> = records.iter().collect();
    let known = Known::about(tx, owner, &all).await?;
    for record in &records {
        let text = known.search_text(owner, record);
        table::set_search_text(tx, owner, record.id(), &text).await.refused()?;
    }
    Ok(())
}

/// The job that lets many texts follow.
#[derive(Debug)]
pub(crate) struct FollowTitles;

impl FollowTitles {
    pub const NAME: &str = "follow_titles";
}

#[derive(Debug, Deserialize)]
struct Params {
    resource: String,
    ids: Vec<Uuid>,
}

/// Resources that are done, and the last record of the one under way.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Reached {
    owners: usize,
    after: Option<Uuid>,
}

#[async_trait]
impl JobKind for FollowTitles {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let wrong = |_| JobError::Fail(Problem::new(Code::Malformed).detail("params"));
        let params: Params = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        let target = registry::by_name(&params.resource).ok_or_else(|| JobError::Fail(Problem::not_found()))?;
        let reached = ctx.checkpoint.clone().and_then(|at| serde_json::from_value(at).ok());
        let mut reached: Reached = reached.unwrap_or_default();
        for (owner, places) in owners(target).skip(reached.owners) {
            loop {
                ctx.proceed()?;
                let mut write = ctx.write().await?;
                let ids = referring(&write.tx, owner, &places, &params.ids, reached.after, BATCH).await?;
                rewrite(&write.tx, owner, &ids).await?;
                reached = match ids.last() {
                    Some(last) => Reached { after: Some(*last), ..reached },
                    None => Reached { owners: reached.owners + 1, after: None },
                };
                write.checkpoint(json!(reached));
                write.progress.done += i64::try_from(ids.len()).unwrap_or_default();
                write.commit().await?;
                if ids.is_empty() {
                    break;
                }
            }
        }
        Ok(json!({ "records": ctx.progress().done }))
    }
}
