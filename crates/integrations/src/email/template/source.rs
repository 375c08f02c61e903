//! The templates that come with the product.

use serde::Deserialize;
use serde_json::{Value, json};

/// The language of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Portuguese of Brazil.
    #[default]
    PtBr,
    /// English.
    En,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::PtBr, Self::En];

    /// The name of the language, `pt-BR` or `en`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }
}

/// A tenant's own texts in the place of ours. The first two are text, the
/// third is HTML and may begin with `{% extends "layout.html" %}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

/// What is written about, with the values its texts need. Texts that tell the
/// time get it as it shall be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Template {
    /// Somebody joined: `name`, `tenant`, `action_url`.
    Welcome,
    /// Somebody is asked to join: `inviter`, `tenant`, `action_url`, `expires`.
    Invitation,
    /// A link to choose a new password: `name`, `action_url`, `expires`, `address`.
    PasswordRecovery,
    /// A link that proves an address: `name`, `action_url`, `expires`.
    EmailConfirmation,
    /// One piece of news: `name`, `title`, `body`, `action_url`, `action`, `unsubscribe_url`; the last four may be null.
    Notification,
    /// Several: `name`, `period`, `items` of `title`, `body`, `url`, `when`, `more` (a number), `action_url`, `unsubscribe_url`.
    Digest,
    /// A webhook failed for a day: `webhook`, `url`, `since`, `error`, `action_url`.
    WebhookDisabled,
    /// Somebody logged in from elsewhere: `name`, `device`, `place`, `address`, `when`, `action_url`.
    NewDevice,
    /// Something runs out: `name`, `title`, `expires`, `action_url`.
    Renewal,
}

impl Template {
    /// Every template.
    pub const ALL: [Self; 9] = [
        Self::Welcome,
        Self::Invitation,
        Self::PasswordRecovery,
        Self::EmailConfirmation,
        Self::Notification,
        Self::Digest,
        Self::WebhookDisabled,
        Self::NewDevice,
        Self::Renewal,
    ];

    /// The name by which tenants put their own in its place.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Invitation => "invitation",
            Self::PasswordRecovery => "password_recovery",
            Self::EmailConfirmation => "email_confirmation",
            Self::Notification => "notification",
            Self::Digest => "digest",
            Self::WebhookDisabled => "webhook_disabled",
            Self::NewDevice => "new_device",
            Self::Renewal => "renewal",
        }
    }
}

const URL: &str = "https://conexao.example/garantias";

/// A name that texts may mention, with a sample in Portuguese and in English.
type Sample = (&'static str, &'static str, &'static str);

const NAME: Sample = ("name", "Ana Souza", "Ana Souza");
const TENANT: Sample = ("tenant", "Aurora Eletrônicos", "Aurora Electronics");
const ACTION_URL: Sample = ("action_url", URL, URL);
const EXPIRES: Sample = ("expires", "30/11/2026 18:00", "Nov 30, 2026 18:00");
const ADDRESS: Sample = ("address", "203.0.113.9", "203.0.113.9");

impl Template {
    /// The names that texts of the template may mention, with samples.
    const fn samples(self) -> &'static [Sample] {
        match self {
            Self::Welcome => &[NAME, TENANT, ACTION_URL],
            Self::Invitation => &[("inviter", "Helena Prado", "Helena Prado"), TENANT, ACTION_URL, EXPIRES],
            Self::PasswordRecovery => &[NAME, ACTION_URL, EXPIRES, ADDRESS],
            Self::EmailConfirmation => &[NAME, ACTION_URL, EXPIRES],
            Self::Notification => &[
                NAME,
                ("title", "TR-000412 aguarda sua conferência", "TR-000412 is waiting for you to check it"),
                ("body", "Helena Prado", "Helena Prado"),
                ACTION_URL,
                ("action", "Ver no Conexão", "Open in Conexão"),
            ],
            Self::Digest => &[NAME, ("period", "de ontem a hoje", "yesterday to today"), ACTION_URL],
            Self::WebhookDisabled => &[
                ("webhook", "Estoque", "Stock"),
                ("url", "https://estoque.example/avisos", "https://stock.example/notices"),
                ("since", "20/11/2026 09:00", "Nov 20, 2026 09:00"),
                ("error", "timeout", "timeout"),
                ACTION_URL,
            ],
            Self::NewDevice => &[
                NAME,
                ("device", "Firefox no Linux", "Firefox on Linux"),
                ("place", "São Paulo", "São Paulo"),
                ADDRESS,
                ("when", "21/11/2026 08:30", "Nov 21, 2026 08:30"),
                ACTION_URL,
            ],
            Self::Renewal => {
                &[NAME, ("title", "Token “Integração do estoque”", "Token “Stock integration”"), EXPIRES, ACTION_URL]
            }
        }
    }

    /// What texts of the template may mention, with a sample of each.
    pub fn variables(self, language: Language) -> Vec<(String, Value)> {
        let sample = |(name, portuguese, english): &Sample| {
            let text = if language == Language::En { english } else { portuguese };
            ((*name).to_owned(), json!(text))
        };
        let mut all: Vec<(String, Value)> = self.samples().iter().map(sample).collect();
        if self == Self::Digest {
            let item = json!({ "title": "TR-000412", "body": "Helena Prado", "url": URL, "when": "08:30" });
            all.push(("items".to_owned(), json!([item.clone(), item])));
            all.push(("more".to_owned(), json!(3)));
        }
        if matches!(self, Self::Notification | Self::Digest) {
            all.push(("unsubscribe_url".to_owned(), json!("https://conexao.example/sair")));
        }
        all
    }

    /// The texts of the product.
    pub fn source(self, language: Language) -> Own {
        let (text, html) = files(self, language);
        let (subject, text) = text.split_once("\n\n").unwrap_or((text, ""));
        Own { subject: subject.to_owned(), text: text.to_owned(), html: html.to_owned() }
    }
}

/// The texts of a template: its subject and text in one file, its HTML in another.
pub(super) const fn files(template: Template, language: Language) -> (&'static str, &'static str) {
    macro_rules! pair {
        ($name:literal) => {
            match language {
                Language::PtBr => (
                    include_str!(concat!("../../../templates/email/pt-BR/", $name, ".txt")),
                    include_str!(concat!("../../../templates/email/pt-BR/", $name, ".html")),
                ),
                Language::En => (
                    include_str!(concat!("../../../templates/email/en/", $name, ".txt")),
                    include_str!(concat!("../../../templates/email/en/", $name, ".html")),
                ),
            }
        };
    }
    match template {
        Template::Welcome => pair!("welcome"),
        Template::Invitation => pair!("invitation"),
        Template::PasswordRecovery => pair!("password_recovery"),
        Template::EmailConfirmation => pair!("email_confirmation"),
        Template::Notification => pair!("notification"),
        Template::Digest => pair!("digest"),
        Template::WebhookDisabled => pair!("webhook_disabled"),
        Template::NewDevice => pair!("new_device"),
        Template::Renewal => pair!("renewal"),
    }
}

pub(super) const LAYOUT_HTML: &str = include_str!("../../../templates/email/layout.html");
pub(super) const LAYOUT_TEXT: &str = include_str!("../../../templates/email/layout.txt");
