//! Notices on their way out of the application: mail, SMS, push, Slack.

use chrono::{DateTime, Utc};
use conexao_domain::{identity::user::USER, kernel::problem::Problem, registry};
use conexao_integrations::email::template::Template;
use conexao_storage::{Tx, table};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Told, choice::Choices};
use crate::{
    Engine, Session,
    identity::session_in,
    messages::{self, Channel, Letter, Recipient, Route, browsers, reach},
    refusal::Refused,
};

/// Who is written to, if it is a user who may come in.
pub(super) async fn reader(engine: &Engine, tx: &Tx, user: Uuid) -> Result<Option<(Session, Recipient)>, Problem> {
    let Ok(session) = session_in(tx, user, engine.now()).await else { return Ok(None) };
    let found = table::by_ids(tx, &USER, &[user], false).await.refused()?.pop();
    let Some(address) = found.as_ref().and_then(|user| user.text("email")) else { return Ok(None) };
    let name = Some(session.name.clone());
    let to = Recipient { address: address.to_owned(), name, user: Some(user), customer: None };
    Ok(Some((session, to)))
}

/// Where a notification leads.
pub(super) fn page(engine: &Engine, resource: Option<&str>, record: Option<Uuid>) -> String {
    let path = resource.and_then(registry::by_name).zip(record).map(|(kind, id)| format!("/{}/{id}", kind.route));
    engine.mail.page(path.as_deref().unwrap_or("/notificacoes"))
}

pub(super) fn map<const N: usize>(values: [(&str, Json); N]) -> Map<String, Json> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Where a channel reaches a user: one route, or one for each browser.
pub(super) async fn routes(engine: &Engine, tx: &Tx, user: Uuid, channel: Channel) -> Result<Vec<Route>, Problem> {
    let route = || Route { channel, ..Route::default() };
    Ok(match channel {
        Channel::Email => vec![route()],
        Channel::Sms => {
            let phone = reach::phone(engine, tx, user).await?;
            phone.map(|phone| Route { phone: Some(phone), ..route() }).into_iter().collect()
        }
        Channel::Slack => reach::slack(engine, tx, user).await?.map(|_| route()).into_iter().collect(),
        Channel::Push => {
            let browsers = browsers::of_user(tx, user).await?;
            browsers.into_iter().map(|id| Route { browser: Some(id), ..route() }).collect()
        }
    })
}

/// The channels on which a user wants to hear of a category.
pub(super) fn wanted(choices: &Choices, category: &str) -> Vec<Channel> {
    Channel::ALL.into_iter().filter(|channel| choices.wants(category, channel.as_str())).collect()
}

/// What is told by one of several ways to the same user.
pub(super) fn source(base: &str, route: &Route) -> String {
    match (route.channel, route.browser) {
        (Channel::Email, _) => base.to_owned(),
        (channel, None) => format!("{base}:{}", channel.as_str()),
        (channel, Some(browser)) => format!("{base}:{}:{}", channel.as_str(), browser.simple()),
    }
}

/// Queues what a user was told on these channels; answers whether any reaches them.
pub(super) async fn post(engine: &Engine, tx: &Tx, told: &Told, channels: &[Channel]) -> Result<bool, Problem> {
    if channels.is_empty() {
        return Ok(false);
    }
    let Some((session, to)) = reader(engine, tx, told.user).await? else { return Ok(false) };
    let mut reached = false;
    for channel in channels {
        for route in routes(engine, tx, told.user, *channel).await? {
            let base = format!("n:{}:{}", told.user.simple(), told.source);
            let letter = letter(engine, &session, to.clone(), told, source(&base, &route));
            let record = told.resource.clone().zip(told.record_id);
            let route = Route { topic: Some(told.category.clone()), record, ..route };
            messages::post_by(engine, tx, letter, route).await?;
            reached = true;
        }
    }
    Ok(reached)
}

fn letter(engine: &Engine, session: &Session, to: Recipient, told: &Told, source: String) -> Letter {
    let values = [
        ("name", json!(session.name)),
        ("title", json!(told.title)),
        ("body", json!(told.body)),
        ("action_url", json!(page(engine, told.resource.as_deref(), told.record_id))),
        ("action", Json::Null),
        ("unsubscribe_url", Json::Null),
    ];
    Letter {
        category: "notice",
        template: Template::Notification,
        locale: session.locale,
        to,
        values: map(values),
        after: None,
        expires_at: None,
        source,
    }
}

/// When a user may be disturbed again, who has night where the company has it;
/// nothing when it is now.
pub(super) async fn quiet(
    engine: &Engine,
    tx: &Tx,
    choices: &Choices,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Problem> {
    if choices.quiet_from.is_none() && choices.undisturbed_until.is_none() {
        return Ok(None);
    }
    Ok(choices.quiet(now, engine.house(tx.tenant()).await?.company.zone))
}
