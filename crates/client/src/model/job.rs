use serde::Deserialize;
use serde_json::Value as Json;

/// Work the server does in the background.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Job {
    pub id: String,
    pub kind: String,
    pub title: String,
    /// `queued`, `running`, `paused`, `done`, `failed`, `cancelled` or `dead`.
    pub state: String,
    #[serde(default)]
    pub done: i64,
    /// Rows to do; unknown until counted.
    #[serde(default)]
    pub total: Option<i64>,
    #[serde(default)]
    pub failed: i64,
    #[serde(default)]
    pub result: Json,
    #[serde(default)]
    pub error: Option<String>,
    #[serde(default)]
    pub resource: Option<String>,
    #[serde(default)]
    pub created_at: Option<String>,
    #[serde(default)]
    pub started_at: Option<String>,
    #[serde(default)]
    pub finished_at: Option<String>,
    /// Who asked for it.
    #[serde(default)]
    pub created_by: Json,
    #[serde(default)]
    pub cancellable: bool,
    /// Whether whoever started it may still take it back.
    #[serde(default)]
    pub undoable: bool,
    #[serde(default)]
    pub has_file: bool,
    #[serde(default)]
    pub file_name: Option<String>,
}

impl Job {
    /// Whether nothing more will happen by itself.
    pub fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "done" | "failed" | "cancelled" | "dead")
    }

    /// Whether it ended and every row went well.
    pub fn is_well(&self) -> bool {
        self.state == "done" && self.failed == 0
    }

    /// How far it is, 0 to 100; nothing while the total is unknown.
    pub fn percent(&self) -> Option<i64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((self.done.saturating_mul(100) / total).clamp(0, 100))
    }
}

/// What became of one row of a job.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct JobRow {
    pub line: i64,
    #[serde(default)]
    pub record_id: Option<String>,
    pub ok: bool,
    #[serde(default)]
    pub errors: Vec<RowError>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RowError {
    #[serde(default)]
    pub column: Option<Json>,
    #[serde(default)]
    pub field: Option<String>,
    pub code: String,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub value: Json,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn knows_how_far_it_is() {
        let job = |state: &str, done: i64, total: Json| -> Job {
            let job = json!({"id": "1", "kind": "export", "title": "x", "state": state, "done": done, "total": total});
            serde_json::from_value(job).unwrap()
        };
        assert_eq!(job("running", 1, json!(3)).percent(), Some(33));
        assert_eq!(job("running", 0, Json::Null).percent(), None);
        assert!(!job("running", 0, json!(0)).is_over());
        assert!(job("dead", 0, json!(0)).is_over() && !job("dead", 0, json!(0)).is_well());
    }
}
