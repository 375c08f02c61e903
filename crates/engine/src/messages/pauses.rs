//! Ways out as a whole: paused by hand, used no faster than they may be, and
//! what is wrong with their set-up.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{canonical::write_instant, problem::Problem},
};
use conexao_integrations::outcome::Next;
use conexao_storage::{Tx, entity::channel_state};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Value,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde_json::{Map, Value as Json, json};

use super::ways::Channel;
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

const MANAGE: &str = "settings.manage";

async fn row(tx: &Tx, channel: Channel) -> Result<(), Problem> {
    let row = channel_state::Model {
        tenant_id: tx.tenant().0,
        channel: channel.as_str().to_owned(),
        paused_at: None,
        paused_by: None,
        free_at: None,
        problem: None,
        problem_at: None,
    };
    let keys = [channel_state::Column::TenantId, channel_state::Column::Channel];
    let once = OnConflict::columns(keys).do_nothing().to_owned();
    let row = channel_state::ActiveModel::from(row).reset_all();
    channel_state::Entity::insert(row).on_conflict(once).exec_without_returning(&**tx).await.refused().map(|_| ())
}

fn change(tx: &Tx, channel: Channel) -> sea_orm::sea_query::UpdateStatement {
    let mut update = Query::update();
    update
        .table("channel_state")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("channel").eq(channel.as_str()));
    update
}

/// Whether a message may leave now; if so, the next one waits for its turn.
pub(super) async fn may_go(tx: &Tx, channel: Channel, now: DateTime<Utc>) -> Result<bool, Problem> {
    let Some(gap) = channel.gap() else { return Ok(true) };
    row(tx, channel).await?;
    let mut update = change(tx, channel);
    update
        .value("free_at", now + gap)
        .and_where(Expr::col("free_at").is_null().or(Expr::col("free_at").lte(now)))
        .and_where(Expr::col("paused_at").is_null());
    Ok(tx.execute(&update).await.refused()?.rows_affected() == 1)
}

/// Notes what is wrong with the set-up, or that it works again.
pub(super) async fn note_health(
    tx: &Tx,
    channel: Channel,
    next: Option<Next>,
    code: Option<String>,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let wrong = matches!(next, Some(Next::Alert)) || next == Some(Next::Disable) && channel == Channel::Slack;
    if wrong {
        row(tx, channel).await?;
    } else if next.is_some() {
        // A message went wrong, which says nothing about the way.
        return Ok(());
    }
    let mut update = change(tx, channel);
    update
        .value("problem", Value::String(code.filter(|_| wrong)))
        .value("problem_at", Value::ChronoDateTimeUtc(wrong.then_some(now)));
    if !wrong {
        update.and_where(Expr::col("problem").is_not_null());
    }
    tx.execute(&update).await.refused().map(|_| ())
}

/// Every way out: whether it is set up, paused or broken, what waits, and what
/// became of the messages of a day.
pub async fn list(engine: &Engine, session: &Session) -> Result<Vec<Json>, Problem> {
    session.gate(&MESSAGE, "read")?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let states = channel_state::Entity::find()
        .filter(channel_state::Column::TenantId.eq(session.tenant.0))
        .all(&*tx)
        .await
        .refused()?;
    let mut items = Vec::new();
    for channel in Channel::ALL {
        let state = states.iter().find(|state| state.channel == channel.as_str());
        let ready = match channel {
            Channel::Email => engine.mail.mailer(engine, &tx).await?.is_some(),
            Channel::Sms => engine.mail.twilio(engine, &tx).await?.is_some(),
            // Browsers need nothing, people may bring their own hook.
            Channel::Push | Channel::Slack => true,
        };
        let counts = counts(&tx, channel, engine.now()).await?;
        items.push(json!({
            "channel": channel.as_str(),
            "ready": ready,
            "paused_at": state.and_then(|state| state.paused_at).map(write_instant),
            "paused_by": state.and_then(|state| state.paused_by.clone()),
            "problem": state.and_then(|state| state.problem.clone()),
            "problem_at": state.and_then(|state| state.problem_at).map(write_instant),
            "counts": counts,
        }));
    }
    tx.rollback().await.refused()?;
    Ok(items)
}

/// What waits, and the rest of the last day by status.
async fn counts(tx: &Tx, channel: Channel, now: DateTime<Utc>) -> Result<Map<String, Json>, Problem> {
    let mut select = Query::select();
    select
        .column("status")
        .expr(Expr::cust("COUNT(*)"))
        .from(MESSAGE.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("channel").eq(channel.as_str()))
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(
            Expr::col("status").is_in(["queued", "sending"]).or(Expr::col("updated_at").gt(now - TimeDelta::days(1))),
        )
        .group_by_col("status");
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(String, Json), Problem> {
        let (status, count): (String, i64) = (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        Ok((status, count.into()))
    };
    rows.iter().map(read).collect()
}

/// Where mail servers hand reports in, for who sets them up.
pub fn intake(engine: &Engine, session: &Session) -> Result<String, Problem> {
    session.require(MANAGE)?;
    Ok(engine.mail.page(&engine.mail.intake_path()))
}

/// Stops a way out, or lets it go on; what waits stays in the queue.
pub async fn pause(engine: &Engine, session: &Session, channel: &str, paused: bool) -> Result<(), Problem> {
    session.require(MANAGE)?;
    let channel = Channel::parse(channel).ok_or_else(Problem::not_found)?;
    let mut write = Write::begin(engine, session).await?;
    row(&write.tx, channel).await?;
    let key = (session.tenant.0, channel.as_str().to_owned());
    let state =
        channel_state::Entity::find_by_id(key).one(&*write.tx).await.refused()?.ok_or_else(Problem::not_found)?;
    if state.paused_at.is_some() == paused {
        return Ok(());
    }
    let mut active = channel_state::ActiveModel::from(state);
    active.paused_at = sea_orm::ActiveValue::Set(paused.then_some(write.now));
    active.paused_by = sea_orm::ActiveValue::Set(paused.then(|| session.name.clone()));
    active.update(&*write.tx).await.refused()?;
    write.note(Entry {
        resource: "channel",
        record_id: None,
        action: if paused { "pause" } else { "resume" }.to_owned(),
        changes: Map::from_iter([("name".to_owned(), json!([Json::Null, channel.as_str()]))]),
    });
    write.commit(204, &Json::Null).await?;
    engine.mail.nudge();
    Ok(())
}
