//! To Slack: the person's own hook, or the company's.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_domain::kernel::record::Record;
use conexao_integrations::slack::{Block, SlackClient, SlackError, SlackHook, SlackMessage, escape};
use conexao_storage::Tx;
use uuid::Uuid;

use super::{Content, Failed, Receipt, Unready, Way};
use crate::{Engine, messages::reach};

#[derive(Debug)]
struct BySlack {
    client: SlackClient,
    hook: SlackHook,
    message: SlackMessage,
}

pub(super) async fn of(engine: &Engine, tx: &Tx, record: &Record, content: &Content) -> Result<Box<dyn Way>, Unready> {
    let user = record.text("user_id").and_then(|id| Uuid::parse_str(id).ok());
    let own = match user {
        Some(user) => reach::slack(engine, tx, user).await?,
        None => engine.mail.slack_hook(engine, tx).await?,
    };
    let Some(hook) = own else { return Err(Unready::NotConfigured) };
    let client = SlackClient::new(engine.egress).map_err(|_| Unready::NotConfigured)?;
    let mut blocks = vec![Block::Header(content.subject.clone())];
    if !content.detail.is_empty() {
        blocks.push(Block::Section(escape(&content.detail)));
    }
    if let Some(link) = &content.link {
        blocks.push(Block::Button { text: content.action.clone(), url: link.clone() });
    }
    let message = SlackMessage { text: escape(&content.subject), blocks };
    Ok(Box::new(BySlack { client, hook, message }))
}

#[async_trait]
impl Way for BySlack {
    async fn hand_over(&self, _: DateTime<Utc>) -> Result<Receipt, Failed> {
        match self.client.post(&self.hook, &self.message).await {
            // Slack says nothing later: taken in is shown in the channel.
            Ok(()) => Ok(Receipt { provider_status: Some("ok".to_owned()), ..Receipt::default() }),
            Err(error) => Err(failed(&error)),
        }
    }
}

fn failed(error: &SlackError) -> Failed {
    let code = match error {
        SlackError::Message(text) | SlackError::Hook(text) => {
            let word: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
            format!("{} {word}", error.code())
        }
        SlackError::Failed { status, .. } => format!("{} {status}", error.code()),
        _ => error.code().to_owned(),
    };
    Failed { code, next: error.next(), soft: false }
}
