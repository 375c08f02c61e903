//! What messages need of the installation: the way out, who sends, the texts.

use conexao_integrations::{
    email::{
        MailTokens, Mailer, Person,
        template::{TemplateError, Templates},
    },
    secret::SecretString,
};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

/// Part before the `+` of addresses that refusals come back to.
const BOUNCES: &str = "bounce";

/// What messages need of the installation.
#[derive(Debug)]
pub struct MailRoom {
    /// The way out; without one messages wait.
    pub(super) mailer: Option<Mailer>,
    /// Who sends; the tenant's name stands in for a missing one.
    pub(super) from: Person,
    /// The domain whose mail about refusals is read, if there is one.
    bounces: bool,
    pub(super) tokens: Option<MailTokens>,
    pub(super) templates: Result<Templates, TemplateError>,
    /// Address of the browser application, without a slash at the end.
    url: String,
    /// Whether the list of messages shows links, to try things out.
    pub(super) shows_links: bool,
    /// Told when a message may be due.
    pub(super) told: Notify,
}

impl MailRoom {
    /// A room without a way out; links lead to `url`, `secret` is the
    /// installation's master secret.
    pub fn new(secret: &str, url: &str) -> Self {
        let digest = Sha256::new().chain_update(b"conexao mail\0").chain_update(secret).finalize();
        let key = SecretString::from(hex::encode(digest));
        Self {
            mailer: None,
            from: Person { name: None, address: "conexao@localhost".to_owned() },
            bounces: false,
            tokens: MailTokens::new(key, BOUNCES, "localhost"),
            templates: Templates::new(),
            url: url.trim_end_matches('/').to_owned(),
            shows_links: false,
            told: Notify::new(),
        }
    }

    /// The same with a way out and a sender. With `bounces`, a domain, refusals
    /// come back to an address of the message's own there.
    pub fn with_mailer(mut self, mailer: Mailer, from: Person, secret: &str, bounces: Option<&str>) -> Self {
        let own = Self::new(secret, &self.url);
        if let Some(domain) = bounces {
            let digest = Sha256::new().chain_update(b"conexao mail\0").chain_update(secret).finalize();
            self.tokens = MailTokens::new(SecretString::from(hex::encode(digest)), BOUNCES, domain).or(own.tokens);
        }
        Self { mailer: Some(mailer), from, bounces: bounces.is_some(), ..self }
    }

    /// The same showing links in the list of messages: for demonstrations.
    pub fn showing_links(mut self) -> Self {
        self.shows_links = true;
        self
    }

    /// The address of a page of the browser application.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Says that a message may be due.
    pub(crate) fn nudge(&self) {
        self.told.notify_one();
    }

    /// Whether there is a way out.
    pub fn is_configured(&self) -> bool {
        self.mailer.is_some()
    }

    /// Whom a token to unsubscribe was made for.
    pub(crate) fn unsubscriber(&self, token: &str) -> Option<conexao_integrations::email::Unsubscriber> {
        self.tokens.as_ref()?.read_unsubscribe_token(token)
    }

    /// The domain of the sender, which message identities end with.
    pub(super) fn domain(&self) -> &str {
        self.from.address.rsplit('@').next().unwrap_or("localhost")
    }

    /// Where refusals of a message come back to.
    pub(super) fn bounce_address(&self, tenant: i32, message: uuid::Uuid) -> String {
        let own = self.tokens.as_ref().filter(|_| self.bounces);
        own.map_or_else(
            || self.from.address.clone(),
            |tokens| tokens.bounce_address(conexao_integrations::email::Verp { tenant, message }),
        )
    }
}
