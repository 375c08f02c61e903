//! The templates that come with the product.

use serde::Deserialize;

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
}

impl Template {
    /// Every template.
    pub const ALL: [Self; 8] = [
        Self::Welcome,
        Self::Invitation,
        Self::PasswordRecovery,
        Self::EmailConfirmation,
        Self::Notification,
        Self::Digest,
        Self::WebhookDisabled,
        Self::NewDevice,
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
        }
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
    }
}

pub(super) const LAYOUT_HTML: &str = include_str!("../../../templates/email/layout.html");
pub(super) const LAYOUT_TEXT: &str = include_str!("../../../templates/email/layout.txt");
