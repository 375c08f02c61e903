//! What a message says: what fills its template, encrypted, and once it was
//! sent what was said. Messages that let somebody in are forgotten then.

use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
    locale::{self, Locale},
};
use conexao_integrations::email::template::{Language, Template};
use conexao_storage::{Tenant, Tx, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{post::company, templates, unsubscribe, ways::Channel};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused, vault::Place};

/// Under what a message that was sent is kept among its values.
pub(super) const SAID: &str = "_said";

/// What a message says, in the forms that ways need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub subject: String,
    /// The whole, as mail has it.
    pub text: String,
    pub html: String,
    /// Subject and detail in few words.
    pub short: String,
    pub detail: String,
    pub link: Option<String>,
    pub action: String,
    pub company: String,
}

pub(super) fn place(tenant: Tenant, id: Uuid) -> Place<'static> {
    Place { tenant: tenant.0, table: "message_content", column: "sealed", id }
}

pub(super) async fn sealed(engine: &Engine, tx: &Tx, id: Uuid) -> Result<Option<Map<String, Json>>, Problem> {
    let mut select = Query::select();
    select
        .column("sealed")
        .from("message_content")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("message_id").eq(id));
    let Some(row) = tx.query_one(&select).await.refused()? else { return Ok(None) };
    let sealed: String = row.try_get_by_index(0).refused()?;
    let text = engine.vault.unseal(&sealed, &place(tx.tenant(), id))?;
    serde_json::from_str(&text).map(Some).map_err(|_| Problem::new(Code::Internal).detail("message"))
}

/// Keeps what fills a message, or what it said.
pub(super) async fn keep(engine: &Engine, tx: &Tx, id: Uuid, values: &Map<String, Json>) -> Result<(), Problem> {
    let values = serde_json::to_string(values).unwrap_or_default();
    let sealed = engine.vault.seal(&values, &place(tx.tenant(), id))?;
    let mut insert = Query::insert();
    insert
        .into_table("message_content")
        .columns(["tenant_id", "message_id", "sealed"])
        .values_panic([Expr::val(tx.tenant().0), Expr::val(id), Expr::val(sealed)])
        .on_conflict(OnConflict::columns(["tenant_id", "message_id"]).update_column("sealed").to_owned());
    tx.execute(&insert).await.refused().map(|_| ())
}

/// What becomes of the content when a message has left: what let somebody in
/// is forgotten, the rest is kept as it was said.
pub(super) async fn settle(engine: &Engine, tx: &Tx, record: &Record, content: &Content) -> Result<(), Problem> {
    let id = Uuid::parse_str(record.id()).unwrap_or_default();
    if record.text("category") == Some("account") {
        return forget(tx, id).await;
    }
    let said = serde_json::to_value(content).unwrap_or_default();
    keep(engine, tx, id, &Map::from_iter([(SAID.to_owned(), said)])).await
}

/// Forgets what fills a message.
pub(super) async fn forget(tx: &Tx, id: Uuid) -> Result<(), Problem> {
    let mut forget = Query::delete();
    forget
        .from_table("message_content")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("message_id").eq(id));
    tx.execute(&forget).await.refused().map(|_| ())
}

/// What fills the template: what was kept, or what somebody wrote by hand.
async fn values(engine: &Engine, tx: &Tx, id: Uuid, record: &Record) -> Result<Map<String, Json>, Problem> {
    if let Some(values) = sealed(engine, tx, id).await? {
        return Ok(values);
    }
    if record.text("category") != Some("direct") {
        return Err(Problem::not_found());
    }
    let words = [
        ("name", record.get("recipient").clone()),
        ("title", record.get("subject").clone()),
        ("body", record.get("body").clone()),
        ("action_url", Json::Null),
        ("action", Json::Null),
    ];
    Ok(words.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What a queued record says, filled in.
pub(super) async fn of(engine: &Engine, tx: &Tx, record: &Record) -> Result<Content, Problem> {
    let id = Uuid::parse_str(record.id()).unwrap_or_default();
    let mut values = values(engine, tx, id, record).await?;
    if let Some(said) = values.get(SAID) {
        return serde_json::from_value(said.clone()).map_err(|_| Problem::new(Code::Internal).detail("message"));
    }
    let company = company(tx).await?;
    let english = record.text("language") == Some("en");
    let text = |name: &str| values.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (title, detail) = (text("title"), text("body"));
    let link = values.get("action_url").and_then(Json::as_str).map(str::to_owned);
    let action = values.get("action").and_then(Json::as_str).map(str::to_owned);
    let locale = if english { Locale::En } else { Locale::PtBr };
    let action = action.unwrap_or_else(|| locale::text(locale, "mail.open"));
    let short = match record.text("category") {
        _ if values.contains_key("short") => text("short"),
        Some("direct") => detail.clone(),
        _ if detail.is_empty() => title.clone(),
        _ => format!("{title}\n{detail}"),
    };
    let subject = record.text("subject").unwrap_or_default().to_owned();
    let content = Content { subject, short, detail, link, action, company: company.name.clone(), ..Content::default() };
    if Channel::of(record) != Channel::Email {
        return Ok(Content { text: content.short.clone(), ..content });
    }
    values.insert("unsubscribe_url".to_owned(), json!(unsubscribe::url(engine, tx.tenant().0, record)));
    let language = if english { Language::En } else { Language::PtBr };
    let template = Template::ALL.into_iter().find(|t| record.text("template") == Some(t.as_str()));
    let template = template.unwrap_or(Template::Notification);
    let filled = templates::fill(engine, tx, &company, template, language, values).await?;
    Ok(Content { subject: filled.subject, text: filled.text, html: filled.html, ..content })
}

/// What a message says, to somebody who may see personal data; an entry of the
/// audit tells that they did. Nothing when it was forgotten.
pub async fn shown(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    let gate = session.gate(&MESSAGE, "reveal")?;
    let mut write = Write::begin(engine, session).await?;
    let mut found = table::by_ids(&write.tx, &MESSAGE, &[id], false).await.refused()?;
    found.retain(|record| gate.reaches(record));
    let record = found.pop().ok_or_else(Problem::not_found)?;
    // Links that let somebody in are for their reader alone.
    if record.text("category") == Some("account") {
        return Err(Problem::new(Code::NotFound).detail("content"));
    }
    let content = of(engine, &write.tx, &record).await?;
    write.note(Entry {
        resource: MESSAGE.name,
        record_id: Some(id),
        action: "reveal".to_owned(),
        changes: Map::from_iter([("fields".to_owned(), json!([Json::Null, ["body"]]))]),
    });
    write.commit(200, &Json::Null).await?;
    Ok(json!({ "subject": content.subject, "text": content.text, "html": content.html }))
}
