//! What the fixed endpoints answer. Ids are UUIDs as text, instants RFC 3339,
//! sizes bytes.

mod account;
mod audit;
mod channel;
pub(crate) mod import;
mod job;
mod note;
mod privacy;
mod rights;
mod security;
mod settings;

use serde::Deserialize;
use serde_json::Value as Json;

pub use account::{Entry, Me, Municipality, Notification, NotificationPage, RoleName, Tag, Tenant, Unread, User};
pub use audit::{AuditChain, AuditChange, AuditEntry, AuditPage, AuditRecord, Explained, GrantingRole};
pub use channel::{
    Browser, Channel, MessageEvent, Reached, Said, TemplateListed, TemplateTexts, TextTemplate, Variable,
};
pub use import::{Column, Import, ImportRow, Mapped, PreviewRow, Shape, Summary, Target};
pub use job::{Job, JobRow, RowError};
pub use note::{Actor, Attachment, Change, Comment, TimelineEntry, TimelineFile};
pub use privacy::{
    Chosen, Erasure, Found, FoundGroup, FoundItem, FoundReason, KeptField, KeptValue, PreviewPlace, PreviewRecord,
    PrivacyPreview, PrivacyProposals, ProposedPerson, RetentionChoice,
};
pub use rights::{
    Absences, GrantDraft, Named, PowerChange, RolePreview, RoleRow, ScopedVerb, SeeingPerson, SeeingToken, SeenBy,
    SeenResource, Simulation, StandingIn, Why,
};
pub use security::{
    AccessCounts, AccessPage, AccessRow, AddedPasskey, Ceremony, CompanyName, Key, LogIn, Passkey, Passkeys, Photo,
    RecoveryCodes, SecondFactor,
};

pub use settings::{ClockFace, Connection, Sandbox, TenantPage, TenantSummary, Themed, Tried};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page starts; none on the last.
    #[serde(default)]
    pub next: Option<String>,
    /// How many match, when it was asked for.
    #[serde(default)]
    pub count: Option<i64>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None, count: None }
    }
}

/// A record as others mention it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mention {
    pub id: String,
    #[serde(default)]
    pub resource: String,
    pub title: String,
    #[serde(default)]
    pub subtitle: Option<String>,
    /// Which value is the same, in answers about duplicates.
    #[serde(default)]
    pub field: Option<String>,
}

/// Records that share a value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Group {
    /// Of an interval its first day.
    #[serde(default)]
    pub key: Json,
    /// The second value, where groups are parted.
    #[serde(default)]
    pub split: Json,
    pub count: i64,
    #[serde(default)]
    pub sum: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Groups {
    pub groups: Vec<Group>,
}

/// What a bulk act is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    Ids(Vec<String>),
    /// Every record that matches a list query, as in a URL.
    Matching(String),
}
