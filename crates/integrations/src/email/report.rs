//! What comes back: reports of delivery (RFC 3464) and complaints (RFC 5965).
//! What a report is about is told by our own tokens, which nobody can forge,
//! never by who it claims to be from.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::class::{Class, Enhanced, Stage, class_of};
use super::token::{MailTokens, Verp};

/// What happened to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Given up.
    Failed,
    /// Still tried: news, not a failure.
    Delayed,
    /// Arrived.
    Delivered,
    /// Went on to a server that sends no reports.
    Relayed,
    /// Went to the members of a list.
    Expanded,
}

/// The fate of a message for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The message, when the report came to an address of ours.
    pub about: Option<Verp>,
    /// What happened.
    pub action: Action,
    /// The enhanced code.
    pub status: Option<Enhanced>,
    /// What a failure means; nothing when it is none.
    pub class: Option<Class>,
    /// What the last server said; may name the recipient.
    pub diagnostic: Option<String>,
}

impl Bounce {
    /// Whether the address must not be written to any more.
    pub fn suppresses(&self) -> bool {
        self.class == Some(Class::NoSuchAddress)
    }
}

/// What a message that came back says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// A report of delivery, one entry per recipient.
    Delivery(Vec<Bounce>),
    /// Somebody called a message of ours unwanted.
    Complaint {
        /// The message, when it could be told.
        about: Option<Verp>,
        /// `abuse`, `fraud`, `not-spam` and so on.
        kind: String,
    },
    /// An answer of a machine, such as an absence note: never to be answered.
    AutoReply,
    /// Something else.
    Other,
}

/// Reads a message that came to an address of ours. `recipient` is the address
/// it was delivered to, when the mailbox knows it.
pub fn parse_report(raw: &[u8], recipient: Option<&str>, tokens: &MailTokens) -> Report {
    let Some(message) = MessageParser::default().parse(raw) else { return Report::Other };
    let about =
        recipient.and_then(|address| tokens.read_bounce_address(address)).or_else(|| addressed(&message, tokens));
    match report_type(&message).as_deref() {
        Some("delivery-status") => delivery(&message, about),
        Some("feedback-report") => complaint(&message, about, tokens),
        _ if is_automatic(&message) => Report::AutoReply,
        _ => Report::Other,
    }
}

fn report_type(message: &Message<'_>) -> Option<String> {
    let kind = message.content_type()?;
    let report = kind.ctype().eq_ignore_ascii_case("multipart")
        && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"));
    if report { kind.attribute("report-type").map(str::to_ascii_lowercase) } else { None }
}

/// Mailboxes write the address a message came to into one of these.
fn addressed(message: &Message<'_>, tokens: &MailTokens) -> Option<Verp> {
    ["Delivered-To", "X-Original-To", "Envelope-To", "To"]
        .into_iter()
        .filter_map(|name| message.header_raw(name))
        .find_map(|value| token_in(value, tokens))
}

fn token_in(text: &str, tokens: &MailTokens) -> Option<Verp> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';'))
        .find_map(|word| tokens.read_bounce_address(word))
}

fn is_automatic(message: &Message<'_>) -> bool {
    let says = |name, no: &str| message.header_raw(name).is_some_and(|value| !value.trim().eq_ignore_ascii_case(no));
    says("Auto-Submitted", "no") || message.header_raw("X-Autoreply").is_some() || says("X-Auto-Response-Suppress", "")
}

fn part_of<'a>(message: &'a Message<'_>, subtype: &str) -> Option<&'a MessagePart<'a>> {
    message.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| kind.subtype().is_some_and(|own| own.eq_ignore_ascii_case(subtype)))
    })
}

fn text_of(part: &MessagePart<'_>) -> String {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        PartType::Message(inner) => String::from_utf8_lossy(inner.raw_message()).into_owned(),
        PartType::Multipart(_) => String::new(),
    }
}

type Fields = Vec<(String, String)>;

/// Groups of fields with empty lines between them; long ones are folded.
fn groups(text: &str) -> Vec<Fields> {
    let mut groups = vec![Fields::new()];
    for line in text.lines() {
        let Some(group) = groups.last_mut() else { break };
        if line.trim().is_empty() {
            groups.push(Fields::new());
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn delivery(message: &Message<'_>, about: Option<Verp>) -> Report {
    let Some(part) = part_of(message, "delivery-status") else { return Report::Other };
    let bounces: Vec<Bounce> = groups(&text_of(part)).iter().filter_map(|fields| bounce(fields, about)).collect();
    if bounces.is_empty() { Report::Other } else { Report::Delivery(bounces) }
}

fn bounce(fields: &Fields, about: Option<Verp>) -> Option<Bounce> {
    let action = match field(fields, "action")?.to_ascii_lowercase().as_str() {
        "failed" => Action::Failed,
        "delayed" => Action::Delayed,
        "delivered" => Action::Delivered,
        "relayed" => Action::Relayed,
        "expanded" => Action::Expanded,
        _ => return None,
    };
    let status = field(fields, "status").and_then(Enhanced::parse);
    let diagnostic = field(fields, "diagnostic-code").map(|text| text.chars().take(300).collect::<String>());
    // Given up is given up, also after tries that might have worked later.
    let class = (action == Action::Failed).then(|| match status {
        Some(Enhanced(4, 2, 2)) => Class::MailboxFull,
        Some(Enhanced(4, ..)) => Class::Permanent,
        _ => class_of(Stage::Content, 550, status),
    });
    Some(Bounce { about, action, status, class, diagnostic })
}

fn complaint(message: &Message<'_>, about: Option<Verp>, tokens: &MailTokens) -> Report {
    let Some(part) = part_of(message, "feedback-report") else { return Report::Other };
    let fields: Fields = groups(&text_of(part)).into_iter().flatten().collect();
    let kind = field(&fields, "feedback-type").unwrap_or("other").to_ascii_lowercase();
    let sender = || field(&fields, "original-mail-from").and_then(|value| token_in(value, tokens));
    // The message itself, or its headers, come along.
    let copied = || {
        let part = part_of(message, "rfc822").or_else(|| part_of(message, "rfc822-headers"))?;
        let head = groups(&text_of(part)).into_iter().next()?;
        field(&head, "return-path").and_then(|value| token_in(value, tokens))
    };
    Report::Complaint { about: about.or_else(sender).or_else(copied), kind }
}
