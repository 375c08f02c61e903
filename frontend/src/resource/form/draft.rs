//! What was typed and not saved yet, kept in this browser for the person who
//! typed it.
//!
//! Desks are shared, so a draft goes when its author signs out, when somebody
//! else signs in, and after a day. A closed tab alone does not lose it.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::{canonical::write_instant, record::Record, resource::Resource};
use serde::{Deserialize, Serialize};

use crate::{
    format,
    prefs::{forget, kept, recall, remember},
    state::app,
};

/// Begins the key of every draft.
const PREFIX: &str = "conexao.draft.";

/// Begins the key of what a person chose last (`ui::control`), which goes like drafts.
pub const RECENT: &str = "conexao.recent.";

/// A draft is no use to its author after this long.
const LONGEST: TimeDelta = TimeDelta::days(1);

/// A record being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// When it was kept, RFC 3339.
    pub at: String,
    /// Version of the record it changes; 0 for a new one.
    pub version: i64,
    /// What was typed, with `_refs`: all values of a new record, of another only those that were
    /// changed. What was looked at and left alone is not kept.
    pub record: Record,
}

impl Draft {
    pub fn new(version: i64, record: Record, at: DateTime<Utc>) -> Self {
        Self { at: write_instant(at), version, record }
    }

    pub fn moment(&self) -> Option<DateTime<Utc>> {
        self.at.parse().ok()
    }
}

/// Where the draft of a record (or of a new one) is kept.
pub fn key(resource: &Resource, id: Option<&str>) -> String {
    format!("{PREFIX}{}.{}.{}", app().session.user_id(), resource.name, id.unwrap_or("new"))
}

/// The draft kept under a key.
pub fn read(key: &str) -> Option<Draft> {
    serde_json::from_str(&recall(key)?).ok()
}

pub fn write(key: &str, draft: &Draft) {
    if let Ok(text) = serde_json::to_string(draft) {
        remember(key, &text);
    }
}

pub fn remove(key: &str) {
    forget(key);
}

/// Removes drafts that are older than a day or, once it is known who is in, somebody else's.
pub fn sweep(owner: Option<&str>) {
    for key in kept(PREFIX) {
        if !stays(&key, read(&key).as_ref(), owner, format::now()) {
            forget(&key);
        }
    }
    let own = |key: &String| owner.is_none_or(|owner| author(RECENT, key) == Some(owner));
    for key in kept(RECENT).into_iter().filter(|key| !own(key)) {
        forget(&key);
    }
}

/// Whose a key is.
fn author<'a>(prefix: &str, key: &'a str) -> Option<&'a str> {
    key.strip_prefix(prefix).and_then(|rest| rest.split('.').next())
}

/// Removes every draft, and what was chosen last: their author leaves.
pub fn remove_all() {
    for key in kept(PREFIX).into_iter().chain(kept(RECENT)) {
        forget(&key);
    }
}

fn stays(key: &str, draft: Option<&Draft>, owner: Option<&str>, now: DateTime<Utc>) -> bool {
    let recent = draft.and_then(Draft::moment).is_some_and(|at| now - at < LONGEST);
    recent && owner.is_none_or(|owner| author(PREFIX, key) == Some(owner))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_draft_stays_for_its_author_and_for_a_day() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let draft = Draft::new(0, Record::default(), at("2026-11-10T12:00:00Z"));
        let stays = |owner, now: &str| stays("conexao.draft.ana.customer.new", Some(&draft), owner, at(now));
        assert!(stays(Some("ana"), "2026-11-11T11:59:59Z"));
        assert!(stays(None, "2026-11-11T11:59:59Z"), "nobody is in yet");
        assert!(!stays(Some("bia"), "2026-11-10T12:00:01Z"));
        assert!(!stays(Some("an"), "2026-11-10T12:00:01Z"));
        assert!(!stays(Some("ana"), "2026-11-11T12:00:00Z"));
        assert!(!super::stays("conexao.draft.ana.customer.new", None, Some("ana"), at("2026-11-10T12:00:01Z")));
    }
}
