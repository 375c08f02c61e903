//! Files nobody will see any more are removed from the store.

use chrono::TimeDelta;
use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tenant, entity::attachment};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::receive::forget;
use crate::{Engine, refusal::Refused};

/// An upload that has not ended after this long never will.
const UNFINISHED: TimeDelta = TimeDelta::hours(24);
/// Removed files stay this long, in case the removal was a mistake.
const REMOVED: TimeDelta = TimeDelta::days(30);
const PIECE: u64 = 100;

/// Removes what broke off a day ago and what was removed a month ago. Returns
/// how many files went; one that cannot go now is tried again next time.
pub async fn sweep(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let now = engine.now();
    let old = |age: TimeDelta| attachment::Column::DeletedAt.lt(now - age);
    let unfinished = Condition::all().add(attachment::Column::Size.eq(0)).add(old(UNFINISHED));
    let due = Condition::any().add(old(REMOVED)).add(unfinished);
    let (mut after, mut gone) = (Uuid::nil(), 0);
    loop {
        let tx = engine.db.read(tenant).await.refused()?;
        let rows = attachment::Entity::find()
            .filter(attachment::Column::TenantId.eq(tenant.0))
            .filter(attachment::Column::Id.gt(after))
            .filter(due.clone())
            .order_by_asc(attachment::Column::Id)
            .limit(PIECE)
            .all(&*tx)
            .await
            .refused()?;
        tx.rollback().await.refused()?;
        let Some(last) = rows.last() else { return Ok(gone) };
        after = last.id;
        for row in &rows {
            match forget(engine, row).await {
                Ok(()) => gone += 1,
                Err(problem) => tracing::warn!(%problem, file = %row.id, "a removed file stays for now"),
            }
        }
    }
}
