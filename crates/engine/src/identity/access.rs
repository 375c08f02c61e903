//! Access data for administrators: who came in, who was refused, who is in,
//! and who comes in with a password alone. Lists walk one index range a page.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    identity::user::USER,
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
    },
};
use conexao_storage::{
    Tx,
    entity::{audit, passkey, second_factor, session},
    table,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::device;
use crate::{Engine, Session, gate::Reach, refusal::Refused};

/// Permission to see all of it.
pub const READ: &str = "audit.read";
/// Days that the counts look back.
const DAYS: i64 = 7;
/// Rows of a page.
const PAGE: u64 = 50;

/// The lists there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    LogIns,
    Failures,
    Sessions,
    /// Active users without a second factor.
    Unprotected,
}

/// A page and where the next one starts.
#[derive(Debug)]
pub struct Page {
    pub items: Vec<Json>,
    pub next: Option<String>,
}

/// These rows are about everybody, so reaching own entries is not enough.
fn admitted(session: &Session) -> Result<(), Problem> {
    session.require(READ)?;
    let all = session.reach(READ) == Some(Reach::All);
    if all { Ok(()) } else { Err(Problem::new(Code::Forbidden).detail(READ)) }
}

/// Counts of the last seven days and of now.
pub async fn summary(engine: &Engine, session: &Session) -> Result<Json, Problem> {
    admitted(session)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let since = engine.now() - TimeDelta::days(DAYS);
    let acts = |action: &'static str| entries(&tx, action).filter(audit::Column::At.gte(since)).count(&*tx);
    let (log_ins, failures) = (acts("login").await.refused()?, acts("login_failed").await.refused()?);
    let sessions = active(&tx, engine.now()).count(&*tx).await.refused()?;
    let mut counted = Query::select();
    counted.expr(Func::count(Expr::col("id"))).from(USER.table).cond_where(unprotected(&tx));
    let row = tx.query_one(&counted).await.refused()?;
    let without = row.map(|row| row.try_get_by_index::<i64>(0)).transpose().refused()?.unwrap_or_default();
    tx.rollback().await.refused()?;
    Ok(json!({
        "days": DAYS,
        "log_ins": log_ins,
        "failures": failures,
        "sessions": sessions,
        "without_two_factor": without,
    }))
}

/// A page of a list, the newest first; users by when they were made.
pub async fn list(engine: &Engine, session: &Session, list: List, after: Option<&str>) -> Result<Page, Problem> {
    admitted(session)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let after = after.filter(|text| !text.is_empty());
    let page = match list {
        List::LogIns => acts(&tx, "login", after).await,
        List::Failures => acts(&tx, "login_failed", after).await,
        List::Sessions => sessions(&tx, engine.now(), after).await,
        List::Unprotected => users(&tx, after).await,
    }?;
    tx.rollback().await.refused()?;
    Ok(page)
}

fn bad_cursor() -> Problem {
    Problem::new(Code::UnknownParameter).detail("after")
}

/// A place in a list that is sorted by moment and something unique.
fn place<T: std::str::FromStr>(text: &str) -> Result<(DateTime<Utc>, T), Problem> {
    let (millis, key) = text.split_once('_').ok_or_else(bad_cursor)?;
    let at = millis.parse().ok().and_then(DateTime::from_timestamp_millis).ok_or_else(bad_cursor)?;
    Ok((at, key.parse().map_err(|_| bad_cursor())?))
}

/// Keeps a page of what was read with one row more.
fn cut<T>(mut rows: Vec<T>, write: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(write);
    (rows, next)
}

fn entries(tx: &Tx, action: &str) -> Select<audit::Entity> {
    audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant().0))
        .filter(audit::Column::Action.eq(action))
        .filter(audit::Column::Resource.eq(USER.name))
}

async fn acts(tx: &Tx, action: &str, after: Option<&str>) -> Result<Page, Problem> {
    let mut found = entries(tx, action);
    if let Some((at, seq)) = after.map(place::<i64>).transpose()? {
        let same = Condition::all().add(audit::Column::At.eq(at)).add(audit::Column::Seq.lt(seq));
        found = found.filter(Condition::any().add(audit::Column::At.lt(at)).add(same));
    }
    let found = found.order_by_desc(audit::Column::At).order_by_desc(audit::Column::Seq).limit(PAGE + 1);
    let rows = found.all(&**tx).await.refused()?;
    let (rows, next) = cut(rows, |row| format!("{}_{}", row.at.timestamp_millis(), row.seq));
    let names = names(tx, rows.iter().filter_map(|row| row.record_id)).await?;
    let shown = |row: &audit::Model| {
        let user = row.record_id.and_then(|id| names.get(&id));
        json!({ "user_id": row.record_id, "user": user, "at": write_instant(row.at), "ip": row.ip })
    };
    Ok(Page { items: rows.iter().map(shown).collect(), next })
}

fn active(tx: &Tx, now: DateTime<Utc>) -> Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::TenantId.eq(tx.tenant().0))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
}

async fn sessions(tx: &Tx, now: DateTime<Utc>, after: Option<&str>) -> Result<Page, Problem> {
    let mut found = active(tx, now);
    if let Some((at, id)) = after.map(place::<Uuid>).transpose()? {
        let same = Condition::all().add(session::Column::LastUsedAt.eq(at)).add(session::Column::Id.lt(id));
        found = found.filter(Condition::any().add(session::Column::LastUsedAt.lt(at)).add(same));
    }
    let found = found.order_by_desc(session::Column::LastUsedAt).order_by_desc(session::Column::Id).limit(PAGE + 1);
    let rows = found.all(&**tx).await.refused()?;
    let (rows, next) = cut(rows, |row| format!("{}_{}", row.last_used_at.timestamp_millis(), row.id));
    let names = names(tx, rows.iter().map(|row| row.user_id)).await?;
    let shown = |row: &session::Model| {
        let device = device::read(row.device.as_deref().unwrap_or_default());
        json!({
            "user_id": row.user_id,
            "user": names.get(&row.user_id),
            "at": write_instant(row.last_used_at),
            "created_at": write_instant(row.created_at),
            "ip": row.ip,
            "browser": device.browser,
            "system": device.system,
        })
    };
    Ok(Page { items: rows.iter().map(shown).collect(), next })
}

/// Active users whose password alone lets them in.
fn unprotected(tx: &Tx) -> Condition {
    let protected: SelectStatement = second_factor::Entity::find()
        .select_only()
        .column(second_factor::Column::UserId)
        .filter(second_factor::Column::TenantId.eq(tx.tenant().0))
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .into_query();
    let keys: SelectStatement = passkey::Entity::find()
        .select_only()
        .column(passkey::Column::UserId)
        .filter(passkey::Column::TenantId.eq(tx.tenant().0))
        .filter(passkey::Column::BlockedAt.is_null())
        .into_query();
    Condition::all()
        .add(Expr::col("tenant_id").eq(tx.tenant().0))
        .add(Expr::col("deleted_at").is_null())
        .add(Expr::col("status").eq("active"))
        .add(Expr::col("id").not_in_subquery(protected))
        .add(Expr::col("id").not_in_subquery(keys))
}

async fn users(tx: &Tx, after: Option<&str>) -> Result<Page, Problem> {
    let mut select = Query::select();
    select.column("id").from(USER.table).cond_where(unprotected(tx));
    if let Some(after) = after {
        let id = Uuid::parse_str(after).map_err(|_| bad_cursor())?;
        select.and_where(Expr::col("id").gt(id));
    }
    select.order_by("id", sea_orm::Order::Asc).limit(PAGE + 1);
    let rows = tx.query_all(&select).await.refused()?;
    let ids = rows.iter().map(|row| row.try_get_by_index::<Uuid>(0)).collect::<Result<Vec<_>, _>>().refused()?;
    let (ids, next) = cut(ids, Uuid::to_string);
    let mut found = table::by_ids(tx, &USER, &ids, false).await.refused()?;
    found.sort_by(|a, b| a.id().cmp(b.id()));
    let shown = found.iter().map(
        |user| json!({ "user_id": user.id(), "user": user.get("name"), "at": user.get("last_login_at"), "ip": null }),
    );
    Ok(Page { items: shown.collect(), next })
}

async fn names(tx: &Tx, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, String>, Problem> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let users = table::by_ids(tx, &USER, &ids, true).await.refused()?;
    let named = users
        .iter()
        .filter_map(|user| Some((Uuid::parse_str(user.id()).ok()?, user.text("name").unwrap_or_default().to_owned())));
    Ok(named.collect())
}
