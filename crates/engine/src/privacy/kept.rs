//! What the law keeps of people who were anonymised: apart, encrypted, looked at
//! with a reason, and gone when its time is over and somebody says so.

use chrono::{DateTime, NaiveDate, Utc};
use conexao_domain::{
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
    },
    locale,
    privacy::{ERASE, SEARCH, retention::Basis},
    registry,
};
use conexao_storage::{Tenant, Tx};
use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::empty::TABLE;
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused, vault::Place};

/// Rows of a page.
const PAGE: u64 = 50;
const REASON: usize = 300;

/// A person who was anonymised.
#[derive(Debug)]
struct Row {
    id: Uuid,
    resource: String,
    record: Uuid,
    request: Option<Uuid>,
    erased_at: DateTime<Utc>,
    basis: Option<String>,
    sealed: Option<String>,
    until: Option<NaiveDate>,
    fields: String,
}

fn select(tx: &Tx) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["id", "resource", "record_id", "request_id", "erased_at", "basis", "sealed", "keep_until", "fields"])
        .from(TABLE)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0));
    select
}

fn read(row: &QueryResult) -> Result<Row, Problem> {
    Ok(Row {
        id: row.try_get_by_index(0).refused()?,
        resource: row.try_get_by_index(1).refused()?,
        record: row.try_get_by_index(2).refused()?,
        request: row.try_get_by_index(3).refused()?,
        erased_at: row.try_get_by_index(4).refused()?,
        basis: row.try_get_by_index(5).refused()?,
        sealed: row.try_get_by_index(6).refused()?,
        until: row.try_get_by_index(7).refused()?,
        fields: row.try_get_by_index(8).refused()?,
    })
}

impl Row {
    fn shown(&self, session: &Session, today: NaiveDate) -> Json {
        let basis = self.basis.as_deref().and_then(Basis::by_name);
        let emptied: Vec<String> = serde_json::from_str(&self.fields).unwrap_or_default();
        let resource = registry::by_name(&self.resource);
        let label =
            |name: &String| resource.map_or_else(|| name.clone(), |r| locale::field(session.locale, r.name, name));
        json!({
            "id": self.id,
            "resource": self.resource,
            "record_id": self.record,
            "request_id": self.request,
            "erased_at": write_instant(self.erased_at),
            "emptied": emptied.iter().map(label).collect::<Vec<_>>(),
            "kept": self.sealed.is_some(),
            "basis": basis.map(Basis::name),
            "basis_label": basis.map(|b| locale::text(session.locale, &format!("basis.{}", b.name()))),
            "law": basis.map(Basis::law),
            "until": self.until.map(|day| day.to_string()),
            "over": self.sealed.is_some() && self.until.is_some_and(|day| day < today),
        })
    }
}

fn place(tenant: Tenant, id: Uuid) -> Place<'static> {
    Place { tenant: tenant.0, table: TABLE, column: "sealed", id }
}

/// Who was anonymised, the latest first; older than `after`.
pub async fn kept(engine: &Engine, session: &Session, after: Option<Uuid>) -> Result<Json, Problem> {
    session.require(SEARCH)?;
    let today = engine.now().with_timezone(&session.time_zone).date_naive();
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut wanted = select(&tx);
    if let Some(after) = after {
        wanted.and_where(Expr::col("id").lt(after));
    }
    let rows = tx.query_all(wanted.order_by("id", sea_orm::Order::Desc).limit(PAGE + 1)).await.refused()?;
    tx.rollback().await.refused()?;
    let mut rows = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let page = usize::try_from(PAGE).unwrap_or_default();
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    Ok(json!({ "items": rows.iter().map(|row| row.shown(session, today)).collect::<Vec<_>>(), "next": next }))
}

/// Those whose time is over.
pub(super) async fn over(tx: &Tx, session: &Session, today: NaiveDate) -> Result<Vec<Json>, Problem> {
    let mut wanted = select(tx);
    wanted
        .and_where(Expr::col("sealed").is_not_null())
        .and_where(Expr::col("keep_until").lt(today))
        .order_by("keep_until", sea_orm::Order::Asc)
        .limit(PAGE);
    let rows = tx.query_all(&wanted).await.refused()?;
    rows.iter().map(|row| Ok(read(row)?.shown(session, today))).collect()
}

async fn one(tx: &Tx, id: Uuid) -> Result<Row, Problem> {
    let mut wanted = select(tx);
    wanted.and_where(Expr::col("id").eq(id));
    let row = tx.query_one(&wanted).await.refused()?;
    read(&row.ok_or_else(Problem::not_found)?)
}

/// What is kept of somebody, in full, for a reason that stays in the audit.
pub async fn show(engine: &Engine, session: &Session, id: Uuid, reason: &str) -> Result<Json, Problem> {
    session.require(ERASE)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(Problem::field("reason", "required"));
    }
    let mut write = Write::begin(engine, &Session { idempotency: None, ..session.clone() }).await?;
    let row = one(&write.tx, id).await?;
    let sealed = row.sealed.as_deref().ok_or_else(Problem::not_found)?;
    let text = engine.vault.unseal(sealed, &place(session.tenant, id))?;
    let values: Map<String, Json> = serde_json::from_str(&text).unwrap_or_default();
    let names: Vec<&String> = values.keys().collect();
    note(&mut write, &row, "reveal", &[("fields", json!(names)), ("reason", json!(reason))]);
    write.commit(200, &Json::Null).await?;
    let resource = registry::by_name(&row.resource);
    let label = |name: &str| resource.map_or_else(|| name.to_owned(), |r| locale::field(session.locale, r.name, name));
    let items: Vec<Json> =
        values.iter().map(|(name, value)| json!({ "field": name, "label": label(name), "value": value })).collect();
    Ok(json!({ "items": items }))
}

/// Forgets what was kept of somebody once its time is over.
pub async fn dispose(engine: &Engine, session: &Session, id: Uuid) -> Result<(), Problem> {
    session.require(ERASE)?;
    let mut write = Write::begin(engine, session).await?;
    let row = one(&write.tx, id).await?;
    let today = write.now.with_timezone(&session.time_zone).date_naive();
    if row.sealed.is_none() || row.until.is_none_or(|until| until >= today) {
        return Err(Problem::new(Code::StepRefused).detail("still_kept"));
    }
    let mut update = Query::update();
    update
        .table(TABLE)
        .value("sealed", sea_orm::Value::String(None))
        .and_where(Expr::col("tenant_id").eq(session.tenant.0))
        .and_where(Expr::col("id").eq(id));
    write.tx.execute(&update).await.refused()?;
    note(&mut write, &row, "dispose", &[("basis", json!(row.basis))]);
    write.commit(204, &Json::Null).await
}

fn note(write: &mut Write, row: &Row, action: &str, said: &[(&str, Json)]) {
    let changes = said.iter().map(|(name, value)| ((*name).to_owned(), json!([Json::Null, value]))).collect();
    let resource = registry::by_name(&row.resource).map_or("erasure", |resource| resource.name);
    write.note(Entry { resource, record_id: Some(row.record), action: action.to_owned(), changes });
}

/// Wraps what is kept with the key in use; returns how many were under another.
pub async fn rewrap(engine: &Engine, tenant: Tenant) -> Result<u64, Problem> {
    let tx = engine.db.write(tenant).await.refused()?;
    let mut wanted = select(&tx);
    wanted.and_where(Expr::col("sealed").is_not_null());
    let mut changed = 0;
    for row in tx.query_all(&wanted).await.refused()? {
        let row = read(&row)?;
        let Some(sealed) = row.sealed else { continue };
        let Some(sealed) = engine.vault.rewrap(&sealed, &place(tenant, row.id))? else { continue };
        let mut update = Query::update();
        update
            .table(TABLE)
            .value("sealed", sealed)
            .and_where(Expr::col("tenant_id").eq(tenant.0))
            .and_where(Expr::col("id").eq(row.id));
        tx.execute(&update).await.refused()?;
        changed += 1;
    }
    tx.commit().await.refused()?;
    Ok(changed)
}
