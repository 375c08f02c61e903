//! Texts of mail: ours, or a company's own in their place.

use conexao_domain::{
    kernel::problem::{Code, FieldProblem, Problem},
    locale::Locale,
};
use conexao_integrations::email::template::{Brand, Language, Template, TemplateError};
pub use conexao_integrations::email::template::{Own, Rendered};
use conexao_storage::{
    Tx,
    entity::{message_template, tenant},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde_json::{Map, Value as Json, json};

use super::{
    post::{self, Letter, Recipient},
    room::MailRoom,
};
use crate::{Engine, Session, Write, identity, journal::Entry, refusal::Refused};

/// Who may change what everybody is written.
const MANAGE: &str = "settings.manage";
/// The name under which the audit knows them.
const KIND: &str = "message_template";
/// Characters of a subject, and of each text: more is no mail any more.
const SUBJECT: usize = 300;
const TEXT: usize = 50_000;

fn brand(mail: &MailRoom, company: &tenant::Model) -> Result<Brand, Problem> {
    Brand::new(&company.name, &mail.page("")).map_err(|error| broken(&error))
}

fn broken(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a message cannot be written");
    Problem::new(Code::Internal).detail("template")
}

/// Fills a template in with the texts and looks of a company. Own texts that no
/// longer fit stand aside: a message is not lost over them.
pub(super) async fn fill(
    engine: &Engine,
    tx: &Tx,
    company: &tenant::Model,
    template: Template,
    language: Language,
    values: Map<String, Json>,
) -> Result<Rendered, Problem> {
    let texts = engine.mail.templates.as_ref().map_err(|error| broken(error))?;
    let brand = brand(&engine.mail, company)?;
    if let Some(row) = row(tx, template, language).await? {
        match texts.render_own(&own(&row), language, &brand, values.clone()) {
            Ok(filled) => return Ok(filled),
            Err(error) => tracing::warn!(%error, template = template.as_str(), "own texts do not fit; ours are sent"),
        }
    }
    texts.render(template, language, &brand, values).map_err(|error| broken(&error))
}

fn own(row: &message_template::Model) -> Own {
    Own { subject: row.subject.clone(), text: row.text.clone(), html: row.html.clone() }
}

async fn row(tx: &Tx, template: Template, language: Language) -> Result<Option<message_template::Model>, Problem> {
    let key = (tx.tenant().0, template.as_str().to_owned(), language.as_str().to_owned());
    message_template::Entity::find_by_id(key).one(&**tx).await.refused()
}

fn known(template: &str, language: &str) -> Result<(Template, Language), Problem> {
    let template = Template::ALL.into_iter().find(|one| one.as_str() == template);
    let language = Language::ALL.into_iter().find(|one| one.as_str() == language);
    template.zip(language).ok_or_else(Problem::not_found)
}

/// Every template in every language, and which of them are the company's own.
pub async fn list(engine: &Engine, session: &Session) -> Result<Vec<Json>, Problem> {
    session.require(MANAGE)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let rows = message_template::Entity::find()
        .filter(message_template::Column::TenantId.eq(session.tenant.0))
        .all(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    let pairs = Template::ALL.into_iter().flat_map(|t| Language::ALL.into_iter().map(move |l| (t, l)));
    let shown = |(template, language): (Template, Language)| {
        let row = rows.iter().find(|row| row.template == template.as_str() && row.language == language.as_str());
        json!({
            "template": template.as_str(),
            "language": language.as_str(),
            "own": row.is_some(),
            "updated_at": row.map(|row| conexao_domain::kernel::canonical::write_instant(row.updated_at)),
        })
    };
    Ok(pairs.map(shown).collect())
}

/// One template: the texts in use, ours, and what they may mention.
pub async fn get(engine: &Engine, session: &Session, template: &str, language: &str) -> Result<Json, Problem> {
    session.require(MANAGE)?;
    let (template, language) = known(template, language)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let row = row(&tx, template, language).await?;
    tx.rollback().await.refused()?;
    Ok(shown(template, language, row.as_ref()))
}

fn shown(template: Template, language: Language, row: Option<&message_template::Model>) -> Json {
    let ours = template.source(language);
    let used = row.map_or_else(|| ours.clone(), own);
    let variables = template.variables(language);
    let catalogue = variables.iter().map(|(name, sample)| json!({ "name": name, "sample": sample }));
    json!({
        "template": template.as_str(),
        "language": language.as_str(),
        "own": row.is_some(),
        "version": row.map_or(0, |row| row.version),
        "subject": used.subject, "text": used.text, "html": used.html,
        "default": { "subject": ours.subject, "text": ours.text, "html": ours.html },
        "variables": catalogue.collect::<Vec<_>>(),
    })
}

/// Fills texts in with samples; what is wrong is said with its field and line.
fn tried(
    engine: &Engine,
    company: &tenant::Model,
    template: Template,
    language: Language,
    own: &Own,
) -> Result<Rendered, Problem> {
    let mut wrong = Vec::new();
    for (field, text, most) in
        [("subject", &own.subject, SUBJECT), ("text", &own.text, TEXT), ("html", &own.html, TEXT)]
    {
        if text.trim().is_empty() {
            wrong.push(FieldProblem::new(field, "required"));
        } else if text.chars().count() > most {
            wrong.push(FieldProblem::new(field, "length"));
        }
    }
    if !wrong.is_empty() {
        return Err(Problem { fields: wrong, ..Problem::new(Code::Validation) });
    }
    let texts = engine.mail.templates.as_ref().map_err(|error| broken(error))?;
    let values: Map<String, Json> = template.variables(language).into_iter().collect();
    let filled = texts.render_own(own, language, &brand(&engine.mail, company)?, values);
    filled.map_err(|error| refused(&error))
}

fn refused(error: &TemplateError) -> Problem {
    let (part, line) = error.place.rsplit_once(':').unwrap_or((error.place.as_str(), "1"));
    let field = match part {
        "txt" => "text",
        "html" => "html",
        _ => "subject",
    };
    let problem = Problem::field(field, "template");
    problem.detail(format!("{field}:{line}: {}", error.message)).with("line", line.parse::<u32>().unwrap_or(1))
}

/// Texts filled in with samples, as they would arrive.
pub async fn preview(
    engine: &Engine,
    session: &Session,
    template: &str,
    language: &str,
    own: &Own,
) -> Result<Rendered, Problem> {
    session.require(MANAGE)?;
    let (template, language) = known(template, language)?;
    let company = crate::tenants::get(engine, session.tenant).await?;
    tried(engine, &company, template, language, own)
}

/// Keeps texts of the company's own; `version` is the one they were made from,
/// 0 when there were none.
pub async fn put(
    engine: &Engine,
    session: &Session,
    template: &str,
    language: &str,
    version: i64,
    own: &Own,
) -> Result<Json, Problem> {
    session.require(MANAGE)?;
    let (template, language) = known(template, language)?;
    let company = crate::tenants::get(engine, session.tenant).await?;
    tried(engine, &company, template, language, own)?;
    let mut write = Write::begin(engine, session).await?;
    let before = row(&write.tx, template, language).await?;
    if before.as_ref().map_or(0, |row| row.version) != version {
        return Err(Problem::new(Code::Stale));
    }
    let row = message_template::Model {
        tenant_id: session.tenant.0,
        template: template.as_str().to_owned(),
        language: language.as_str().to_owned(),
        subject: own.subject.clone(),
        text: own.text.clone(),
        html: own.html.clone(),
        version: version + 1,
        updated_at: write.now,
    };
    let over = OnConflict::columns([
        message_template::Column::TenantId,
        message_template::Column::Template,
        message_template::Column::Language,
    ])
    .update_columns([
        message_template::Column::Subject,
        message_template::Column::Text,
        message_template::Column::Html,
        message_template::Column::Version,
        message_template::Column::UpdatedAt,
    ])
    .to_owned();
    let active = message_template::ActiveModel::from(row.clone()).reset_all();
    message_template::Entity::insert(active).on_conflict(over).exec_without_returning(&*write.tx).await.refused()?;
    note(&mut write, "update", template, language, before.as_ref(), Some(&row));
    let answer = shown(template, language, Some(&row));
    write.commit(200, &answer).await?;
    Ok(answer)
}

/// Puts our own texts back.
pub async fn reset(engine: &Engine, session: &Session, template: &str, language: &str) -> Result<(), Problem> {
    session.require(MANAGE)?;
    let (template, language) = known(template, language)?;
    let mut write = Write::begin(engine, session).await?;
    let Some(before) = row(&write.tx, template, language).await? else { return Ok(()) };
    let key = (session.tenant.0, template.as_str().to_owned(), language.as_str().to_owned());
    message_template::Entity::delete_by_id(key).exec(&*write.tx).await.refused()?;
    note(&mut write, "delete", template, language, Some(&before), None);
    write.commit(204, &Json::Null).await
}

/// A part of a text of one's own.
type Part = fn(&message_template::Model) -> &str;

/// The audit keeps every version: what it was and what it is.
fn note(
    write: &mut Write,
    action: &str,
    template: Template,
    language: Language,
    before: Option<&message_template::Model>,
    after: Option<&message_template::Model>,
) {
    let name = format!("{} {}", template.as_str(), language.as_str());
    let mut changes = Map::from_iter([("name".to_owned(), json!([Json::Null, name]))]);
    let parts: [(&str, Part); 3] =
        [("subject", |row| &row.subject), ("text", |row| &row.text), ("html", |row| &row.html)];
    for (field, part) in parts {
        let (old, new) = (before.map(part), after.map(part));
        if old != new {
            changes.insert(field.to_owned(), json!([old, new]));
        }
    }
    write.note(Entry { resource: KIND, record_id: None, action: action.to_owned(), changes });
}

/// Sends the texts in use, filled in with samples, to who asks.
pub async fn test(engine: &Engine, session: &Session, template: &str, language: &str) -> Result<(), Problem> {
    session.require(MANAGE)?;
    let (template, language) = known(template, language)?;
    let user = session.person().ok_or_else(|| Problem::new(Code::Forbidden).detail("token"))?;
    let own = identity::own_record(engine, session).await?;
    let tx = engine.db.write(session.tenant).await.refused()?;
    let address = own.text("email").unwrap_or_default().to_owned();
    let letter = Letter {
        category: "test",
        template,
        locale: if language == Language::En { Locale::En } else { Locale::PtBr },
        to: Recipient { address, name: Some(session.name.clone()), user: Some(user), customer: None },
        values: template.variables(language).into_iter().collect(),
        after: None,
        expires_at: Some(engine.now() + chrono::TimeDelta::hours(1)),
        source: format!("test:{}", uuid::Uuid::now_v7()),
    };
    post::post(engine, &tx, letter).await?;
    tx.commit().await.refused()
}
