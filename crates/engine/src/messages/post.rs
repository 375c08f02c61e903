//! Putting a message into the queue, in the transaction of what it is about.

use chrono::{DateTime, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{canonical::write_instant, problem::Problem, record::Record},
    locale::Locale,
};
use conexao_integrations::email::template::{Language, Template};
use conexao_storage::{Tenant, Tx, entity::tenant, table};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::compose;
use crate::{Engine, refusal::Refused, vault::Place};

/// Who gets a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipient {
    pub address: String,
    pub name: Option<String>,
    /// The user it is, if it is one.
    pub user: Option<Uuid>,
    /// The customer it is, if it is one.
    pub customer: Option<Uuid>,
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    /// One of the message's categories.
    pub category: &'static str,
    pub template: Template,
    pub locale: Locale,
    pub to: Recipient,
    /// What the template needs; encrypted until it was sent, then forgotten.
    pub values: Map<String, Json>,
    /// Not before this moment.
    pub after: Option<DateTime<Utc>>,
    /// After this moment nobody needs it any more.
    pub expires_at: Option<DateTime<Utc>>,
    /// What caused it: the same cause makes one message.
    pub source: String,
}

/// The language of templates for a language of people.
pub(super) fn language(locale: Locale) -> Language {
    if locale == Locale::En { Language::En } else { Language::PtBr }
}

/// A moment as people of a tenant read it.
pub(crate) fn when(at: DateTime<Utc>, zone: chrono_tz::Tz, locale: Locale) -> String {
    let local = at.with_timezone(&zone);
    let form = if locale == Locale::En { "%b %-d, %Y %H:%M" } else { "%d/%m/%Y %H:%M" };
    local.format(form).to_string()
}

/// Where the values of a message are kept encrypted.
pub(super) fn place(tenant: Tenant, id: Uuid) -> Place<'static> {
    Place { tenant: tenant.0, table: "message_content", column: "sealed", id }
}

/// The row of the transaction's tenant.
pub(super) async fn company(tx: &Tx) -> Result<tenant::Model, Problem> {
    let found = tenant::Entity::find().filter(tenant::Column::Id.eq(tx.tenant().0)).one(&**tx).await.refused()?;
    found.ok_or_else(Problem::not_found)
}

/// Queues a message; `false` when its source has one. Written by itself and
/// not through the journal: it is the telling of something that is there.
pub async fn post(engine: &Engine, tx: &Tx, letter: Letter) -> Result<bool, Problem> {
    if known(tx, &letter.source).await? {
        return Ok(false);
    }
    let (id, now) = (Uuid::now_v7(), engine.now());
    let company = company(tx).await?;
    let texts = compose::fill(engine, &company, letter.template, language(letter.locale), letter.values.clone())?;
    let link = letter.values.get("action_url").filter(|_| engine.mail.shows_links && engine.mail.mailer.is_none());
    let text = |id: Option<Uuid>| Json::from(id.map(|id| id.to_string()));
    let moment = Json::from(write_instant(now));
    let fields = [
        ("id", json!(id.to_string())),
        ("version", json!(1)),
        ("created_at", moment.clone()),
        ("updated_at", moment.clone()),
        ("subject", texts.subject.chars().take(300).collect::<String>().into()),
        ("channel", json!("email")),
        ("category", json!(letter.category)),
        ("template", json!(letter.template.as_str())),
        ("language", json!(letter.locale.tag())),
        ("address", json!(letter.to.address)),
        ("recipient", json!(letter.to.name)),
        ("user_id", text(letter.to.user)),
        ("customer_id", text(letter.to.customer)),
        ("status", json!("queued")),
        ("attempts", json!(0)),
        ("next_at", json!(write_instant(letter.after.unwrap_or(now)))),
        ("begun_at", moment),
        ("expires_at", json!(letter.expires_at.map(write_instant))),
        ("source", json!(letter.source)),
        ("link", link.cloned().unwrap_or_default()),
        ("error", if engine.mail.mailer.is_none() { json!(super::outcome::NOT_CONFIGURED) } else { Json::Null }),
    ];
    let record = Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    table::insert(tx, &MESSAGE, &[(record, String::new())]).await.refused()?;
    keep(engine, tx, id, &letter.values).await?;
    engine.mail.told.notify_one();
    Ok(true)
}

async fn known(tx: &Tx, source: &str) -> Result<bool, Problem> {
    let mut select = Query::select();
    select
        .column("id")
        .from(MESSAGE.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("source").eq(source));
    Ok(tx.query_one(&select).await.refused()?.is_some())
}

async fn keep(engine: &Engine, tx: &Tx, id: Uuid, values: &Map<String, Json>) -> Result<(), Problem> {
    let values = serde_json::to_string(values).unwrap_or_default();
    let sealed = engine.vault.seal(&values, &place(tx.tenant(), id))?;
    let mut insert = Query::insert();
    insert.into_table("message_content").columns(["tenant_id", "message_id", "sealed"]).values_panic([
        Expr::val(tx.tenant().0),
        Expr::val(id),
        Expr::val(sealed),
    ]);
    tx.execute(&insert).await.refused().map(|_| ())
}
