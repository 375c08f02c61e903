//! A verification whose outcome is kept and, when the chain is broken, told.

use conexao_domain::{
    kernel::problem::Problem,
    locale::{self, Locale},
};
use conexao_storage::{Tenant, entity::audit_head};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{CHAIN, READ, Verified, verify};
use crate::{
    Engine,
    notify::{self, Told},
    refusal::Refused,
};

/// Verifies the tenant's chain, keeps what was found, and tells whoever may
/// read the audit when an entry does not fit; of the same entry once.
pub async fn check(engine: &Engine, tenant: Tenant) -> Result<Verified, Problem> {
    let verified = verify(engine, tenant).await?;
    let tx = engine.db.write(tenant).await.refused()?;
    let found = audit_head::ActiveModel {
        verified_at: Set(Some(engine.now())),
        verified_seq: Set(Some(verified.entries)),
        broken_at: Set(verified.broken_at),
        ..Default::default()
    };
    audit_head::Entity::update_many()
        .set(found)
        .filter(audit_head::Column::TenantId.eq(tenant.0))
        .filter(audit_head::Column::Chain.eq(CHAIN))
        .exec(&*tx)
        .await
        .refused()?;
    let mut events = Vec::new();
    if let Some(seq) = verified.broken_at {
        let readers = notify::holding(&tx, READ).await?;
        let told = readers.into_iter().map(|(user, language)| wording(user, language, seq));
        events = notify::tell(engine, &tx, engine.now(), told.collect()).await?;
    }
    tx.commit().await.refused()?;
    engine.hub.publish(&engine.db, events).await;
    Ok(verified)
}

fn wording(user: Uuid, language: Locale, seq: i64) -> Told {
    Told {
        user,
        category: "audit".to_owned(),
        event: "audit.broken".to_owned(),
        title: locale::text(language, "audit.broken"),
        body: locale::text(language, "audit.broken.entry").replace("{seq}", &seq.to_string()),
        resource: None,
        record_id: None,
        source: format!("audit.broken.{seq}"),
    }
}
