//! Forgets what nobody will ask for again, in small pieces.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{kernel::problem::Problem, privacy::technical};
use conexao_storage::{Tenant, Tx};
use sea_orm::{
    ConnectionTrait, Value,
    sea_query::{Condition, Expr, ExprTrait, Query},
};
use uuid::{Builder, Uuid};

use crate::{Engine, export, identity, import, jobs::Runner, notes, refusal::Refused, tenants, tokens};

/// Rows of one transaction, so that nobody waits long for it.
const PIECE: u64 = 500;

pub(super) async fn run(runner: &Runner) -> Result<(), Problem> {
    let engine = &runner.engine;
    let now = engine.now();
    tenants::each(engine, "cleanup", |tenant| clean(engine, tenant, now)).await?;
    identity::forget_attempts(engine).await?;
    identity::passkey::sweep(engine).await?;
    let tasks = runner.queue.purge(now - technical::EVENTS.age()).await?;
    tracing::debug!(tasks, "cleaned up");
    Ok(())
}

/// What a company keeps no longer.
async fn clean(engine: &Engine, tenant: Tenant, now: DateTime<Utc>) -> Result<(), Problem> {
    notes::attachments::sweep(engine, tenant).await?;
    import::sweep(engine, tenant).await?;
    export::sweep(engine, tenant).await?;
    let older = |column: &'static str, age: TimeDelta| Condition::all().add(Expr::col(column).lt(now - age));
    forget(engine, tenant, "idempotency", &["actor", "key"], &older("created_at", technical::ANSWERS.age())).await?;
    let followed = Condition::all()
        .add(Expr::col("id").lt(first_id(now - technical::EVENTS.age())))
        .add(Expr::col("relayed_at").is_not_null());
    forget(engine, tenant, "outbox", &["id"], &followed).await?;
    let told = Condition::any()
        .add(Expr::col("deleted_at").lt(now - technical::NOTICES_DELETED.age()))
        .add(Expr::col("id").lt(first_id(now - technical::NOTICES.age())));
    forget(engine, tenant, "notification", &["id"], &told).await?;
    let sent = older("created_at", technical::DELIVERIES.age()).add(Expr::col("status").ne("pending"));
    forget(engine, tenant, "webhook_delivery", &["id"], &sent).await?;
    messages(engine, tenant, now).await?;
    // Log-ins that never came to their second step, and trust that ran out.
    for kept in [&technical::CHALLENGES, &technical::DEVICES, &technical::SESSIONS] {
        forget(engine, tenant, kept.table, &["id"], &older("expires_at", kept.age())).await?;
    }
    tokens::forget(engine, tenant).await?;
    let mut ended = Query::select();
    ended
        .column("id")
        .from("job")
        .and_where(Expr::col("tenant_id").eq(tenant.0))
        .cond_where(older("finished_at", technical::JOBS.age()));
    let rows = Condition::all().add(Expr::col("job_id").in_subquery(ended));
    forget(engine, tenant, "job_row", &["job_id", "line"], &rows).await?;
    forget(engine, tenant, "job", &["id"], &older("finished_at", technical::JOBS.age())).await?;
    Ok(())
}

/// Messages, what would fill them, and links that let nobody in any more.
async fn messages(engine: &Engine, tenant: Tenant, now: DateTime<Utc>) -> Result<(), Problem> {
    let ended = |age: TimeDelta| Condition::all().add(Expr::col("finished_at").lt(now - age));
    let of = |old: Condition| {
        let mut done = Query::select();
        done.column("id").from("message").and_where(Expr::col("tenant_id").eq(tenant.0)).cond_where(old);
        Condition::all().add(Expr::col("message_id").in_subquery(done))
    };
    // What lets somebody in goes soon, the rest with its message.
    let keys = ended(technical::CONTENTS.age()).add(Expr::col("category").eq("account"));
    for old in [keys, ended(technical::MESSAGES.age())] {
        forget(engine, tenant, "message_content", &["message_id"], &of(old)).await?;
    }
    forget(engine, tenant, "message_event", &["id"], &of(ended(technical::MESSAGES.age()))).await?;
    forget(engine, tenant, "message", &["id"], &ended(technical::MESSAGES.age())).await?;
    let links = Condition::all().add(Expr::col("expires_at").lt(now - technical::LINKS.age()));
    forget(engine, tenant, "account_link", &["id"], &links).await
}

/// The smallest id that could have been made at the moment.
fn first_id(at: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

async fn forget(
    engine: &Engine,
    tenant: Tenant,
    table: &'static str,
    key: &[&'static str],
    old: &Condition,
) -> Result<(), Problem> {
    loop {
        let tx = engine.db.write(tenant).await.refused()?;
        let removed = piece(&tx, table, key, old).await?;
        tx.commit().await.refused()?;
        if removed < PIECE {
            return Ok(());
        }
    }
}

async fn piece(tx: &Tx, table: &'static str, key: &[&'static str], old: &Condition) -> Result<u64, Problem> {
    let tenant: Value = tx.tenant().0.into();
    let mut some = Query::select();
    some.columns(key.iter().copied())
        .from(table)
        .and_where(Expr::col("tenant_id").eq(tenant.clone()))
        .cond_where(old.clone())
        .limit(PIECE);
    let columns = Expr::tuple(key.iter().map(|column| Expr::col(*column)));
    let mut delete = Query::delete();
    delete.from_table(table).and_where(Expr::col("tenant_id").eq(tenant)).and_where(columns.in_subquery(some));
    Ok(tx.execute(&delete).await.refused()?.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_moment_are_not_below_its_first() {
        let (before, id, after) =
            (Utc::now() - TimeDelta::milliseconds(5), Uuid::now_v7(), Utc::now() + TimeDelta::milliseconds(5));
        assert!(first_id(before) < id && id < first_id(after));
    }
}
