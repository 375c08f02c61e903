//! A message as it goes over the wire.

use chrono::{DateTime, Utc};
use lettre::address::{Address, Envelope};
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig as Signer, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::config::{DkimAlgorithm, DkimConfig};

/// What the signature covers; receivers want both headers about unsubscribing
/// in it (RFC 8058).
const SIGNED: [&str; 12] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Content-Transfer-Encoding",
];

/// Somebody with an address.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The name, if known.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

/// Shows the domain only.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("at", &self.address.rsplit('@').next()).finish_non_exhaustive()
    }
}

/// How the recipient unsubscribes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// An address of ours with a token that takes a POST without a login.
    pub url: String,
    /// A mailbox of ours that takes wishes by mail.
    pub mailto: Option<String>,
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its identity: see [`message_id`]. A repetition has the same one.
    pub message_id: String,
    /// Who sends; the domain is the one that is signed for.
    pub from: Person,
    /// Who gets it.
    pub to: Person,
    /// Who gets answers, when it is somebody else.
    pub reply_to: Option<Person>,
    /// The subject.
    pub subject: String,
    /// The text for those who read text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// Whether no person wrote it.
    pub automatic: bool,
    /// How to unsubscribe; nothing for messages nobody can do without.
    pub unsubscribe: Option<Unsubscribe>,
}

/// Why a message cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The address of the recipient is none.
    #[error("the address of the recipient is not one")]
    Recipient,
    /// An address of ours is none.
    #[error("an address of the sender is not one")]
    Sender,
    /// A header cannot be written.
    #[error("a header cannot be written")]
    Header,
    /// The DKIM key is not readable.
    #[error("the DKIM key is not readable")]
    Key,
}

/// A message ready for the wire.
#[derive(Debug, Clone)]
pub struct Letter {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

impl Letter {
    /// The message as it goes out.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether every server can send to its addresses.
    pub(super) fn is_ascii(&self) -> bool {
        self.envelope.to().iter().chain(self.envelope.from()).all(|a| a.user().is_ascii() && a.domain().is_ascii())
    }
}

/// The `Message-ID` of a message of ours.
pub fn message_id(id: Uuid, domain: &str) -> String {
    format!("<{id}@{domain}>")
}

fn mailbox(person: &Person, wrong: WriteError) -> Result<Mailbox, WriteError> {
    let address: Address = person.address.trim().parse().map_err(|_| wrong)?;
    let name = person.name.as_deref().map(one_line).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address))
}

/// Whatever is in it stays one line.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c == ' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn raw(name: &'static str, value: String) -> Result<HeaderValue, WriteError> {
    let plain = value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let name = HeaderName::new_from_ascii_str(name);
    if plain { Ok(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)) } else { Err(WriteError::Header) }
}

impl Mail {
    /// Writes the message; refusals go to `bounce_address`.
    pub fn write(&self, bounce_address: &str, dkim: Option<&DkimConfig>) -> Result<Letter, WriteError> {
        let to = mailbox(&self.to, WriteError::Recipient)?;
        let recipient = to.email.clone();
        let mut builder = Message::builder()
            .from(mailbox(&self.from, WriteError::Sender)?)
            .to(to)
            .subject(one_line(&self.subject))
            .date(self.date.into())
            .raw_header(raw("Message-ID", self.message_id.clone())?);
        if let Some(person) = &self.reply_to {
            builder = builder.reply_to(mailbox(person, WriteError::Sender)?);
        }
        if self.automatic {
            builder = builder.raw_header(raw("Auto-Submitted", "auto-generated".to_owned())?);
        }
        if let Some(way) = &self.unsubscribe {
            let mailto = way.mailto.as_ref().map(|address| format!(", <mailto:{address}>")).unwrap_or_default();
            builder = builder
                .raw_header(raw("List-Unsubscribe", format!("<{}>{mailto}", way.url))?)
                .raw_header(raw("List-Unsubscribe-Post", super::ONE_CLICK.to_owned())?);
        }
        let sender: Address = bounce_address.parse().map_err(|_| WriteError::Sender)?;
        let envelope = Envelope::new(Some(sender), vec![recipient]).map_err(|_| WriteError::Sender)?;
        let body = MultiPart::alternative_plain_html(self.text.clone(), self.html.clone());
        let mut message = builder.envelope(envelope.clone()).multipart(body).map_err(|_| WriteError::Header)?;
        if let Some(config) = dkim {
            message.sign(&signer(config, &message)?);
        }
        Ok(Letter { envelope, bytes: message.formatted() })
    }
}

fn signer(config: &DkimConfig, message: &Message) -> Result<Signer, WriteError> {
    let algorithm = match config.algorithm {
        DkimAlgorithm::Rsa => DkimSigningAlgorithm::Rsa,
        DkimAlgorithm::Ed25519 => DkimSigningAlgorithm::Ed25519,
    };
    let key = DkimSigningKey::new(config.private_key.expose_secret(), algorithm).map_err(|_| WriteError::Key)?;
    let headers = SIGNED
        .into_iter()
        .filter(|name| message.headers().get_raw(name).is_some())
        .map(HeaderName::new_from_ascii_str)
        .collect();
    let relaxed =
        DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
    Ok(Signer::new(config.selector.clone(), config.domain.clone(), key, headers, relaxed))
}
