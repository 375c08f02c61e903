use std::collections::BTreeMap;

use conexao_domain::kernel::record::Record;
use serde::Deserialize;

/// What a company's clock shows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ClockFace {
    /// RFC 3339.
    pub now: String,
    /// The world's time.
    pub real: String,
    pub moved: bool,
    pub frozen: bool,
    /// Whether it may be moved at all.
    pub movable: bool,
}

/// A value for each theme.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Themed {
    pub light: Option<String>,
    pub dark: Option<String>,
}

/// What a company may be connected to, and what is set of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Connection {
    pub name: String,
    /// 0 where nothing is set.
    pub version: i64,
    /// Values that are no secrets.
    pub values: Record,
    /// Secrets that are set → their last characters.
    pub secrets: BTreeMap<String, String>,
    pub public_key: Option<String>,
    pub updated_at: Option<String>,
    pub updated_by: Option<String>,
    pub used_at: Option<String>,
    pub tried_at: Option<String>,
    /// What the last trial gave: `ok` or a code.
    pub trial: Option<String>,
}

/// What trying a connection out gave.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tried {
    pub ok: bool,
    pub error: Option<String>,
    /// What the other side said.
    pub detail: Option<String>,
}

/// An environment for trying things out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sandbox {
    pub id: i32,
    pub name: String,
    pub slug: String,
    pub status: String,
    pub created_at: String,
}

/// A company as the operator of the installation sees it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TenantSummary {
    pub id: i32,
    pub name: String,
    pub slug: String,
    /// `production`, `sandbox`, `demo` or `operator`.
    pub kind: String,
    /// `active` or `suspended`.
    pub status: String,
    /// What it pays for, which bounds how often its programs may call.
    #[serde(default)]
    pub plan: String,
    pub reason: Option<String>,
    pub created_at: String,
    pub users: i64,
    pub last_use: Option<String>,
    /// Business records by kind, of a single company only.
    pub records: Option<BTreeMap<String, i64>>,
    pub bytes: Option<i64>,
}

/// A page of companies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct TenantPage {
    pub items: Vec<TenantSummary>,
    #[serde(default)]
    pub next: Option<String>,
}
