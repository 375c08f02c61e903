use serde::Deserialize;

/// How somebody stands with the second step of a log-in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SecondFactor {
    /// Since when an application makes codes; none while it is off.
    pub since: Option<String>,
    /// Passkeys that can answer it.
    #[serde(default)]
    pub passkeys: i64,
    /// Whether a role demands it.
    pub required: bool,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
}

/// A question that a passkey signs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Ceremony {
    /// Names the question in the answer.
    pub ceremony: String,
    /// `publicKey` options as JSON, binary values in base64url.
    pub options: serde_json::Value,
}

/// A key on somebody's device.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Passkey {
    pub id: String,
    pub name: String,
    pub created_at: String,
    pub last_used_at: Option<String>,
    /// Whether there may be a copy of it, so that it opens nothing.
    pub blocked: bool,
}

/// Somebody's passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Passkeys {
    /// Whether browsers know passkeys for the address of the installation.
    pub available: bool,
    pub items: Vec<Passkey>,
}

/// A passkey that was added.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct AddedPasskey {
    pub id: String,
    /// Made with the first factor of all, shown this once.
    pub recovery_codes: Vec<String>,
}

impl std::fmt::Debug for AddedPasskey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "passkey {}", self.id)
    }
}

/// A company to choose at the log-in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CompanyName {
    pub slug: String,
    pub name: String,
}

/// Whose photo there is, and which.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Photo {
    pub user_id: String,
    pub version: String,
}

/// What an authenticator application needs.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Key {
    /// Base 32, to type in.
    pub secret: String,
    /// `otpauth://…`
    pub uri: String,
    /// The address as a QR code, an SVG document.
    pub picture: String,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// Codes that stand in for the application, each once.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} recovery codes", self.recovery_codes.len())
    }
}

/// A place where somebody is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LogIn {
    pub id: String,
    pub browser: Option<String>,
    pub system: Option<String>,
    pub ip: Option<String>,
    pub created_at: String,
    pub last_used_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Counts of log-ins of the last days and of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct AccessCounts {
    /// How many days log-ins and failures are counted.
    pub days: i64,
    pub log_ins: i64,
    pub failures: i64,
    /// Sessions that last.
    pub sessions: i64,
    /// Active users without a second step.
    pub without_two_factor: i64,
}

/// One line of a list of log-ins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccessRow {
    pub user_id: Option<String>,
    pub user: Option<String>,
    pub at: Option<String>,
    pub ip: Option<String>,
    #[serde(default)]
    pub browser: Option<String>,
    #[serde(default)]
    pub system: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccessPage {
    pub items: Vec<AccessRow>,
    pub next: Option<String>,
}
