//! Configuration: defaults, then `conexao.toml`, then `CONEXAO_*` variables
//! (and `DATABASE_URL`), then flags. Later wins. Two underscores lead into a
//! table: `CONEXAO_FILES__BUCKET`.

use std::path::PathBuf;

use clap::Args;
use conexao_api::middleware::{Forwarding, is_origin};
use conexao_integrations::{email::SmtpConfig, files::FileStoreConfig, secret::SecretString, sms::TwilioConfig};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Everything that can be configured.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder of the SQLite database, files and the secret.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: String,
    /// Certificate and key for TLS of our own.
    pub tls: Option<TlsConfig>,
    /// Networks of the proxies in front, whose word on who calls is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The header family those proxies write.
    pub forwarded_header: Forwarding,
    /// Origins whose pages may call the API, e.g. `https://portal.example`.
    pub cors_origins: Vec<String>,
    /// Networks that may read `/metrics`.
    pub metrics_from: Vec<IpNet>,
    /// Open connections at a time; further ones wait.
    pub clients: usize,
    /// Seconds in which a request's head has to arrive.
    pub head_seconds: u64,
    /// Seconds in which a request's body has to arrive.
    pub body_seconds: u64,
    /// Seconds in which an upload has to arrive.
    pub upload_seconds: u64,
    /// Seconds after which an answer, or on PostgreSQL a statement, is given up.
    pub answer_seconds: u64,
    /// `postgres://…`; without it SQLite in the data folder.
    pub database_url: Option<String>,
    /// Most database connections.
    pub connections: u32,
    /// Connections of each worker for small reads on PostgreSQL; 0 behind a
    /// pooler that gives every transaction another session.
    pub reading_connections: u32,
    /// Where files are kept: `{ kind = "local", folder }` or `{ kind = "s3",
    /// bucket, region, … }`; `files` in the data folder unless told. Never
    /// written out, for it may hold a key.
    #[serde(default, skip_serializing)]
    pub files: Option<FileStoreConfig>,
    /// Address at which people open Conexão, for links in messages;
    /// `http://` and `listen` unless told.
    pub public_url: Option<String>,
    /// How mail leaves; without it messages wait. Never written out, for it
    /// may hold a password.
    #[serde(default, skip_serializing)]
    pub mail: Option<MailConfig>,
    /// The account by which SMS leave, of companies that have none of their own:
    /// `account_sid`, `auth_token`, `sender` (`{ from }` or
    /// `{ messaging_service }`). Never written out, for it holds a token.
    #[serde(default, skip_serializing)]
    pub sms: Option<TwilioConfig>,
    /// Slack's incoming webhook for messages to nobody in particular, of
    /// companies that have none of their own. The address is its secret.
    #[serde(default, skip_serializing)]
    pub slack: Option<SecretString>,
    /// File of SHA-1 sums of stolen passwords, sorted, one a line; no new
    /// password may be among them.
    pub breached_passwords: Option<PathBuf>,
    /// Master secret; made in the data folder when absent.
    pub secret: Option<String>,
    /// File of the keys that encrypt secrets at rest; `vault.key` in the data
    /// folder unless told. Nodes share it.
    pub vault: Option<PathBuf>,
    /// Whether webhooks may go to this machine and private networks: for
    /// development, and where receivers stand in one's own network.
    pub webhooks_to_private_networks: bool,
    /// Requests a minute per caller.
    pub requests_per_minute: u32,
    /// Log-in attempts a minute per address.
    pub logins_per_minute: u32,
    /// Threads that answer requests.
    pub workers: usize,
    /// `text` or `json`.
    pub log_format: String,
    /// Filter, e.g. `info,conexao_engine=debug`.
    pub log: String,
    /// OTLP/HTTP collector for traces, e.g. `http://localhost:4318/v1/traces`.
    pub otlp_endpoint: Option<String>,
}

/// TLS of our own. The files are read again when they change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// Certificate chain, PEM, our own certificate first.
    pub certificate: PathBuf,
    /// Private key, PEM, readable by its owner alone.
    pub key: PathBuf,
    /// Address whose plain requests are sent to `public_url`, e.g. `0.0.0.0:80`.
    #[serde(default)]
    pub redirect_from: Option<String>,
}

/// How mail leaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Address of the sender.
    pub from: String,
    /// Name of the sender; the company's unless told.
    #[serde(default)]
    pub from_name: Option<String>,
    /// A domain whose mail to `bounce+…` comes back to Conexão; refusals go to
    /// `from` without it.
    #[serde(default)]
    pub bounce_domain: Option<String>,
    /// The relay: `host`, `port`, `hello`, `tls` (`starttls`, `implicit`,
    /// `none`), `login` (name and password), `dkim`.
    pub smtp: SmtpConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: "data".into(),
            listen: "127.0.0.1:8080".into(),
            tls: None,
            trusted_proxies: Vec::new(),
            forwarded_header: Forwarding::default(),
            cors_origins: Vec::new(),
            metrics_from: local_networks(),
            clients: 4096,
            head_seconds: 10,
            body_seconds: 30,
            upload_seconds: 900,
            answer_seconds: 60,
            database_url: None,
            connections: 16,
            reading_connections: 6,
            files: None,
            public_url: None,
            mail: None,
            sms: None,
            slack: None,
            breached_passwords: None,
            secret: None,
            vault: None,
            webhooks_to_private_networks: false,
            requests_per_minute: 1200,
            logins_per_minute: 30,
            workers: 2,
            log_format: "text".into(),
            log: "info,sqlx=warn,sea_orm_migration=warn".into(),
            otlp_endpoint: None,
        }
    }
}

/// Flags that override the rest.
#[derive(Debug, Args, Serialize)]
pub struct Overrides {
    /// Configuration file.
    #[arg(long, global = true, default_value = "conexao.toml")]
    #[serde(skip)]
    config: PathBuf,
    /// Folder of the SQLite database, files and the secret.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// Address to listen on.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<String>,
    /// `postgres://…`; without it SQLite in the data folder.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
}

/// This machine.
fn local_networks() -> Vec<IpNet> {
    ["127.0.0.0/8", "::1/128"].iter().filter_map(|text| text.parse().ok()).collect()
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Variables that tests, `conexao user` and `conexao api` read.
const NOT_OURS: &[&str] = &["bin", "new_password", "test_postgres", "url", "token", "email", "password"];

impl Config {
    pub fn load(overrides: &Overrides) -> Result<Self, Failure> {
        let figment = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(&overrides.config))
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(Env::prefixed("CONEXAO_").split("__").ignore(NOT_OURS))
            .merge(Serialized::defaults(overrides));
        let config: Self = figment.extract().map_err(|e| e.to_string())?;
        config.check()?;
        Ok(config)
    }

    /// Refuses what nobody can mean.
    fn check(&self) -> Result<(), Failure> {
        if let Some(wrong) = self.cors_origins.iter().find(|origin| !is_origin(origin)) {
            return Err(format!("cors_origins: `{wrong}` is no origin such as https://portal.example").into());
        }
        if let Some(wide) = self.trusted_proxies.iter().find(|network| network.prefix_len() == 0) {
            return Err(format!("trusted_proxies: {wide} is everybody, who could then be whoever they say").into());
        }
        let seconds = [self.head_seconds, self.body_seconds, self.upload_seconds, self.answer_seconds];
        if seconds.contains(&0) || self.clients == 0 {
            return Err("clients and the limits in seconds are at least 1".into());
        }
        Ok(())
    }

    /// Address at which people open this, without a slash at its end.
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let told = self.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        told.unwrap_or_else(|| format!("{scheme}://{}", self.listen))
    }

    /// Where files are kept, a folder in the data folder unless told.
    pub fn file_store(&self) -> FileStoreConfig {
        self.files.clone().unwrap_or_else(|| FileStoreConfig::Local { folder: self.data.join("files") })
    }

    /// File of the keys that encrypt secrets at rest; its folder is made.
    pub fn vault_file(&self) -> std::io::Result<PathBuf> {
        let path = self.vault.clone().unwrap_or_else(|| self.data.join("vault.key"));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(path)
    }

    /// URL of the database, SQLite in the data folder unless told.
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data.join("conexao.db").display()))
    }
}
