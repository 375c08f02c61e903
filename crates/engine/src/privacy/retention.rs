//! The timetable as a company has it: the law's years, or more.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use conexao_domain::{
    kernel::{canonical::write_instant, problem::Problem, record::Record, resource::Resource},
    locale,
    privacy::{
        SEARCH,
        retention::{self, Basis, Since, TIMETABLE},
    },
    registry,
};
use conexao_storage::Tx;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// Longest reason, in characters.
const REASON: usize = 300;

/// Years by basis where they differ from the law's.
#[derive(Debug, Default)]
pub(super) struct Timetable(HashMap<&'static str, (u32, String)>);

impl Timetable {
    pub async fn load(tx: &Tx) -> Result<Self, Problem> {
        let mut select = Query::select();
        select
            .columns(["basis", "years", "reason"])
            .from("retention_choice")
            .and_where(Expr::col("tenant_id").eq(tx.tenant().0));
        let mut chosen = HashMap::new();
        for row in tx.query_all(&select).await.refused()? {
            let (basis, years): (String, i64) =
                (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
            if let (Some(basis), Ok(years)) = (Basis::by_name(&basis), u32::try_from(years)) {
                chosen.insert(basis.name(), (years, row.try_get_by_index(2).refused()?));
            }
        }
        Ok(Self(chosen))
    }

    fn years(&self, basis: Basis) -> Option<u32> {
        let legal = basis.years()?;
        Some(self.0.get(basis.name()).map_or(legal, |(years, _)| std::cmp::Ord::max(*years, legal)))
    }

    /// Which fields of the record the timetable keeps, why, and until when;
    /// without fields it keeps all of them. What is over is not among it.
    pub async fn keeps(
        &self,
        tx: &Tx,
        resource: &Resource,
        record: &Record,
        today: NaiveDate,
    ) -> Result<Vec<Keeps>, Problem> {
        let mut keeps = Vec::new();
        for keeping in retention::of(resource.name) {
            let since = match keeping.since {
                Since::Created => record.instant("created_at"),
                Since::Last { resource, field } => last(tx, resource, field, record).await?,
            };
            let Some(since) = since else { continue };
            let until = self.years(keeping.basis).map(|years| retention::until(since.date_naive(), years));
            if until.is_none_or(|until| until >= today) {
                keeps.push(Keeps { fields: keeping.fields, basis: keeping.basis, until });
            }
        }
        Ok(keeps)
    }
}

/// Fields that are kept, empty for all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keeps {
    fields: &'static [&'static str],
    pub basis: Basis,
    pub until: Option<NaiveDate>,
}

impl Keeps {
    pub fn covers(&self, field: &str) -> bool {
        self.fields.is_empty() || self.fields.contains(&field)
    }
}

/// When the youngest record that refers to this one began.
async fn last(tx: &Tx, resource: &str, field: &'static str, record: &Record) -> Result<Option<DateTime<Utc>>, Problem> {
    let (Some(resource), Ok(id)) = (registry::by_name(resource), Uuid::parse_str(record.id())) else { return Ok(None) };
    let mut select = Query::select();
    select
        .column("created_at")
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col(field).eq(id))
        .order_by("created_at", sea_orm::Order::Desc)
        .limit(1);
    let row = tx.query_one(&select).await.refused()?;
    row.map(|row| row.try_get_by_index(0).refused()).transpose()
}

/// The timetable, line by line.
pub async fn choices(engine: &Engine, session: &Session) -> Result<Json, Problem> {
    session.require(SEARCH)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let timetable = Timetable::load(&tx).await?;
    tx.rollback().await.refused()?;
    let items = Basis::ALL.iter().map(|basis| {
        let allowed = basis.allowed();
        let mut kinds: Vec<&str> = TIMETABLE.iter().filter(|k| k.basis == *basis).map(|k| k.resource).collect();
        kinds.dedup();
        json!({
            "basis": basis.name(),
            "label": locale::text(session.locale, &format!("basis.{}", basis.name())),
            "law": basis.law(),
            "legal_years": basis.years(),
            "years": timetable.years(*basis),
            "most_years": allowed.map(|range| *range.end()),
            "reason": timetable.0.get(basis.name()).map(|(_, reason)| reason),
            "resources": kinds.iter().map(|name| locale::text(session.locale, &format!("resource.{name}.plural"))).collect::<Vec<_>>(),
        })
    });
    Ok(json!({ "items": items.collect::<Vec<_>>() }))
}

/// Keeps longer than the law asks, and says why.
pub async fn choose(engine: &Engine, session: &Session, basis: &str, years: u32, reason: &str) -> Result<(), Problem> {
    session.require("settings.manage")?;
    let known = Basis::by_name(basis).ok_or_else(|| Problem::field("basis", "choice"))?;
    if !known.allowed().is_some_and(|range| range.contains(&years)) {
        return Err(Problem::field("years", "range"));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(Problem::field("reason", "required"));
    }
    let mut write = Write::begin(engine, session).await?;
    let before = Timetable::load(&write.tx).await?.years(known);
    let mut insert = Query::insert();
    insert.into_table("retention_choice").columns(["tenant_id", "basis", "years", "reason", "changed_at"]);
    let values: [sea_orm::Value; 5] =
        [session.tenant.0.into(), known.name().into(), i64::from(years).into(), reason.into(), write.now.into()];
    insert.values_panic(values.into_iter().map(Expr::val));
    insert.on_conflict(
        OnConflict::columns(["tenant_id", "basis"]).update_columns(["years", "reason", "changed_at"]).to_owned(),
    );
    write.tx.execute(&insert).await.refused()?;
    let said = [
        ("basis", json!([Json::Null, known.name()])),
        ("years", json!([before, years])),
        ("reason", json!([Json::Null, reason])),
    ];
    let changes: Map<String, Json> = said.into_iter().map(|(name, pair)| (name.to_owned(), pair)).collect();
    write.note(Entry { resource: "retention", record_id: None, action: "update".to_owned(), changes });
    let answer = json!({ "basis": known.name(), "years": years, "changed_at": write_instant(write.now) });
    write.commit(200, &answer).await
}
