//! Rows whose files nobody will ask for any more: walked in pieces, each for
//! itself, so that one that cannot go now is tried again next time.

use conexao_domain::kernel::problem::Problem;
use conexao_storage::Tenant;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{Engine, refusal::Refused};

/// Rows read at once.
const PIECE: u64 = 100;

/// The columns by which a table is walked, and a row's place in it.
pub(crate) struct Walk<E: EntityTrait> {
    pub tenant: E::Column,
    pub id: E::Column,
    pub id_of: fn(&E::Model) -> Uuid,
}

/// Forgets every row that is `due`. Returns how many went.
pub(crate) async fn sweep<E, F>(
    engine: &Engine,
    tenant: Tenant,
    walk: Walk<E>,
    due: Condition,
    forget: impl Fn(E::Model) -> F,
) -> Result<u64, Problem>
where
    E: EntityTrait,
    F: Future<Output = Result<(), Problem>>,
{
    let (mut after, mut gone) = (Uuid::nil(), 0);
    loop {
        let tx = engine.db.read(tenant).await.refused()?;
        let rows = E::find()
            .filter(walk.tenant.eq(tenant.0))
            .filter(walk.id.gt(after))
            .filter(due.clone())
            .order_by_asc(walk.id)
            .limit(PIECE)
            .all(&*tx)
            .await
            .refused()?;
        tx.rollback().await.refused()?;
        let Some(last) = rows.last() else { return Ok(gone) };
        after = (walk.id_of)(last);
        for row in rows {
            let id = (walk.id_of)(&row);
            match forget(row).await {
                Ok(()) => gone += 1,
                Err(problem) => tracing::warn!(%problem, %id, "a file that is over stays for now"),
            }
        }
    }
}
