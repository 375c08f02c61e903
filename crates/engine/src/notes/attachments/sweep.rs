//! Files nobody will see any more are removed from the store.

use chrono::TimeDelta;
use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tenant, entity::attachment};
use sea_orm::{ColumnTrait, Condition};

use super::receive::forget;
use crate::{
    Engine,
    sweep::{self, Walk},
};

/// An upload that has not ended after this long never will.
const UNFINISHED: TimeDelta = TimeDelta::hours(24);
/// Removed files stay this long, in case the removal was a mistake.
const REMOVED: TimeDelta = TimeDelta::days(30);

/// Removes what broke off a day ago and what was removed a month ago. Returns
/// how many files went; one that cannot go now is tried again next time.
pub async fn sweep(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let now = engine.now();
    let old = |age: TimeDelta| attachment::Column::DeletedAt.lt(now - age);
    let unfinished = Condition::all().add(attachment::Column::Size.eq(0)).add(old(UNFINISHED));
    let due = Condition::any().add(old(REMOVED)).add(unfinished);
    let walk = Walk {
        tenant: attachment::Column::TenantId,
        id: attachment::Column::Id,
        id_of: |row: &attachment::Model| row.id,
    };
    sweep::sweep::<attachment::Entity, _>(engine, tenant, walk, due, |row| async move { forget(engine, &row).await })
        .await
}
