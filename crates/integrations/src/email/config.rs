//! How mail leaves.

use secrecy::SecretString;
use serde::Deserialize;

/// The relay that takes our mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port; 587 and 465 by custom.
    pub port: u16,
    /// How the way there is protected.
    #[serde(default)]
    pub tls: Tls,
    /// Name and password; never sent without TLS.
    #[serde(default)]
    pub login: Option<(String, SecretString)>,
    /// The name we greet with: one that leads back to us.
    pub hello: String,
    /// A certificate in PEM to trust besides those of the machine.
    #[serde(default)]
    pub ca_pem: Option<String>,
    /// Seconds for each step of the conversation.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// The signature by which others know our domain.
    #[serde(default)]
    pub dkim: Option<DkimConfig>,
}

const fn default_timeout() -> u64 {
    30
}

/// How the way to the relay is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Asked for after the greeting, and insisted on (port 587).
    #[default]
    Starttls,
    /// From the first byte (port 465).
    Implicit,
    /// None: for a relay on this machine and for development.
    None,
}

/// A key whose public half stands in the DNS of the domain.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimConfig {
    /// The domain of the sender's address.
    pub domain: String,
    /// The name of the key there.
    pub selector: String,
    /// Its kind.
    #[serde(default)]
    pub algorithm: DkimAlgorithm,
    /// The private key: PKCS#1 in PEM, or 32 bytes in base64 for Ed25519.
    pub private_key: SecretString,
}

/// The kind of a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DkimAlgorithm {
    /// Understood by everybody.
    #[default]
    Rsa,
    /// Short; not every receiver checks it.
    Ed25519,
}
