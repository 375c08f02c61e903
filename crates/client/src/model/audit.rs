//! The audit and permissions explained.

use serde::Deserialize;

use super::Actor;

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuditRecord {
    pub id: String,
    #[serde(default)]
    pub title: Option<String>,
    /// Whether it is a record of a declared resource.
    #[serde(default)]
    pub screen: bool,
}

/// One field as it was and as it became, in words; personal data masked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuditChange {
    pub field: String,
    pub label: String,
    #[serde(default)]
    pub old: Option<String>,
    #[serde(default)]
    pub new: Option<String>,
    #[serde(default)]
    pub masked: bool,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AuditEntry {
    pub id: String,
    pub at: String,
    pub actor: Actor,
    pub action: String,
    pub action_label: String,
    pub resource: String,
    pub resource_label: String,
    #[serde(default)]
    pub record: Option<AuditRecord>,
    /// Labels of what changed.
    #[serde(default)]
    pub fields: Vec<String>,
    #[serde(default)]
    pub ip: Option<String>,
    #[serde(default)]
    pub request_id: Option<String>,
    /// What the company's clock showed, when somebody had moved it.
    #[serde(default)]
    pub clock: Option<String>,
    /// Only of an entry read by itself, like the hashes.
    #[serde(default)]
    pub changes: Vec<AuditChange>,
    #[serde(default)]
    pub hash: String,
    #[serde(default)]
    pub previous_hash: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct AuditPage {
    pub items: Vec<AuditEntry>,
    #[serde(default)]
    pub next: Option<String>,
    /// How far back it was looked before the page was full.
    #[serde(default)]
    pub searched_to: Option<String>,
}

/// The hash chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct AuditChain {
    pub entries: i64,
    #[serde(default)]
    pub verified_at: Option<String>,
    #[serde(default)]
    pub verified_entries: Option<i64>,
    /// The first entry that does not fit.
    #[serde(default)]
    pub broken_at: Option<i64>,
}

/// A role and those of its grants that cover a permission.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GrantingRole {
    pub id: String,
    pub name: String,
    /// `all`, the `team`'s or `own` records.
    pub scope: String,
    pub grants: Vec<String>,
}

/// Why somebody may do something, or what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Explained {
    pub permission: String,
    pub allowed: bool,
    #[serde(default)]
    pub scope: Option<String>,
    /// `suspended`, `role` or `second_factor`.
    #[serde(default)]
    pub missing: Option<String>,
    /// The roles the user has.
    pub roles: Vec<GrantingRole>,
    /// Absent people who lend it.
    #[serde(default)]
    pub standing_in: Vec<super::StandingIn>,
    /// Other roles that grant it.
    pub would_grant: Vec<GrantingRole>,
}
