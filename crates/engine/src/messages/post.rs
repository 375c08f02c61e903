//! Putting a message into the queue, in the transaction of what it is about.

use chrono::{DateTime, Utc};
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{canonical::write_instant, problem::Problem, record::Record},
    locale::Locale,
};
use conexao_integrations::email::template::{Language, Template};
use conexao_storage::{Tx, entity::tenant, table};
use futures_util::future::BoxFuture;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{content, templates, ways::Channel};
use crate::{Engine, refusal::Refused};

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

/// Which way a message goes, and what it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    pub channel: Channel,
    /// The telephone it goes to, for SMS.
    pub phone: Option<String>,
    /// The browser it goes to, for push.
    pub browser: Option<Uuid>,
    /// The kind of notice, which is what one click ends.
    pub topic: Option<String>,
    /// The record it is about.
    pub record: Option<(String, Uuid)>,
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

/// The row of the transaction's tenant.
pub(super) async fn company(tx: &Tx) -> Result<tenant::Model, Problem> {
    let found = tenant::Entity::find().filter(tenant::Column::Id.eq(tx.tenant().0)).one(&**tx).await.refused()?;
    found.ok_or_else(Problem::not_found)
}

/// Queues mail; `false` when its source has a message. Written by itself and
/// not through the journal: it is the telling of something that is there.
pub async fn post(engine: &Engine, tx: &Tx, letter: Letter) -> Result<bool, Problem> {
    post_by(engine, tx, letter, Route::default()).await
}

/// The same by any way out. Boxed for those who compile its callers.
pub fn post_by<'a>(
    engine: &'a Engine,
    tx: &'a Tx,
    letter: Letter,
    route: Route,
) -> BoxFuture<'a, Result<bool, Problem>> {
    Box::pin(queue(engine, tx, letter, route))
}

async fn queue(engine: &Engine, tx: &Tx, letter: Letter, route: Route) -> Result<bool, Problem> {
    if known(tx, &letter.source).await? {
        return Ok(false);
    }
    let (id, now) = (Uuid::now_v7(), engine.now());
    let subject = subject(engine, tx, &letter, route.channel).await?;
    let unready = route.channel == Channel::Email && engine.mail.mailer(engine, tx).await?.is_none();
    let link = letter.values.get("action_url").filter(|_| engine.mail.shows_links && unready);
    let mut record = draft(&letter, &route, id, now);
    record.set("subject", subject);
    record.set("link", link.cloned().unwrap_or_default());
    record.set("error", if unready { json!(super::outcome::NOT_CONFIGURED) } else { Json::Null });
    table::insert(tx, &MESSAGE, &[(record, String::new())]).await.refused()?;
    if let Some(browser) = route.browser {
        to_browser(tx, id, browser).await?;
    }
    content::keep(engine, tx, id, &letter.values).await?;
    engine.mail.told.notify_one();
    Ok(true)
}

/// Mail is called what its template says, the rest what it is about.
async fn subject(engine: &Engine, tx: &Tx, letter: &Letter, channel: Channel) -> Result<String, Problem> {
    let whole = if channel == Channel::Email {
        let company = company(tx).await?;
        let (language, values) = (language(letter.locale), letter.values.clone());
        templates::fill(engine, tx, &company, letter.template, language, values).await?.subject
    } else {
        letter.values.get("title").and_then(Json::as_str).unwrap_or_default().to_owned()
    };
    Ok(whole.chars().take(300).collect())
}

fn draft(letter: &Letter, route: &Route, id: Uuid, now: DateTime<Utc>) -> Record {
    let text = |id: Option<Uuid>| Json::from(id.map(|id| id.to_string()));
    let moment = Json::from(write_instant(now));
    let mail = Some(&letter.to.address).filter(|address| route.channel == Channel::Email && !address.is_empty());
    let about = route.record.as_ref();
    let fields = [
        ("id", json!(id.to_string())),
        ("version", json!(1)),
        ("created_at", moment.clone()),
        ("updated_at", moment.clone()),
        ("channel", json!(route.channel.as_str())),
        ("category", json!(letter.category)),
        ("topic", json!(route.topic)),
        ("template", json!(letter.template.as_str())),
        ("language", json!(letter.locale.tag())),
        ("address", json!(mail)),
        ("phone", json!(route.phone)),
        ("recipient", json!(letter.to.name)),
        ("user_id", text(letter.to.user)),
        ("customer_id", text(letter.to.customer)),
        ("resource", json!(about.map(|(resource, _)| resource))),
        ("record_id", text(about.map(|(_, id)| *id))),
        ("status", json!("queued")),
        ("attempts", json!(0)),
        ("next_at", json!(write_instant(letter.after.unwrap_or(now)))),
        ("begun_at", json!(write_instant(letter.after.unwrap_or(now)))),
        ("expires_at", json!(letter.expires_at.map(write_instant))),
        ("source", json!(letter.source)),
    ];
    Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

async fn to_browser(tx: &Tx, id: Uuid, browser: Uuid) -> Result<(), Problem> {
    let mut update = Query::update();
    update
        .table(MESSAGE.table)
        .value("subscription_id", browser)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(id));
    tx.execute(&update).await.refused().map(|_| ())
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
