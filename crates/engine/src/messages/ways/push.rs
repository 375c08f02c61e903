//! By push, to one browser.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_domain::kernel::record::Record;
use conexao_integrations::push::{MOST_PLAINTEXT, Push, PushClient, PushError, Subscription, Urgency};
use conexao_storage::Tx;
use serde_json::json;
use uuid::Uuid;

use super::{Content, Failed, Receipt, Unready, Way, worth};
use crate::{Engine, messages::browsers};

const WORTH: Duration = Duration::from_hours(24);
/// Characters of title and text: a notification shows less.
const TITLE: usize = 200;
const TEXT: usize = 600;

#[derive(Debug)]
struct ByPush {
    client: PushClient,
    to: Subscription,
    payload: Vec<u8>,
    topic: String,
    urgency: Urgency,
    worth: Duration,
}

pub(super) async fn of(engine: &Engine, tx: &Tx, record: &Record, content: &Content) -> Result<Box<dyn Way>, Unready> {
    let id = Uuid::parse_str(record.id()).unwrap_or_default();
    let Some(to) = browsers::of_message(engine, tx, id).await? else { return Err(Unready::Never("push.gone")) };
    let client = engine.mail.push(engine, tx).await?;
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let payload = json!({
        "title": cut(&content.subject, TITLE),
        "body": cut(&content.detail, TEXT),
        "url": content.link,
        "tag": record.text("record_id").unwrap_or_else(|| record.id()),
    });
    let payload = payload.to_string().into_bytes();
    if payload.len() > MOST_PLAINTEXT {
        return Err(Unready::Never("push.too_large"));
    }
    let urgency = if record.text("topic") == Some("security") { Urgency::High } else { Urgency::Normal };
    let worth = worth(record, WORTH, engine.now());
    // The same message again takes the place of the one that waits.
    Ok(Box::new(ByPush { client, to, payload, topic: id.simple().to_string(), urgency, worth }))
}

#[async_trait]
impl Way for ByPush {
    async fn hand_over(&self, now: DateTime<Utc>) -> Result<Receipt, Failed> {
        let (payload, topic) = (self.payload.as_slice(), Some(self.topic.as_str()));
        let push = Push { payload, ttl: self.worth, urgency: self.urgency, topic };
        match self.client.send(&self.to, &push, now).await {
            Ok(()) => Ok(Receipt::default()),
            Err(error) => Err(failed(&error)),
        }
    }
}

fn failed(error: &PushError) -> Failed {
    let code = match error {
        PushError::Refused { status, .. } | PushError::Later { status, .. } => format!("{} {status}", error.code()),
        _ => error.code().to_owned(),
    };
    Failed { code, next: error.next(), soft: false }
}
