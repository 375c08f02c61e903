//! Trying credentials out with the adapter that will use them.

use conexao_domain::{
    kernel::{
        field::Kind,
        problem::{Code, Problem},
    },
    locale::{self, Locale},
    settings::integration::{self, Trial},
};
use conexao_integrations::{
    email::{Mail, MailError, Mailer, message_id},
    slack::{SlackClient, SlackMessage},
    sms::{Sms, SmsError, TwilioClient},
};
use conexao_storage::entity::integration as table;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Map, Value as Json, json};

use super::{Credentials, RESOURCE, load, typed};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Why it failed, `trial.<code>` in words where there are some.
    pub error: Option<String>,
    /// What the other side said.
    pub detail: Option<String>,
}

/// A message of Twilio's that never was: only whether we may ask matters.
const NO_MESSAGE: &str = "SM00000000000000000000000000000000";

/// Tries an integration out as it is set. With a recipient (an e-mail or a
/// phone, as the integration says) a message really goes there.
pub async fn try_out(engine: &Engine, session: &Session, name: &str, to: Option<&str>) -> Result<Tried, Problem> {
    session.require("settings.manage")?;
    let declared = integration::by_name(name).ok_or_else(Problem::not_found)?;
    let to = recipient(declared.trial, to)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = load(engine, &tx, name).await?;
    tx.rollback().await.refused()?;
    let (row, credentials) = found.ok_or_else(|| Problem::new(Code::StepRefused).detail("not_configured"))?;
    let tried = attempt(engine, session, name, &credentials, to.as_deref()).await?;
    let mut write = Write::begin(engine, session).await?;
    let outcome = tried.error.clone().unwrap_or_else(|| "ok".to_owned());
    table::Entity::update_many()
        .col_expr(table::Column::Trial, Expr::val(outcome.clone()))
        .col_expr(table::Column::TriedAt, Expr::val(write.now))
        .filter(table::Column::TenantId.eq(session.tenant.0))
        .filter(table::Column::Id.eq(row.id))
        .exec(&*write.tx)
        .await
        .refused()?;
    let changes =
        Map::from_iter([("integration".into(), json!([null, name])), ("outcome".into(), json!([null, outcome]))]);
    write.note(Entry { resource: RESOURCE, record_id: Some(row.id), action: "try_credentials".to_owned(), changes });
    write.commit(200, &Json::Null).await?;
    Ok(tried)
}

/// The recipient in the form the channel takes.
fn recipient(trial: Trial, to: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(to) = to.map(str::trim).filter(|to| !to.is_empty()) else { return Ok(None) };
    let kind = match trial {
        Trial::Recipient("email") => Kind::Email,
        Trial::Recipient(_) => Kind::Phone,
        Trial::Post | Trial::Check => return Err(Problem::field("to", "unknown")),
    };
    let read = kind.canonical(&to.into()).map_err(|invalid| Problem::field("to", invalid.0))?;
    Ok(read.as_str().map(str::to_owned))
}

async fn attempt(
    engine: &Engine,
    session: &Session,
    name: &str,
    credentials: &Credentials,
    to: Option<&str>,
) -> Result<Tried, Problem> {
    let text = locale::text(session.locale, "integration.trial");
    Ok(match name {
        "email" => told(by_mail(engine, session.locale, credentials, to, &text).await?),
        "twilio" => told(by_sms(engine, credentials, to, &text).await?),
        "slack" => {
            let hook = typed::slack(credentials, engine.egress)?;
            let client = SlackClient::new(engine.egress);
            let message = SlackMessage { text, blocks: Vec::new() };
            told(match client {
                Ok(client) => client.post(&hook, &message).await.map_err(|error| (error.code(), error.to_string())),
                Err(fault) => Err((fault.code(), fault.to_string())),
            })
        }
        _ => told(typed::push(credentials).map(drop).map_err(|problem| ("push.key", problem.to_string()))),
    })
}

fn told(result: Result<(), (&'static str, String)>) -> Tried {
    let (error, detail) = result.err().unzip();
    Tried { error: error.map(str::to_owned), detail }
}

type Attempt = Result<(), (&'static str, String)>;

async fn by_mail(
    engine: &Engine,
    locale: Locale,
    credentials: &Credentials,
    to: Option<&str>,
    text: &str,
) -> Result<Attempt, Problem> {
    let failed = |error: MailError| (error.code(), error.to_string());
    let (config, from) = typed::mail(credentials)?;
    let mailer = match Mailer::new(config, engine.egress) {
        Ok(mailer) => mailer,
        Err(error) => return Ok(Err(failed(error))),
    };
    let Some(to) = to else { return Ok(mailer.test().await.map_err(failed)) };
    let domain = from.address.rsplit('@').next().unwrap_or("localhost").to_owned();
    let bounces = from.address.clone();
    let mail = Mail {
        message_id: message_id(uuid::Uuid::now_v7(), &domain),
        from,
        to: conexao_integrations::email::Person { name: None, address: to.to_owned() },
        reply_to: None,
        subject: locale::text(locale, "integration.trial_subject"),
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        date: engine.now(),
        automatic: true,
        unsubscribe: None,
    };
    Ok(mailer.send(&mail, &bounces).await.map(drop).map_err(failed))
}

async fn by_sms(engine: &Engine, credentials: &Credentials, to: Option<&str>, text: &str) -> Result<Attempt, Problem> {
    let client = match TwilioClient::new(typed::twilio(credentials)?, engine.egress) {
        Ok(client) => client,
        Err(fault) => return Ok(Err((fault.code(), fault.to_string()))),
    };
    let failed = |error: SmsError| (error.code(), error.to_string());
    let Some(to) = to else {
        return Ok(match client.fetch(NO_MESSAGE).await {
            // We may ask, and there is no such message: the account is good.
            Ok(_) | Err(SmsError::Refused { status: 404, .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        });
    };
    let sms = Sms { to, body: text, status_callback: None, validity: None };
    Ok(client.send(&sms).await.map(drop).map_err(failed))
}
