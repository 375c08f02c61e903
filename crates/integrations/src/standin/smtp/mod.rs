//! A mail relay that speaks SMTP over TCP: STARTTLS or TLS from the first byte,
//! AUTH only under TLS, and refusals by the recipient's name.
//!
//! `nobody@` is unknown (550 5.1.1), `full@` has no room (552 5.2.2), `policy@`
//! is refused by policy (550 5.7.26), `plain@` without an enhanced code (550),
//! `grey@` is greylisted once (451), `busy@` ends the session (421), `lost@`
//! loses the connection after the final dot, `early@` before the text, `mute@`
//! gets no answer to the final dot, `dup@` is taken and then lost.

mod session;
mod tls;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use super::http::locked;

/// How the relay is set up.
#[derive(Debug, Clone, Default)]
pub struct SmtpOptions {
    /// Offers STARTTLS.
    pub starttls: bool,
    /// Speaks TLS from the first byte.
    pub implicit_tls: bool,
    /// Demands this name and password.
    pub login: Option<(String, String)>,
    /// Offers SMTPUTF8.
    pub utf8: bool,
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The envelope sender.
    pub from: String,
    /// The recipients.
    pub to: Vec<String>,
    /// The message as it came, dots unstuffed.
    pub raw: String,
    /// Whether it came under TLS.
    pub tls: bool,
}

impl Taken {
    /// A header, unfolded; empty when there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
        let found = head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        found.unwrap_or_default()
    }
}

pub(super) struct Shared {
    options: SmtpOptions,
    tls: TlsAcceptor,
    taken: Mutex<Vec<Taken>>,
    greeted: Mutex<HashSet<String>>,
    sessions: Mutex<usize>,
    logins: Mutex<usize>,
}

/// A running relay.
pub struct SmtpStandIn {
    address: SocketAddr,
    certificate: String,
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl std::fmt::Debug for SmtpStandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpStandIn").field("address", &self.address).finish_non_exhaustive()
    }
}

impl SmtpStandIn {
    /// Starts a relay on this machine, known as `localhost`.
    pub async fn start(options: SmtpOptions) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (tls, certificate) = tls::acceptor()?;
        let shared = Arc::new(Shared {
            options,
            tls,
            taken: Mutex::default(),
            greeted: Mutex::default(),
            sessions: Mutex::default(),
            logins: Mutex::default(),
        });
        let served = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(session::serve(stream, Arc::clone(&served)));
            }
        });
        Ok(Self { address, certificate, shared, task: task.abort_handle() })
    }

    /// The port on `localhost`.
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// The certificate in PEM, to be trusted.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The messages that were taken.
    pub fn taken(&self) -> Vec<Taken> {
        locked(&self.shared.taken).clone()
    }

    /// Connections so far.
    pub fn sessions(&self) -> usize {
        *locked(&self.shared.sessions)
    }

    /// Logins that were accepted.
    pub fn logins(&self) -> usize {
        *locked(&self.shared.logins)
    }
}

impl Drop for SmtpStandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}
