//! Emptying one record, in one transaction with its journal.

use conexao_domain::{
    kernel::{
        canonical::write_instant,
        field::{Field, Kind},
        problem::Problem,
        record::Record,
    },
    privacy::GONE,
};
use conexao_storage::table;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, OnConflict, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    decide::{Decision, Tie},
    subject::Subject,
};
use crate::{
    Engine, Write, facts,
    journal::Entry,
    refusal::Refused,
    vault::Place,
    write::{Known, follow},
};

/// An address nobody has, where a record cannot do without one.
pub(super) const NOWHERE: &str = "anonimizado@anonimizado.invalid";
/// Where what the law keeps is kept.
pub(super) const TABLE: &str = "erasure";

/// The request that asks for it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub id: Uuid,
    pub number: String,
}

/// Empties a record as decided. Its old values are in no audit entry.
pub(super) async fn empty(
    engine: &Engine,
    write: &mut Write,
    subject: &Subject,
    decision: &Decision,
    asked: &Asked,
) -> Result<(), Problem> {
    if decision.emptied.is_empty() {
        return Ok(());
    }
    let (resource, current) = (decision.resource, &decision.record);
    let mut next = current.clone();
    for field in &decision.emptied {
        let value = match decision.tie {
            Tie::Mentions => without(field, current, subject),
            Tie::Person | Tie::Refers => emptied(field, current, decision),
        };
        next.set(field.name, value);
    }
    // What waits to be sent has nobody to go to.
    if resource.name == "message" && current.text("status") == Some("queued") {
        next.set("status", "cancelled");
        next.set("next_at", Json::Null);
    }
    if decision.tie == Tie::Person {
        (resource.derive)(&mut next, &facts::of(&write.session, write.now));
        keep(engine, write, decision, asked).await?;
    }
    next.set("version", current.version() + 1);
    next.set("updated_at", write_instant(write.now));
    let search = Known::about(&write.tx, resource, &[&next]).await?.search_text(resource, &next);
    table::update_anyway(&write.tx, resource, current.version(), current, &next, &search).await.refused()?;
    let names: Vec<&str> = decision.emptied.iter().map(|field| field.name).collect();
    let record_id = Uuid::parse_str(current.id()).ok();
    let changes = Map::from_iter([
        ("fields".to_owned(), json!([Json::Null, names])),
        ("request".to_owned(), json!([Json::Null, asked.number])),
    ]);
    let detail = Map::from_iter([("version".to_owned(), next.version().into())]);
    write.tell(Entry { resource: resource.name, record_id, action: "anonymise".to_owned(), changes }, detail);
    if current.get(resource.title) != next.get(resource.title) {
        follow(write, resource, record_id.as_slice()).await?;
    }
    Ok(())
}

/// The value of a field that lost what it said.
fn emptied(field: &Field, current: &Record, decision: &Decision) -> Json {
    match field.kind {
        Kind::Lines(_) | Kind::Tags => Json::Array(Vec::new()),
        Kind::Email if field.required => NOWHERE.into(),
        Kind::Text { .. } | Kind::LongText { .. } if field.required || field.name == decision.resource.title => {
            let id = current.id();
            format!("{GONE} {}", id.get(id.len().saturating_sub(6)..).unwrap_or_default()).into()
        }
        _ => Json::Null,
    }
}

/// The value of a field without the person it names.
fn without(field: &Field, current: &Record, subject: &Subject) -> Json {
    let mut value = current.get(field.name).clone();
    match field.kind {
        Kind::Email if field.required => NOWHERE.into(),
        Kind::Email | Kind::Phone | Kind::CpfCnpj => Json::Null,
        _ => {
            subject.needles.clean(&mut value);
            value
        }
    }
}

/// Keeps apart, encrypted, what the law keeps of a person; and that the rest went.
async fn keep(engine: &Engine, write: &Write, decision: &Decision, asked: &Asked) -> Result<(), Problem> {
    let id = Uuid::now_v7();
    let tenant = write.session.tenant.0;
    let kept: Map<String, Json> = decision
        .kept
        .iter()
        .map(|kept| (kept.field.name.to_owned(), decision.record.get(kept.field.name).clone()))
        .collect();
    let place = Place { tenant, table: TABLE, column: "sealed", id };
    let sealed = if kept.is_empty() { None } else { Some(engine.vault.seal(&Json::Object(kept).to_string(), &place)?) };
    let longest = decision.kept.iter().max_by_key(|kept| kept.until);
    let names: Vec<&str> = decision.emptied.iter().map(|field| field.name).collect();
    let values: [(&'static str, sea_orm::Value); 10] = [
        ("tenant_id", tenant.into()),
        ("id", id.into()),
        ("resource", decision.resource.name.into()),
        ("record_id", Uuid::parse_str(decision.record.id()).unwrap_or_default().into()),
        ("request_id", asked.id.into()),
        ("erased_at", write.now.into()),
        ("basis", longest.map(|kept| kept.basis.name().to_owned()).into()),
        ("sealed", sealed.into()),
        ("keep_until", longest.and_then(|kept| kept.until).into()),
        ("fields", json!(names).to_string().into()),
    ];
    let mut insert = Query::insert();
    insert.into_table(TABLE).columns(values.iter().map(|(name, _)| *name).chain(["erased_by"]));
    let by = sea_orm::Value::Uuid(write.session.user_id());
    insert.values_panic(values.into_iter().map(|(_, value)| value).chain([by]).map(Expr::val));
    // Emptied before and filled again since: the law's copy is the first one.
    insert.on_conflict(OnConflict::columns(["tenant_id", "resource", "record_id"]).do_nothing().to_owned());
    write.tx.execute(&insert).await.refused()?;
    Ok(())
}
