//! The conversation with the relay, step by step: what a failure means depends
//! on how far it had come.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error, response::Response};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::class::{Class, Enhanced, Stage, class_of, next_of};
use super::config::{SmtpConfig, Tls};
use super::message::{Letter, Mail, WriteError};
use crate::http::{Egress, HttpFault};
use crate::outcome::Next;

/// Relays close connections that are quiet for long.
const IDLE: Duration = Duration::from_secs(20);
const MOST_IDLE: usize = 2;
/// The RFC gives a server ten minutes to think after the final dot; answers
/// that take longer than this are unknown.
const FINAL: Duration = Duration::from_mins(2);
const MOST_TEXT: usize = 300;

/// Why a message was not taken by the relay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The message cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The relay said no.
    #[error("the server refused with {code} at {stage:?}")]
    Refused {
        /// How far it had come.
        stage: Stage,
        /// The reply's code.
        code: u16,
        /// The enhanced code, if there was one.
        enhanced: Option<Enhanced>,
        /// What it said; may name the recipient.
        text: String,
        /// What it means.
        class: Class,
    },
    /// No connection, or it broke before the text was sent: nothing was taken.
    #[error("the conversation with the server broke at {stage:?}")]
    Broken {
        /// How far it had come.
        stage: Stage,
    },
    /// The address of the relay leads where it must not.
    #[error("the server cannot be connected to: {0}")]
    Address(HttpFault),
    /// The relay offers no TLS or its certificate is not trusted.
    #[error("the connection to the server is not secure")]
    Insecure,
    /// The address needs what the relay does not offer (SMTPUTF8).
    #[error("the server cannot send to addresses with accents")]
    Unsupported,
    /// The connection was lost after the text: it may have been taken. If it
    /// is sent again, then with the same Message-ID.
    #[error("whether the server took the message is not known")]
    Unknown,
}

impl MailError {
    /// The stable code of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Write(_) => "email.write",
            Self::Refused { .. } => "email.refused",
            Self::Broken { .. } => "email.broken",
            Self::Address(fault) => fault.code(),
            Self::Insecure => "email.insecure",
            Self::Unsupported => "email.unsupported",
            Self::Unknown => "email.unknown",
        }
    }

    /// What to do.
    pub const fn next(&self) -> Next {
        match self {
            Self::Write(WriteError::Recipient) => Next::Suppress,
            Self::Write(WriteError::Header) | Self::Unsupported => Next::Drop,
            Self::Refused { stage, class, .. } => next_of(*class, *stage),
            Self::Broken { .. } | Self::Address(HttpFault::Resolve) => Next::RETRY,
            Self::Write(_) | Self::Insecure | Self::Address(_) => Next::Alert,
            Self::Unknown => Next::Unknown,
        }
    }
}

/// Hands mail to a relay; cheap to clone, keeps a few connections open.
#[derive(Clone)]
pub struct Mailer {
    config: Arc<SmtpConfig>,
    egress: Egress,
    tls: Option<TlsParameters>,
    idle: Arc<Mutex<Vec<(AsyncSmtpConnection, Instant)>>>,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer")
            .field("host", &self.config.host)
            .field("port", &self.config.port)
            .finish_non_exhaustive()
    }
}

impl Mailer {
    /// A mailer for a relay.
    ///
    /// # Errors
    /// [`MailError::Insecure`] for a login without TLS or an unreadable certificate.
    pub fn new(config: SmtpConfig, egress: Egress) -> Result<Self, MailError> {
        if config.tls == Tls::None && config.login.is_some() {
            return Err(MailError::Insecure);
        }
        let tls = if config.tls == Tls::None { None } else { Some(tls(&config)?) };
        Ok(Self { config: Arc::new(config), egress, tls, idle: Arc::default() })
    }

    /// Writes, signs and hands over a message; taken is not yet delivered.
    /// The answer is what the relay said, which often names its own identity.
    pub async fn send(&self, mail: &Mail, bounce_address: &str) -> Result<String, MailError> {
        let letter = mail.write(bounce_address, self.config.dkim.as_ref())?;
        self.hand_over(&letter).await
    }

    /// Hands a written message over.
    pub async fn hand_over(&self, letter: &Letter) -> Result<String, MailError> {
        let mut connection = self.connection().await?;
        let result = self.converse(&mut connection, letter).await;
        match &result {
            // A refusal ends the message, not the connection.
            Ok(_) | Err(MailError::Refused { .. }) => self.keep(connection).await,
            Err(_) => {}
        }
        result
    }

    /// Connects, logs in and leaves: for a button that tests the settings.
    pub async fn test(&self) -> Result<(), MailError> {
        let connection = self.connect().await?;
        self.keep(connection).await;
        Ok(())
    }

    async fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().await;
        if idle.len() < MOST_IDLE && !connection.has_broken() {
            idle.push((connection, Instant::now()));
        }
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, MailError> {
        loop {
            let Some((mut connection, since)) = self.idle.lock().await.pop() else { break };
            let fresh = since.elapsed() < IDLE;
            if fresh && matches!(timeout(self.patience(), connection.command(Rset)).await, Ok(Ok(_))) {
                return Ok(connection);
            }
        }
        self.connect().await
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.config.timeout_seconds.max(1))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let (config, patience) = (&*self.config, self.patience());
        let broken = |stage| move |_| MailError::Broken { stage };
        let addresses = self.egress.resolve(&config.host, config.port).await.map_err(MailError::Address)?;
        let hello = ClientId::Domain(config.hello.clone());
        let implicit = self.tls.clone().filter(|_| config.tls == Tls::Implicit);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(addresses.as_slice(), Some(patience), &hello, implicit, None);
        let mut connection = timeout(patience, connecting)
            .await
            .map_err(broken(Stage::Connect))?
            .map_err(|error| failed(Stage::Connect, &error))?;
        if let Some(tls) = self.tls.clone().filter(|_| config.tls == Tls::Starttls) {
            if !connection.can_starttls() {
                return Err(MailError::Insecure);
            }
            let upgrade = timeout(patience, connection.starttls(tls, &hello)).await;
            upgrade.map_err(broken(Stage::Connect))?.map_err(|error| failed(Stage::Connect, &error))?;
        }
        if let Some((user, password)) = &config.login {
            let login = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let attempt = timeout(patience, connection.auth(&[Mechanism::Plain, Mechanism::Login], &login)).await;
            attempt.map_err(broken(Stage::Login))?.map_err(|error| failed(Stage::Login, &error))?;
        }
        Ok(connection)
    }

    async fn converse(&self, connection: &mut AsyncSmtpConnection, letter: &Letter) -> Result<String, MailError> {
        let mut options = Vec::new();
        if !letter.is_ascii() {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(MailError::Unsupported);
            }
            options.push(MailParameter::SmtpUtfEight);
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        self.step(Stage::Sender, connection.command(MailFrom::new(letter.envelope.from().cloned(), options))).await?;
        for to in letter.envelope.to() {
            self.step(Stage::Recipient, connection.command(Rcpt::new(to.clone(), vec![]))).await?;
        }
        self.step(Stage::Data, connection.command(Data)).await?;
        let patience = self.patience().max(FINAL.min(self.patience() * 4));
        let reply = timeout(patience, connection.message(&letter.bytes)).await.map_err(|_| MailError::Unknown)?;
        let reply = reply.map_err(|error| failed(Stage::Content, &error))?;
        Ok(reply.message().next().unwrap_or_default().chars().take(MOST_TEXT).collect())
    }

    async fn step(&self, stage: Stage, reply: impl Future<Output = Result<Response, Error>>) -> Result<(), MailError> {
        let reply = timeout(self.patience(), reply).await.map_err(|_| MailError::Broken { stage })?;
        reply.map(|_| ()).map_err(|error| failed(stage, &error))
    }
}

fn tls(config: &SmtpConfig) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if let Some(pem) = &config.ca_pem {
        let certificate = Certificate::from_pem(pem.as_bytes()).map_err(|_| MailError::Insecure)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|_| MailError::Insecure)
}

fn failed(stage: Stage, error: &Error) -> MailError {
    let Some(code) = error.status() else {
        return match stage {
            Stage::Content => MailError::Unknown,
            Stage::Connect if error.is_tls() || is_untrusted(error) => MailError::Insecure,
            // No way to log in that we speak.
            Stage::Login if error.is_client() => MailError::Insecure,
            _ => MailError::Broken { stage },
        };
    };
    let code: u16 = code.into();
    let text: String = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let enhanced = Enhanced::parse(&text);
    let text = text.chars().take(MOST_TEXT).collect();
    MailError::Refused { stage, code, enhanced, text, class: class_of(stage, code, enhanced) }
}

/// Certificates that are not trusted come as errors of the connection.
fn is_untrusted(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let io = cause.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::InvalidData) {
            return true;
        }
        source = cause.source();
    }
    false
}
