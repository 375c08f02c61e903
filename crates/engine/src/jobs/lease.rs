//! Who holds a job. Taking it up makes the lease grow, and every write names
//! the lease it was made under, so that somebody who was thought dead and
//! comes back cannot write any more.

use std::sync::Arc;

use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tenant, Tx, entity::job};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Stop,
    background::{Leash, Options},
    context::Shared,
};
use crate::{Engine, refusal::Refused};

/// One taking up of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease {
    pub tenant: Tenant,
    pub job: Uuid,
    pub number: i64,
}

impl Lease {
    /// Writes the set columns if the lease still holds; `false` if not.
    pub async fn write(&self, tx: &Tx, columns: job::ActiveModel) -> Result<bool, Problem> {
        let update = job::Entity::update_many()
            .set(columns)
            .filter(job::Column::TenantId.eq(self.tenant.0))
            .filter(job::Column::Id.eq(self.job))
            .filter(job::Column::Lease.eq(self.number));
        Ok(update.exec(&**tx).await.refused()?.rows_affected == 1)
    }
}

/// Shows that the job lives, and notices when it is to end, until dropped.
pub(super) fn keep(engine: &Engine, shared: &Arc<Shared>, options: &Options, stop: &Stop) -> Leash {
    let (engine, shared, pause, mut stop) = (engine.clone(), Arc::clone(shared), options.heartbeat, stop.clone());
    Leash(tokio::spawn(async move {
        loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.asked() => {
                    shared.ask_to_stop();
                    return;
                }
            }
            match beat(&engine, &shared).await {
                Ok(true) => {}
                Ok(false) => {
                    shared.lose();
                    return;
                }
                Err(problem) => tracing::warn!(%problem, "heartbeat of a job"),
            }
        }
    }))
}

async fn beat(engine: &Engine, shared: &Shared) -> Result<bool, Problem> {
    let lease = shared.lease;
    let tx = engine.db.write(lease.tenant).await.refused()?;
    let columns = job::ActiveModel { heartbeat_at: Set(Some(engine.now())), ..Default::default() };
    let holds = lease.write(&tx, columns).await?;
    let job = job::Entity::find_by_id((lease.tenant.0, lease.job)).one(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    if job.is_some_and(|job| job.cancel_requested) {
        shared.cancel();
    }
    Ok(holds)
}
