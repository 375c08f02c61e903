//! Roles side by side and simulated, who sees a record, absences.

use conexao_domain::kernel::record::Record;
use serde::{Deserialize, Serialize};

/// A grant with the rows it reaches: `all`, `team` or `own`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantDraft {
    pub permission: String,
    pub scope: Option<String>,
}

/// A role as the table of roles shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RoleRow {
    pub id: String,
    pub version: i64,
    #[serde(default)]
    pub key: Option<String>,
    pub name: String,
    pub scope: String,
    /// How many active people have it.
    pub people: i64,
    pub grants: Vec<GrantDraft>,
}

/// Somebody or something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    pub id: String,
    #[serde(default)]
    pub name: String,
}

/// A permission that some people would reach further, or less far, with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PowerChange {
    pub permission: String,
    /// None while they do not hold it.
    pub before: Option<String>,
    pub after: Option<String>,
    /// How many people; the first of them are named.
    pub count: i64,
    pub people: Vec<Named>,
}

/// An action and the rows it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ScopedVerb {
    pub verb: String,
    pub scope: String,
}

/// What somebody would see of one kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SeenResource {
    pub resource: String,
    pub area: String,
    pub actions: Vec<ScopedVerb>,
    /// How many rows, where that can be told.
    #[serde(default)]
    pub rows: Option<u64>,
    /// Whether there are more than were counted.
    #[serde(default)]
    pub rows_more: bool,
}

/// What somebody with one role alone would see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct RolePreview {
    pub resources: Vec<SeenResource>,
    #[serde(default)]
    pub administration: Vec<String>,
}

/// What a role would mean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Simulation {
    pub gains: Vec<PowerChange>,
    pub losses: Vec<PowerChange>,
    /// How many people have the role.
    #[serde(default)]
    pub people: i64,
    #[serde(default)]
    pub more: bool,
    pub preview: RolePreview,
}

/// A reason why somebody reaches a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Why {
    pub role: Named,
    pub scope: String,
    /// In whose place.
    #[serde(default, rename = "for")]
    pub absent: Option<Named>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SeeingPerson {
    pub id: String,
    pub name: String,
    pub read: Vec<Why>,
    pub edit: Vec<Why>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SeeingToken {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub owner: Option<Named>,
    pub edit: bool,
}

/// Who can see and change a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct SeenBy {
    pub people: Vec<SeeingPerson>,
    pub tokens: Vec<SeeingToken>,
    /// There are more people than are told.
    #[serde(default)]
    pub more: bool,
}

/// One's own absences, and those in which one stands in.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Absences {
    pub mine: Vec<Record>,
    pub standing_in: Vec<Record>,
}

/// Somebody absent in whose place one may act now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StandingIn {
    pub id: String,
    pub name: String,
    /// The last day.
    pub until: String,
}
