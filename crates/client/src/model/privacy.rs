//! What the privacy desk answers.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// A record that is the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    pub resource: String,
    pub id: String,
}

/// Why something was found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundReason {
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub label: Option<String>,
    /// `document`, `phone`, `email`, `name`, `reference` or `chosen`.
    pub what: String,
}

/// Something that tells of the person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundItem {
    pub id: String,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub created_at: Option<String>,
    /// The record it belongs to.
    #[serde(default)]
    pub about: Option<Chosen>,
    pub reasons: Vec<FoundReason>,
}

/// What was found in one resource, or in one other place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundGroup {
    /// `records` or `texts`.
    pub kind: String,
    pub name: String,
    pub label: String,
    /// Whether its records are people.
    pub person: bool,
    pub items: Vec<FoundItem>,
    /// Whether there are more than are shown.
    pub more: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Found {
    pub groups: Vec<FoundGroup>,
}

/// A field that stays, why and until when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptField {
    pub field: String,
    pub label: String,
    pub basis: String,
    pub basis_label: String,
    pub law: String,
    #[serde(default)]
    pub until: Option<String>,
}

/// What becomes of one record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PreviewRecord {
    pub resource: String,
    pub resource_label: String,
    pub id: String,
    pub title: String,
    /// `person`, `refers` or `mentions`.
    pub tie: String,
    pub emptied: Vec<String>,
    pub kept: Vec<KeptField>,
}

/// How many rows of a place lose the person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PreviewPlace {
    pub place: String,
    pub label: String,
    pub count: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct PrivacyPreview {
    pub records: Vec<PreviewRecord>,
    pub places: Vec<PreviewPlace>,
    /// Reasons of the legal holds that stand against it.
    pub held: Vec<String>,
    pub digest: String,
}

/// A line of the timetable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RetentionChoice {
    pub basis: String,
    pub label: String,
    pub law: String,
    #[serde(default)]
    pub legal_years: Option<u32>,
    #[serde(default)]
    pub years: Option<u32>,
    #[serde(default)]
    pub most_years: Option<u32>,
    #[serde(default)]
    pub reason: Option<String>,
    pub resources: Vec<String>,
}

/// Somebody who was anonymised.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Erasure {
    pub id: String,
    pub resource: String,
    pub record_id: String,
    #[serde(default)]
    pub request_id: Option<String>,
    pub erased_at: String,
    pub emptied: Vec<String>,
    /// Whether the law keeps something.
    pub kept: bool,
    #[serde(default)]
    pub basis: Option<String>,
    #[serde(default)]
    pub basis_label: Option<String>,
    #[serde(default)]
    pub law: Option<String>,
    #[serde(default)]
    pub until: Option<String>,
    /// Whether its time is over.
    pub over: bool,
}

/// Somebody of whom nothing was heard for years.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProposedPerson {
    pub resource: String,
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub idle_since: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct PrivacyProposals {
    pub idle_years: u32,
    pub people: Vec<ProposedPerson>,
    pub kept: Vec<Erasure>,
}

/// A value that the law keeps.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct KeptValue {
    pub field: String,
    pub label: String,
    pub value: Json,
}
