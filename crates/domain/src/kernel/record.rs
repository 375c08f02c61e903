//! A record in canonical JSON: the one form in which values travel between
//! plan, storage, API and browser.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::value::Money;

/// Field name → canonical value; absent and null mean the same.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record(pub Map<String, Json>);

static NULL: Json = Json::Null;

impl Record {
    /// The value, null when absent.
    pub fn get(&self, field: &str) -> &Json {
        self.0.get(field).unwrap_or(&NULL)
    }

    pub fn set(&mut self, field: &str, value: impl Into<Json>) {
        self.0.insert(field.to_owned(), value.into());
    }

    /// The value when it is text that is not empty.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field).as_str().filter(|t| !t.is_empty())
    }

    pub fn integer(&self, field: &str) -> Option<i64> {
        self.get(field).as_i64()
    }

    pub fn flag(&self, field: &str) -> bool {
        self.get(field).as_bool().unwrap_or_default()
    }

    pub fn money(&self, field: &str) -> Option<Money> {
        self.integer(field).map(Money)
    }

    pub fn date(&self, field: &str) -> Option<NaiveDate> {
        self.text(field)?.parse().ok()
    }

    pub fn instant(&self, field: &str) -> Option<DateTime<Utc>> {
        self.text(field)?.parse().ok()
    }

    /// The rows of a lines field, in order.
    pub fn lines(&self, field: &str) -> Vec<Record> {
        let rows = self.get(field).as_array();
        rows.into_iter().flatten().filter_map(|row| row.as_object().cloned().map(Record)).collect()
    }

    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    pub fn version(&self) -> i64 {
        self.integer("version").unwrap_or_default()
    }
}

impl From<Record> for Json {
    fn from(record: Record) -> Self {
        Self::Object(record.0)
    }
}

impl From<Map<String, Json>> for Record {
    fn from(map: Map<String, Json>) -> Self {
        Self(map)
    }
}
