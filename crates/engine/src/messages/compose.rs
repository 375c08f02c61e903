//! From a queued message to one for the wire.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{
    problem::{Code, Problem},
    record::Record,
};
use conexao_integrations::email::{
    Mail, Person, Unsubscribe, Unsubscriber, message_id,
    template::{Brand, Language, Rendered, Template},
};
use conexao_storage::{Tx, entity::tenant};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::post::{company, place};
use crate::{Engine, refusal::Refused};

/// Categories that nobody unsubscribes from: they let people in, or somebody
/// wrote them by hand.
const NEEDED: &[&str] = &["account", "direct"];

/// Fills a template in with the looks of a tenant.
pub(super) fn fill(
    engine: &Engine,
    company: &tenant::Model,
    template: Template,
    language: Language,
    values: Map<String, Json>,
) -> Result<Rendered, Problem> {
    let broken = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, template = template.as_str(), "a message cannot be written");
        Problem::new(Code::Internal).detail("template")
    };
    let templates = engine.mail.templates.as_ref().map_err(|error| broken(error))?;
    let brand = Brand::new(&company.name, &engine.mail.page("")).map_err(|error| broken(&error))?;
    templates.render(template, language, &brand, values).map_err(|error| broken(&error))
}

/// The message of a queued record, ready to be signed and sent.
pub(super) async fn mail(engine: &Engine, tx: &Tx, record: &Record, now: DateTime<Utc>) -> Result<Mail, Problem> {
    let id = Uuid::parse_str(record.id()).unwrap_or_default();
    let company = company(tx).await?;
    let unsubscribe = unsubscribe(engine, tx.tenant().0, record);
    let mut values = values(engine, tx, id, record).await?;
    values.insert("unsubscribe_url".to_owned(), json!(unsubscribe.as_ref().map(|way| &way.url)));
    let language = if record.text("language") == Some("en") { Language::En } else { Language::PtBr };
    let template = Template::ALL.into_iter().find(|t| record.text("template") == Some(t.as_str()));
    let texts = fill(engine, &company, template.unwrap_or(Template::Notification), language, values)?;
    let from = Person { name: engine.mail.from.name.clone().or(Some(company.name)), ..engine.mail.from.clone() };
    Ok(Mail {
        message_id: message_id(id, engine.mail.domain()),
        from,
        to: Person {
            name: record.text("recipient").map(str::to_owned),
            address: record.text("address").unwrap_or_default().to_owned(),
        },
        reply_to: None,
        subject: texts.subject,
        text: texts.text,
        html: texts.html,
        date: now,
        automatic: record.text("category") != Some("direct"),
        unsubscribe,
    })
}

fn unsubscribe(engine: &Engine, tenant: i32, record: &Record) -> Option<Unsubscribe> {
    let category = record.text("category").filter(|category| !NEEDED.contains(category))?;
    let recipient = Uuid::parse_str(record.text("user_id")?).ok()?;
    let who = Unsubscriber { tenant, recipient, category: category.to_owned() };
    let token = engine.mail.tokens.as_ref()?.unsubscribe_token(&who);
    Some(Unsubscribe { url: engine.mail.page(&format!("/api/v1/unsubscribe/{token}")), mailto: None })
}

/// What fills the template: what was kept, or what somebody wrote by hand.
async fn values(engine: &Engine, tx: &Tx, id: Uuid, record: &Record) -> Result<Map<String, Json>, Problem> {
    let mut select = Query::select();
    select
        .column("sealed")
        .from("message_content")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("message_id").eq(id));
    if let Some(row) = tx.query_one(&select).await.refused()? {
        let sealed: String = row.try_get_by_index(0).refused()?;
        let text = engine.vault.unseal(&sealed, &place(tx.tenant(), id))?;
        return serde_json::from_str(&text).map_err(|_| Problem::new(Code::Internal).detail("message"));
    }
    let words = [
        ("name", record.get("recipient").clone()),
        ("title", record.get("subject").clone()),
        ("body", record.get("body").clone()),
        ("action_url", Json::Null),
        ("action", Json::Null),
    ];
    if record.text("category") == Some("direct") {
        Ok(words.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    } else {
        Err(Problem::not_found())
    }
}
