//! Reading and changing a company's settings: one record under its own version.

use conexao_domain::{
    kernel::{
        canonical::write_instant,
        plan,
        problem::{Code, FieldProblem, Problem},
        record::Record,
    },
    settings::{
        COMPANY, company,
        numbering::{self, SERIES},
    },
};
use conexao_storage::{
    Tx,
    entity::{sequence, tenant},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, Statement, Value,
};
use serde_json::{Map, Value as Json, json};

use super::house::values;
use crate::{
    Engine, Session, Write, facts,
    identity::registration,
    journal::{Entry, difference},
    read::present as shown,
    refusal::Refused,
};

/// The permission to change the settings.
pub const MANAGE: &str = "settings.manage";

/// The settings with their version; needs `settings.manage`.
pub async fn read(engine: &Engine, session: &Session) -> Result<Record, Problem> {
    session.require(MANAGE)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let row = row(&tx, false).await?;
    let seen = named(&tx, present(&tx, &row).await?).await?;
    tx.rollback().await.refused()?;
    Ok(seen)
}

/// The same with the names of what it refers to.
async fn named(tx: &Tx, seen: Record) -> Result<Record, Problem> {
    let found = shown(tx, &COMPANY, vec![seen], true).await?.pop();
    found.ok_or_else(Problem::not_found)
}

pub(super) async fn row(tx: &Tx, lock: bool) -> Result<tenant::Model, Problem> {
    let mut found = tenant::Entity::find().filter(tenant::Column::Id.eq(tx.tenant().0));
    if lock {
        found = found.lock_exclusive();
    }
    found.one(&**tx).await.refused()?.ok_or_else(Problem::not_found)
}

/// The record as readers see it: every series with the number that comes next.
async fn present(tx: &Tx, row: &tenant::Model) -> Result<Record, Problem> {
    let mut seen = values(row);
    let chosen: Vec<_> = seen.lines("numbering").iter().filter_map(numbering::Choice::of).collect();
    let mut lines = Vec::new();
    for series in SERIES {
        let own = chosen.iter().find(|choice| choice.series == series.name);
        let (prefix, width) = own.map_or((series.prefix, series.width), |own| (own.prefix.as_str(), own.width));
        let next = drawn(tx, series.sequence).await? + 1;
        lines.push(json!({ "series": series.name, "prefix": prefix, "width": width, "next": next }));
    }
    seen.set("numbering", lines);
    seen.set("id", company::ID);
    seen.set("version", row.version);
    seen.set("created_at", write_instant(row.created_at));
    Ok(seen)
}

/// The last number given out.
async fn drawn(tx: &Tx, name: &str) -> Result<i64, Problem> {
    let found = sequence::Entity::find_by_id((tx.tenant().0, name.to_owned())).one(&**tx).await.refused()?;
    Ok(found.map_or(0, |row| row.value))
}

/// Changes settings over the version the caller saw.
pub async fn patch(
    engine: &Engine,
    session: &Session,
    version: i64,
    input: &Map<String, Json>,
) -> Result<Record, Problem> {
    session.require(MANAGE)?;
    let mut write = Write::begin(engine, session).await?;
    let row = row(&write.tx, true).await?;
    let current = present(&write.tx, &row).await?;
    if row.version != version {
        return Err(Problem::new(Code::Stale).with("current", Json::Object(current.0)));
    }
    let mut next = plan::patch(&COMPANY, &current, input, &facts::plain(engine, &write.session))?;
    registration::within(&write.tx, session, &current, &next).await?;
    number(&write.tx, &current, &next).await?;
    let changes = difference(&COMPANY, Some(&current), &next);
    if changes.is_empty() {
        return Ok(current);
    }
    for name in ["id", "version", "created_at"] {
        next.0.remove(name);
    }
    // The number that comes next is the sequence's to know.
    let lines = next.lines("numbering").into_iter().map(|mut line| {
        line.0.remove("next");
        Json::Object(line.0)
    });
    let lines: Vec<Json> = lines.collect();
    next.set("numbering", lines);
    let mut settings: Json = serde_json::from_str(&row.settings).unwrap_or_else(|_| json!({}));
    if let Some(all) = settings.as_object_mut() {
        all.insert("company".to_owned(), Json::Object(next.0.clone()));
    }
    let mut active = row.into_active_model();
    active.settings = Set(settings.to_string());
    active.name = Set(next.text("name").unwrap_or_default().to_owned());
    active.time_zone = Set(next.text("time_zone").unwrap_or(super::FIRST_ZONE).to_owned());
    active.version = Set(version + 1);
    let row = active.update(&*write.tx).await.refused()?;
    write.note(Entry { resource: COMPANY.name, record_id: None, action: "update".to_owned(), changes });
    let seen = named(&write.tx, present(&write.tx, &row).await?).await?;
    write.commit(200, &Json::Object(seen.0.clone())).await?;
    engine.announce_change(session.tenant).await;
    Ok(seen)
}

/// Sets sequences forward; never below what was given out.
async fn number(tx: &Tx, before: &Record, after: &Record) -> Result<(), Problem> {
    let had = before.lines("numbering");
    let mut problems = Vec::new();
    for (i, line) in after.lines("numbering").iter().enumerate() {
        let Some(series) = line.text("series").and_then(numbering::by_name) else { continue };
        let same = had.iter().any(|old| old.text("series") == Some(series.name) && old.get("next") == line.get("next"));
        let Some(wanted) = line.integer("next").filter(|_| !same) else { continue };
        let sql = "INSERT INTO sequence (tenant_id, name, value) VALUES ($1, $2, $3) \
                   ON CONFLICT (tenant_id, name) DO UPDATE SET value = excluded.value \
                   WHERE sequence.value <= excluded.value";
        let values: [Value; 3] = [tx.tenant().0.into(), series.sequence.into(), (wanted - 1).into()];
        let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await;
        if done.refused()?.rows_affected() == 0 {
            problems.push(FieldProblem::new(format!("numbering.{i}.next"), "issued"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Problem::fields(problems)) }
}

/// The settings of a company for an environment beside it.
pub(super) fn copied(origin: &tenant::Model, name: &str) -> Record {
    let mut copy = values(origin);
    copy.set("name", name);
    // Strangers register with the company, not with its environment for trying
    // things out; and the role is one of the company's own.
    for field in ["registration", "registration_role"] {
        copy.0.remove(field);
    }
    copy
}
