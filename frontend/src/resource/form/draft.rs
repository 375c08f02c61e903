//! What was typed and not saved yet, kept in this browser for the person who
//! typed it.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{canonical::write_instant, record::Record, resource::Resource};
use serde::{Deserialize, Serialize};

use crate::{
    prefs::{forget, recall, remember},
    state::app,
};

/// A record being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// When it was kept, RFC 3339.
    pub at: String,
    /// Version of the record it changes; 0 for a new one.
    pub version: i64,
    /// All values, with `_refs`.
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
    format!("conexao.draft.{}.{}.{}", app().session.user_id(), resource.name, id.unwrap_or("new"))
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
