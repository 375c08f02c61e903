//! What is kept encrypted of messages, browsers and telephones, under another
//! master key. A value that was written meanwhile is left: it is under the key in
//! use already.

use conexao_domain::kernel::problem::Problem;
use conexao_storage::{
    Tenant, Tx,
    entity::{push_key, user_channel},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{browsers, content, reach};
use crate::{Engine, refusal::Refused, vault::Place};

/// Rows of one transaction.
const PIECE: u64 = 200;

type Where = fn(Tenant, Uuid) -> Place<'static>;

/// Tables whose values are found by one id.
const TABLES: [(&str, &str, Where); 2] =
    [("message_content", "message_id", content::place), ("push_subscription", "id", browsers::place)];

/// Wraps everything of a tenant with the key in use; returns how many were
/// under another. Safe to run again after it was interrupted.
pub async fn rewrap(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let mut changed = 0;
    for (table, key, place) in TABLES {
        let mut after = Uuid::nil();
        loop {
            let tx = engine.db.write(tenant).await.refused()?;
            let rows = piece(&tx, table, key, after).await?;
            let Some((last, _)) = rows.last().cloned() else { break };
            for (id, sealed) in rows {
                let Some(wrapped) = engine.vault.rewrap(&sealed, &place(tenant, id))? else { continue };
                let mut update = Query::update();
                update
                    .table(table)
                    .value("sealed", wrapped)
                    .and_where(Expr::col("tenant_id").eq(tenant.0))
                    .and_where(Expr::col(key).eq(id))
                    .and_where(Expr::col("sealed").eq(sealed));
                changed += tx.execute(&update).await.refused()?.rows_affected();
            }
            tx.commit().await.refused()?;
            after = last;
        }
    }
    Ok(changed + few(engine, tenant).await?)
}

async fn piece(tx: &Tx, table: &'static str, key: &'static str, after: Uuid) -> Result<Vec<(Uuid, String)>, Problem> {
    let mut select = Query::select();
    select
        .columns([key, "sealed"])
        .from(table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col(key).gt(after))
        .order_by(key, sea_orm::Order::Asc)
        .limit(PIECE);
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?))).collect()
}

/// The key pair and the telephones, of which there are few.
async fn few(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let mut changed = 0;
    let tx = engine.db.write(tenant).await.refused()?;
    let keys = push_key::Entity::find().filter(push_key::Column::TenantId.eq(tenant.0)).all(&*tx).await.refused()?;
    for row in keys {
        let Some(sealed) = engine.vault.rewrap(&row.sealed, &browsers::key_place(tenant))? else { continue };
        let wrapped = push_key::ActiveModel { sealed: Set(sealed), ..Default::default() };
        let done = push_key::Entity::update_many()
            .set(wrapped)
            .filter(push_key::Column::TenantId.eq(tenant.0))
            .filter(push_key::Column::Sealed.eq(row.sealed))
            .exec(&*tx)
            .await
            .refused()?;
        changed += done.rows_affected;
    }
    let phones =
        user_channel::Entity::find().filter(user_channel::Column::TenantId.eq(tenant.0)).all(&*tx).await.refused()?;
    for row in phones {
        let column = if row.channel == "sms" { "sms" } else { "slack" };
        let sealed = engine.vault.rewrap(&row.sealed, &reach::place(tenant, row.user_id, column))?;
        let place = reach::place(tenant, row.user_id, "code");
        let code = row.code_hash.as_deref().map(|code| engine.vault.rewrap(code, &place)).transpose()?.flatten();
        if sealed.is_none() && code.is_none() {
            continue;
        }
        let mut wrapped = user_channel::ActiveModel::default();
        if let Some(sealed) = sealed {
            wrapped.sealed = Set(sealed);
        }
        if let Some(code) = code {
            wrapped.code_hash = Set(Some(code));
        }
        let same = match row.code_hash {
            Some(code) => user_channel::Column::CodeHash.eq(code),
            None => user_channel::Column::CodeHash.is_null(),
        };
        let done = user_channel::Entity::update_many()
            .set(wrapped)
            .filter(user_channel::Column::TenantId.eq(tenant.0))
            .filter(user_channel::Column::UserId.eq(row.user_id))
            .filter(user_channel::Column::Channel.eq(row.channel))
            .filter(user_channel::Column::Sealed.eq(row.sealed))
            .filter(same)
            .exec(&*tx)
            .await
            .refused()?;
        changed += done.rows_affected;
    }
    tx.commit().await.refused()?;
    Ok(changed)
}
