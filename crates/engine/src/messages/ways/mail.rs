//! By e-mail.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_domain::kernel::record::Record;
use conexao_integrations::email::{Mail, MailError, Mailer, Person, Unsubscribe, message_id};
use conexao_storage::Tx;
use uuid::Uuid;

use super::{Content, Failed, Receipt, Unready, Way};
use crate::{Engine, messages::unsubscribe};

#[derive(Debug)]
struct ByMail {
    mailer: Mailer,
    mail: Mail,
    bounces: String,
}

pub(super) async fn of(
    engine: &Engine,
    tx: &Tx,
    record: &Record,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<Box<dyn Way>, Unready> {
    let Some((mailer, sender)) = engine.mail.mailer(engine, tx).await? else { return Err(Unready::NotConfigured) };
    let id = Uuid::parse_str(record.id()).unwrap_or_default();
    let from = Person { name: sender.name.or_else(|| Some(content.company.clone())), address: sender.address };
    let domain = from.address.rsplit('@').next().unwrap_or("localhost").to_owned();
    let mail = Mail {
        message_id: message_id(id, &domain),
        to: Person {
            name: record.text("recipient").map(str::to_owned),
            address: record.text("address").unwrap_or_default().to_owned(),
        },
        reply_to: None,
        subject: content.subject.clone(),
        text: content.text.clone(),
        html: content.html.clone(),
        date: now,
        automatic: record.text("category") != Some("direct"),
        unsubscribe: unsubscribe::url(engine, tx.tenant().0, record).map(|url| Unsubscribe { url, mailto: None }),
        from: from.clone(),
    };
    let bounces = engine.mail.bounce_address(tx.tenant().0, id, &from.address);
    Ok(Box::new(ByMail { mailer, mail, bounces }))
}

#[async_trait]
impl Way for ByMail {
    async fn hand_over(&self, _: DateTime<Utc>) -> Result<Receipt, Failed> {
        match self.mailer.send(&self.mail, &self.bounces).await {
            Ok(said) => Ok(Receipt { provider_id: Some(said), ..Receipt::default() }),
            Err(error) => Err(failed(&error)),
        }
    }
}

/// The server's words stay out: they may name the recipient.
fn failed(error: &MailError) -> Failed {
    let (code, soft) = match error {
        MailError::Refused { code, class, .. } => (format!("{} {code}", error.code()), class.is_soft_bounce()),
        _ => (error.code().to_owned(), false),
    };
    Failed { code, next: error.next(), soft }
}
