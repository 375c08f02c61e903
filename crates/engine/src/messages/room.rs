//! What messages need of the installation: the ways out, who sends, the texts.

use std::time::Duration;

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_integrations::{
    email::{
        MailTokens, Mailer, Person, Verp,
        template::{TemplateError, Templates},
    },
    push::{PushClient, VapidKeys},
    secret::{ExposeSecret, SecretString},
    slack::SlackHook,
    sms::{TwilioClient, TwilioConfig},
};
use conexao_storage::Tx;
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use super::{browsers, own};
use crate::Engine;

/// Part before the `+` of addresses that refusals come back to.
const BOUNCES: &str = "bounce";
/// Where push services may ask about us when no other address is known.
const NOBODY: &str = "mailto:push@conexao.invalid";

/// Clients keep connections open, so they are kept for a while.
#[derive(Debug)]
struct Clients {
    mail: Cache<String, Mailer>,
    sms: Cache<String, TwilioClient>,
    push: Cache<String, PushClient>,
}

impl Clients {
    fn new() -> Self {
        fn cache<K: std::hash::Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>() -> Cache<K, V> {
            Cache::builder().max_capacity(500).time_to_live(Duration::from_mins(10)).build()
        }
        Self { mail: cache(), sms: cache(), push: cache() }
    }
}

/// What messages need of the installation.
#[derive(Debug)]
pub struct MailRoom {
    /// The installation's way out for mail; tenants may have their own.
    mailer: Option<Mailer>,
    /// Who sends; the tenant's name stands in for a missing one.
    from: Person,
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
    sms: Option<TwilioConfig>,
    slack: Option<SecretString>,
    /// What mail servers name when they hand reports in.
    intake: String,
    clients: Clients,
}

fn digest(purpose: &[u8], secret: &str) -> String {
    hex::encode(Sha256::new().chain_update(purpose).chain_update(secret).finalize())
}

impl MailRoom {
    /// A room without a way out; links lead to `url`, `secret` is the
    /// installation's master secret.
    pub fn new(secret: &str, url: &str) -> Self {
        let key = SecretString::from(digest(b"conexao mail\0", secret));
        Self {
            mailer: None,
            from: Person { name: None, address: "conexao@localhost".to_owned() },
            bounces: false,
            tokens: MailTokens::new(key, BOUNCES, "localhost"),
            templates: Templates::new(),
            url: url.trim_end_matches('/').to_owned(),
            shows_links: false,
            told: Notify::new(),
            sms: None,
            slack: None,
            intake: digest(b"conexao mail intake\0", secret),
            clients: Clients::new(),
        }
    }

    /// The same with a way out and a sender. With `bounces`, a domain, refusals
    /// come back to an address of the message's own there.
    pub fn with_mailer(mut self, mailer: Mailer, from: Person, secret: &str, bounces: Option<&str>) -> Self {
        if let Some(domain) = bounces {
            let key = SecretString::from(digest(b"conexao mail\0", secret));
            self.tokens = MailTokens::new(key, BOUNCES, domain).or(self.tokens);
        }
        Self { mailer: Some(mailer), from, bounces: bounces.is_some(), ..self }
    }

    /// The same with the installation's account for SMS and hook of Slack, for
    /// tenants that have none of their own.
    pub fn with_channels(mut self, sms: Option<TwilioConfig>, slack: Option<SecretString>) -> Self {
        (self.sms, self.slack) = (sms, slack);
        self
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

    /// Whom a token to unsubscribe was made for.
    pub(crate) fn unsubscriber(&self, token: &str) -> Option<conexao_integrations::email::Unsubscriber> {
        self.tokens.as_ref()?.read_unsubscribe_token(token)
    }

    /// Where mail servers hand reports in.
    pub(super) fn intake_path(&self) -> String {
        format!("/api/v1/callbacks/mail/{}", self.intake)
    }

    /// Whether a key is the one reports are handed in with. Compared by hash,
    /// so that the time taken says nothing.
    pub(super) fn is_intake(&self, key: &str) -> bool {
        Sha256::digest(key.as_bytes()) == Sha256::digest(self.intake.as_bytes())
    }

    /// Where refusals of a message come back to.
    pub(super) fn bounce_address(&self, tenant: i32, message: uuid::Uuid, from: &str) -> String {
        let own = self.tokens.as_ref().filter(|_| self.bounces);
        own.map_or_else(|| from.to_owned(), |tokens| tokens.bounce_address(Verp { tenant, message }))
    }

    /// The tenant's way out for mail with who sends, or the installation's.
    /// One that is set up but cannot be used is none.
    pub(super) async fn mailer(&self, engine: &Engine, tx: &Tx) -> Result<Option<(Mailer, Person)>, Problem> {
        usable(self.find_mailer(engine, tx).await)
    }

    async fn find_mailer(&self, engine: &Engine, tx: &Tx) -> Result<Option<(Mailer, Person)>, Problem> {
        if let Some((config, from)) = own::smtp(engine, tx).await? {
            let key = format!("{}:{config:?}:{:?}", tx.tenant().0, config.login.as_ref().map(|(_, p)| print(p)));
            // A company's relay stands in the public network, or where the operator allows.
            let make = || Mailer::new(config.clone(), engine.egress).map_err(|error| broken(&error));
            let mailer = self.clients.mail.try_get_with(key, make).map_err(|problem| (*problem).clone())?;
            return Ok(Some((mailer, from)));
        }
        Ok(self.mailer.clone().map(|mailer| (mailer, self.from.clone())))
    }

    /// The tenant's account for SMS, or the installation's.
    pub(super) async fn twilio(&self, engine: &Engine, tx: &Tx) -> Result<Option<TwilioClient>, Problem> {
        usable(self.find_twilio(engine, tx).await)
    }

    async fn find_twilio(&self, engine: &Engine, tx: &Tx) -> Result<Option<TwilioClient>, Problem> {
        let config = own::twilio(engine, tx).await?.or_else(|| self.sms.clone());
        let Some(config) = config else { return Ok(None) };
        let key = format!("{}:{config:?}:{}", tx.tenant().0, print(&config.auth_token));
        let make = || TwilioClient::new(config.clone(), engine.egress).map_err(|error| broken(&error));
        self.clients.sms.try_get_with(key, make).map(Some).map_err(|problem| (*problem).clone())
    }

    /// The tenant's hook of Slack, or the installation's.
    pub(super) async fn slack_hook(&self, engine: &Engine, tx: &Tx) -> Result<Option<SlackHook>, Problem> {
        usable(self.find_slack_hook(engine, tx).await)
    }

    async fn find_slack_hook(&self, engine: &Engine, tx: &Tx) -> Result<Option<SlackHook>, Problem> {
        if let Some(own) = own::slack(engine, tx, engine.egress).await? {
            return Ok(Some(own));
        }
        let ours = self.slack.as_ref().map(|url| SlackHook::parse(url, engine.egress));
        ours.transpose().map_err(|error| broken(&error))
    }

    /// What push messages of the tenant are sent with.
    pub(super) async fn push(&self, engine: &Engine, tx: &Tx) -> Result<PushClient, Problem> {
        let keys = self.push_keys(engine, tx).await?;
        let key = format!("{}:{}", tx.tenant().0, keys.public());
        let make = || PushClient::new(keys, engine.egress).map_err(|error| broken(&error));
        self.clients.push.try_get_with(key, make).map_err(|problem| (*problem).clone())
    }

    /// The company's key pair, or one made for it.
    async fn push_keys(&self, engine: &Engine, tx: &Tx) -> Result<VapidKeys, Problem> {
        if let Some(own) = own::push(engine, tx).await? {
            return Ok(own);
        }
        let key = browsers::key(engine, tx).await?;
        let contacts = [format!("mailto:{}", self.from.address), self.url.clone()];
        match contacts.iter().find_map(|contact| VapidKeys::parse(&key, contact).ok()) {
            Some(keys) => Ok(keys),
            None => VapidKeys::parse(&key, NOBODY).map_err(|error| broken(&error)),
        }
    }
}

/// A secret as what tells it from others.
fn print(secret: &SecretString) -> String {
    hex::encode(Sha256::digest(secret.expose_secret().as_bytes()))
}

/// What one company set up wrongly keeps nobody else's messages back: only a
/// database that does not answer is worth another attempt at once.
fn usable<T>(found: Result<Option<T>, Problem>) -> Result<Option<T>, Problem> {
    match found {
        Err(problem) if problem.code != Code::Unavailable => {
            tracing::warn!(%problem, "a way out that is set up cannot be used");
            Ok(None)
        }
        found => found,
    }
}

fn broken(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a way out cannot be used as it is set up");
    Problem::new(Code::Internal).detail("channel")
}
