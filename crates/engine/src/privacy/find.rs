//! Everything about a person, wherever it is. Which columns are looked at
//! follows from the declarations, so a new resource is found by being declared.

use std::collections::BTreeMap;

use conexao_domain::{
    kernel::{
        canonical::write_instant,
        field::{Field, Kind},
        problem::Problem,
        record::Record,
        resource::Resource,
        value::{CpfCnpj, Email, Phone, fold},
    },
    locale,
    privacy::{SEARCH, about_people, is_person, references, request::PRIVACY_REQUEST},
    registry::RESOURCES,
};
use conexao_storage::{
    Tx, table,
    texts::{any_holds, holds},
};
use sea_orm::{
    Condition, ConnectionTrait, Order,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    request,
    subject::{Chosen, Subject, Values},
    texts,
};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// Records of one resource in an answer.
const MOST: u64 = 100;

/// What somebody is known by.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Identity {
    pub document: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub name: Option<String>,
}

impl Identity {
    fn values(&self) -> Result<Values, Problem> {
        let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
        let wrong =
            |name: &'static str| move |invalid: conexao_domain::kernel::value::Invalid| Problem::field(name, invalid.0);
        let document = given(&self.document).map(|v| CpfCnpj::parse(&v).map_err(wrong("document"))).transpose()?;
        let email = given(&self.email).map(|v| Email::parse(&v).map_err(wrong("email"))).transpose()?;
        let phone = given(&self.phone).map(|v| Phone::parse(&v).map_err(wrong("phone"))).transpose()?;
        let values = Values {
            documents: document.into_iter().map(|v| v.as_str().to_owned()).collect(),
            emails: email.into_iter().map(|v| v.as_str().to_owned()).collect(),
            phones: phone.into_iter().map(|v| v.as_str().to_owned()).collect(),
            names: given(&self.name)
                .map(|v| v.trim().to_owned())
                .filter(|v| v.chars().count() >= 3)
                .into_iter()
                .collect(),
        };
        let none =
            [&values.documents, &values.emails, &values.phones, &values.names].iter().all(|list| list.is_empty());
        if none { Err(Problem::field("document", "requester_unknown")) } else { Ok(values) }
    }
}

/// Looks for somebody by what they are known by.
pub async fn find(engine: &Engine, session: &Session, identity: &Identity) -> Result<Json, Problem> {
    session.require(SEARCH)?;
    let values = identity.values()?;
    let subject = Subject { people: Vec::new(), needles: values.needles(), values };
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = everything(&tx, session, &subject).await?;
    tx.rollback().await.refused()?;
    note(engine, session, None).await?;
    Ok(found)
}

/// Looks for the person of a request, by what the request says and what the
/// customer it names says.
pub async fn find_for(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    session.require(SEARCH)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let record = request::load(&tx, session, id).await?;
    let named = record.text("customer_id").and_then(|id| Uuid::parse_str(id).ok());
    let chosen: Vec<Chosen> = named.map(|id| Chosen { resource: "customer".to_owned(), id }).into_iter().collect();
    let subject = Subject::load(&tx, Some(&record), &chosen).await?;
    let found = everything(&tx, session, &subject).await?;
    tx.rollback().await.refused()?;
    note(engine, session, Some(id)).await?;
    Ok(found)
}

/// Looking for a person everywhere is an entry; whom, is not.
async fn note(engine: &Engine, session: &Session, request: Option<Uuid>) -> Result<(), Problem> {
    let mut write = Write::begin(engine, &Session { idempotency: None, ..session.clone() }).await?;
    write.note(Entry {
        resource: PRIVACY_REQUEST.name,
        record_id: request,
        action: "search".to_owned(),
        changes: Map::new(),
    });
    write.commit(200, &Json::Null).await
}

async fn everything(tx: &Tx, session: &Session, subject: &Subject) -> Result<Json, Problem> {
    let mut groups = Vec::new();
    for resource in RESOURCES.iter().copied() {
        let ids = candidates(tx, resource, subject, None, MOST + 1).await?;
        let records = load(tx, resource, &ids).await?;
        let items: Vec<Json> = records.iter().filter_map(|r| item(session, resource, r, subject)).collect();
        if !items.is_empty() {
            let more = u64::try_from(items.len()).unwrap_or_default() > MOST;
            let label = locale::text(session.locale, &format!("resource.{}.plural", resource.name));
            groups.push(json!({ "kind": "records", "name": resource.name, "label": label, "person": is_person(resource), "items": items, "more": more }));
        }
    }
    groups.extend(texts::found(tx, session, subject).await?);
    Ok(json!({ "groups": groups }))
}

pub(super) async fn load(tx: &Tx, resource: &'static Resource, ids: &[Uuid]) -> Result<Vec<Record>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut records = table::by_ids(tx, resource, ids, true).await.refused()?;
    table::fill(tx, resource, &mut records).await.refused()?;
    records.sort_by(|a, b| a.id().cmp(b.id()));
    Ok(records)
}

/// Ids of records that may tell of the person, removed ones too, in their order.
pub(super) async fn candidates(
    tx: &Tx,
    resource: &'static Resource,
    subject: &Subject,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Uuid>, Problem> {
    let meant = meant(tx, resource, subject);
    if meant.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Query::select();
    select
        .column("id")
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .cond_where(meant)
        .order_by("id", Order::Asc)
        .limit(limit);
    if let Some(after) = after {
        select.and_where(Expr::col("id").gt(after));
    }
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| row.try_get_by_index(0).refused()).collect()
}

/// Everything by which a record of the resource may tell of the person.
fn meant(tx: &Tx, resource: &'static Resource, subject: &Subject) -> Condition {
    let (ids, values) = (subject.ids(), &subject.values);
    let forms: Vec<String> = subject.needles.forms().map(str::to_owned).collect();
    let mut any = Condition::any();
    if is_person(resource) {
        let own = subject.people.iter().filter(|(r, _)| r.name == resource.name);
        let own: Vec<Uuid> = own.filter_map(|(_, record)| Uuid::parse_str(record.id()).ok()).collect();
        any = any.add_option((!own.is_empty()).then(|| Expr::col("id").is_in(own)));
        let names = values.names.iter().map(|name| holds("search_text", &fold(name)));
        any = names.fold(any, Condition::add);
    }
    for (field, target) in references(resource) {
        let own = subject.people.iter().filter(|(r, _)| r.name == target.name);
        let own: Vec<Uuid> = own.filter_map(|(_, record)| Uuid::parse_str(record.id()).ok()).collect();
        any = any.add_option((!own.is_empty()).then(|| Expr::col(field.name).is_in(own)));
    }
    // What tells of other records by their id.
    if resource.field("record_id").is_some_and(|f| matches!(f.kind, Kind::Text { .. })) && !ids.is_empty() {
        any = any.add(Expr::col("record_id").is_in(ids.iter().map(Uuid::to_string)));
    }
    any = exact(resource.fields, values).into_iter().fold(any, Condition::add);
    any = any.add_option(within(&text_columns(resource), &forms));
    for (_, lines) in resource.lines().filter(|(field, _)| about_people(field)) {
        let told = lines.fields.iter().filter(|f| f.personal && is_free_text(f)).map(|f| f.name);
        let told: Vec<&'static str> = told.collect();
        let contacts: Vec<&String> = values.emails.iter().chain(&values.phones).chain(&values.documents).collect();
        let equal = told.iter().filter(|_| !contacts.is_empty());
        let mut own = equal
            .map(|name| Expr::col(*name).is_in(contacts.iter().map(|v| v.as_str())))
            .fold(Condition::any(), Condition::add);
        own = exact(lines.fields, values).into_iter().fold(own, Condition::add);
        if own.is_empty() {
            continue;
        }
        let mut owners = Query::select();
        owners
            .column(lines.parent)
            .from(lines.table)
            .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
            .cond_where(own);
        any = any.add(Expr::col("id").in_subquery(owners));
    }
    any
}

const fn is_free_text(field: &Field) -> bool {
    matches!(field.kind, Kind::Text { .. } | Kind::LongText { .. })
}

/// Fields with a kind of their own that hold one of the values.
fn exact(fields: &'static [Field], values: &Values) -> Vec<sea_orm::sea_query::SimpleExpr> {
    let of = |field: &'static Field| {
        let list = match field.kind {
            Kind::CpfCnpj => &values.documents,
            Kind::Email => &values.emails,
            Kind::Phone => &values.phones,
            _ => return None,
        };
        (!list.is_empty()).then(|| Expr::col(field.name).is_in(list.iter().map(String::as_str)))
    };
    fields.iter().filter_map(of).collect()
}

fn within(columns: &[&'static str], forms: &[String]) -> Option<Condition> {
    (!columns.is_empty() && !forms.is_empty()).then(|| any_holds(columns, forms))
}

/// Columns of free text in which somebody may be named. People have their own
/// values for that: among them it would find their namesakes.
fn text_columns(resource: &'static Resource) -> Vec<&'static str> {
    if is_person(resource) {
        return Vec::new();
    }
    resource.fields.iter().filter(|field| is_free_text(field)).map(|field| field.name).collect()
}

/// Whether the finder looks at a field; for the test that nothing is left out.
#[cfg(test)]
fn is_covered(resource: &'static Resource, field: &Field) -> bool {
    match field.kind {
        Kind::CpfCnpj | Kind::Email | Kind::Phone => true,
        Kind::Text { .. } | Kind::LongText { .. } => {
            text_columns(resource).contains(&field.name) || is_person(resource)
        }
        // Found with the record that has them.
        _ => is_person(resource) || references(resource).next().is_some(),
    }
}

/// Why a record was found: by which field, and what of the person it holds.
pub(super) fn reasons(
    resource: &'static Resource,
    record: &Record,
    subject: &Subject,
) -> Vec<(&'static str, &'static str)> {
    let mut reasons: BTreeMap<&'static str, &'static str> = BTreeMap::new();
    let own = |other: &Resource, id: &str| subject.people.iter().any(|(r, p)| r.name == other.name && p.id() == id);
    if own(resource, record.id()) {
        reasons.insert("id", "chosen");
    }
    for (field, target) in references(resource) {
        if record.text(field.name).is_some_and(|id| own(target, id)) {
            reasons.insert(field.name, "reference");
        }
    }
    if record.text("record_id").is_some_and(|id| subject.people.iter().any(|(_, p)| p.id() == id)) {
        reasons.insert("record_id", "reference");
    }
    for field in resource.fields {
        if let Some(what) = told(resource, field, record, subject) {
            reasons.entry(field.name).or_insert(what);
        }
    }
    reasons.into_iter().collect()
}

fn told(resource: &'static Resource, field: &Field, record: &Record, subject: &Subject) -> Option<&'static str> {
    if let Kind::Lines(lines) = field.kind {
        let rows = record.lines(field.name);
        let mut values =
            rows.iter().flat_map(|row| lines.fields.iter().filter_map(|f| Some((f, row.text(f.name)?.to_owned()))));
        return values.find_map(|(f, value)| {
            let exact = subject.values.holds(f, &value);
            exact
                .or_else(|| subject.needles.found(&value).first().copied())
                .map(conexao_domain::privacy::needle::What::name)
        });
    }
    let value = record.text(field.name)?;
    if let Some(what) = subject.values.holds(field, value) {
        return Some(what.name());
    }
    if !is_free_text(field) {
        return None;
    }
    if let Some(what) = subject.needles.found(value).first() {
        return Some(what.name());
    }
    let named = is_person(resource)
        && field.search
        && subject.values.names.iter().any(|name| fold(value).contains(&fold(name)));
    named.then_some("name")
}

fn item(session: &Session, resource: &'static Resource, record: &Record, subject: &Subject) -> Option<Json> {
    let reasons = reasons(resource, record, subject);
    if reasons.is_empty() {
        return None;
    }
    let why = reasons.iter().map(|(field, what)| {
        let label = resource.field(field).map(|f| locale::field(session.locale, resource.name, f.name));
        json!({ "field": field, "label": label, "what": what })
    });
    let state = record.text("status").map(|state| locale::flow(session.locale, "state", resource.name, state));
    let at = record.instant("created_at").map(write_instant);
    Some(
        json!({ "id": record.id(), "title": title(resource, record), "state": state, "created_at": at, "reasons": why.collect::<Vec<_>>() }),
    )
}

/// What a record is called, a personal title masked.
pub(super) fn title(resource: &Resource, record: &Record) -> String {
    let text = record.text(resource.title).unwrap_or_default();
    match resource.field(resource.title) {
        Some(field) if field.personal || matches!(field.kind, Kind::Email) => {
            field.kind.masked(&text.into()).as_str().unwrap_or_default().to_owned()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finder_looks_at_every_field_about_people() {
        for resource in RESOURCES.iter().copied() {
            for field in resource.fields.iter().filter(|f| about_people(f)) {
                assert!(is_covered(resource, field), "{}.{}: nobody would find it", resource.name, field.name);
            }
        }
    }
}
