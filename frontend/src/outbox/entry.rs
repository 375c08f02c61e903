//! One write that waits.

use chrono::Utc;
use conexao_domain::{
    kernel::{canonical::write_instant, resource::Resource},
    offline,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::state::app;

/// A write as it will be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Also its idempotency key: sent twice, it has one effect.
    pub id: String,
    /// The user who wrote it.
    pub owner: String,
    /// When, RFC 3339.
    pub at: String,
    pub method: String,
    /// Below `/api/v1`.
    pub path: String,
    pub body: Json,
    /// The version it was made from, where it depends on one.
    #[serde(default)]
    pub version: Option<i64>,
    pub resource: String,
    pub record: String,
    /// `comment`, …: see `conexao_domain::offline`.
    pub write: String,
    /// The record's name, for people.
    pub title: String,
    /// What was written, for people.
    pub text: String,
    /// Why the server did not take it.
    #[serde(default)]
    pub refused: Option<Refused>,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// The sentence for people.
    pub why: String,
}

impl Entry {
    /// A comment on a record.
    pub fn comment(resource: &Resource, record: &str, title: String, text: &str, mentions: &[String]) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            owner: app().session.user_id(),
            at: write_instant(Utc::now()),
            method: "POST".to_owned(),
            path: format!("/{}/{record}/comments", resource.path),
            body: json!({ "text": text, "mentions": mentions }),
            version: None,
            resource: resource.name.to_owned(),
            record: record.to_owned(),
            write: "comment".to_owned(),
            title,
            text: text.to_owned(),
            refused: None,
        }
    }

    /// Whether it may wait at all.
    pub fn may_wait(&self) -> bool {
        offline::may_wait(&self.resource, &self.write)
    }

    /// Whether it must not go before another one: both change the same record.
    pub fn follows(&self, other: &Self) -> bool {
        self.record == other.record && self.version.is_some()
    }

    /// Of somebody else's record, or another one.
    pub fn is_about(&self, resource: &str, record: &str) -> bool {
        self.resource == resource && self.record == record
    }
}

/// What may go now: in order, without what was refused and what comes after it.
pub fn next(entries: &[Entry]) -> Option<&Entry> {
    entries.iter().enumerate().find_map(|(at, entry)| {
        let before = entries.get(..at).unwrap_or_default();
        let held = before.iter().any(|earlier| earlier.refused.is_some() && entry.follows(earlier));
        (entry.refused.is_none() && !held).then_some(entry)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, record: &str, version: Option<i64>, refused: bool) -> Entry {
        Entry {
            id: id.to_owned(),
            owner: String::new(),
            at: String::new(),
            method: "PATCH".to_owned(),
            path: String::new(),
            body: Json::Null,
            version,
            resource: "customer".to_owned(),
            record: record.to_owned(),
            write: "update".to_owned(),
            title: String::new(),
            text: String::new(),
            refused: refused.then(|| Refused { status: 412, why: String::new() }),
        }
    }

    fn following(entries: &[Entry]) -> Option<&str> {
        next(entries).map(|entry| entry.id.as_str())
    }

    #[test]
    fn what_builds_on_something_refused_waits() {
        assert_eq!(following(&[]), None);
        let (refused, after) = (entry("1", "a", Some(1), true), entry("2", "a", Some(1), false));
        let (other, free) = (entry("3", "b", Some(4), false), entry("4", "a", None, false));
        assert_eq!(following(&[refused.clone(), after.clone(), other]), Some("3"));
        assert_eq!(following(&[refused.clone(), after.clone(), free]), Some("4"), "it depends on no version");
        assert_eq!(following(&[refused, after]), None);
    }
}
