//! By SMS.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_domain::kernel::record::Record;
use conexao_integrations::sms::{MOST_CHARACTERS, Sms, SmsError, TwilioClient, segments, transliterate};
use conexao_storage::Tx;

use super::{Content, Failed, Receipt, Unready, Way, worth};
use crate::{Engine, messages::callbacks};

/// Who reads an SMS tomorrow has no use for it.
const WORTH: Duration = Duration::from_hours(4);
/// Parts from which accents are given up: each costs as much as the first.
const DEAR: usize = 2;

#[derive(Debug)]
struct BySms {
    client: TwilioClient,
    to: String,
    body: String,
    callback: Option<String>,
    worth: Duration,
}

pub(super) async fn of(engine: &Engine, tx: &Tx, record: &Record, content: &Content) -> Result<Box<dyn Way>, Unready> {
    let Some(client) = engine.mail.twilio(engine, tx).await? else { return Err(Unready::NotConfigured) };
    let Some(to) = record.text("phone") else { return Err(Unready::Never("sms.message")) };
    let callback = callbacks::address(engine, tx.tenant(), record);
    let worth = worth(record, WORTH, engine.now());
    Ok(Box::new(BySms { client, to: to.to_owned(), body: body(content), callback, worth }))
}

/// What fits: an address at the end is of no use when it is cut.
fn body(content: &Content) -> String {
    let link = content.link.as_deref().map(|link| format!("\n{link}")).unwrap_or_default();
    let room = MOST_CHARACTERS.saturating_sub(link.chars().count());
    let text: String = content.short.chars().take(room).collect();
    let whole = text + &link;
    let plain = transliterate(&whole);
    let cheaper = segments(&plain).count < segments(&whole).count && segments(&whole).count >= DEAR;
    if cheaper { plain } else { whole }
}

#[async_trait]
impl Way for BySms {
    async fn hand_over(&self, _: DateTime<Utc>) -> Result<Receipt, Failed> {
        let (callback, validity) = (self.callback.as_deref(), Some(self.worth));
        let sms = Sms { to: &self.to, body: &self.body, status_callback: callback, validity };
        match self.client.send(&sms).await {
            Ok(sent) => Ok(Receipt {
                provider_id: Some(sent.sid),
                provider_status: Some(sent.status.as_str().to_owned()),
                segments: sent.segments.or_else(|| u32::try_from(segments(&self.body).count).ok()),
            }),
            Err(error) => Err(failed(&error)),
        }
    }
}

fn failed(error: &SmsError) -> Failed {
    let code = match error {
        SmsError::Refused { code: Some(code), .. } => format!("{} {code}", error.code()),
        SmsError::Refused { status, .. } => format!("{} {status}", error.code()),
        SmsError::Message(what) => format!("{} {what}", error.code()),
        _ => error.code().to_owned(),
    };
    Failed { code, next: error.next(), soft: false }
}
