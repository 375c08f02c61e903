//! Work the server does in the background.

use std::time::Duration;

use js_sys::Promise;
use leptos::leptos_dom::helpers::set_timeout;
use serde::Deserialize;
use serde_json::Value as Json;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{Failure, Params, http::Call};

/// Between two questions about a job that is waited for.
const PAUSE: Duration = Duration::from_millis(300);

/// How often it is asked after before one gives up.
const QUESTIONS: usize = 100;

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

    /// How far it is, 0 to 100; nothing while the total is unknown.
    pub fn percent(&self) -> Option<i64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((self.done.saturating_mul(100) / total).clamp(0, 100))
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct JobPage {
    pub items: Vec<Job>,
    #[serde(default)]
    pub next: Option<String>,
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

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct JobRows {
    pub items: Vec<JobRow>,
    #[serde(default)]
    pub next: Option<String>,
}

pub async fn list(after: Option<&str>) -> Result<JobPage, Failure> {
    let params = Params::default().with("after", after.unwrap_or_default());
    Call::get(format!("/jobs{}", params.suffix())).read().await
}

pub async fn get(id: &str) -> Result<Job, Failure> {
    Call::get(format!("/jobs/{id}")).read().await
}

/// A job when it is over; nothing when that takes too long to wait for.
pub async fn over(id: &str) -> Option<Job> {
    for _ in 0..QUESTIONS {
        match get(id).await {
            Ok(job) if job.is_over() => return Some(job),
            Ok(_) => pause().await,
            Err(_) => return None,
        }
    }
    None
}

async fn pause() {
    let timer = Promise::new(&mut |done, _| set_timeout(move || drop(done.call0(&JsValue::NULL)), PAUSE));
    drop(JsFuture::from(timer).await);
}

pub async fn cancel(id: &str) -> Result<Job, Failure> {
    Call::post(format!("/jobs/{id}/cancel")).read().await
}

/// Does the failed rows again.
pub async fn retry(id: &str) -> Result<Job, Failure> {
    Call::post(format!("/jobs/{id}/retry")).read().await
}

pub async fn rows(id: &str, failed: bool, after: Option<&str>) -> Result<JobRows, Failure> {
    let failed = if failed { "true" } else { "" };
    let params = Params::default().with("failed", failed).with("after", after.unwrap_or_default());
    Call::get(format!("/jobs/{id}/rows{}", params.suffix())).read().await
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn knows_how_far_it_is() {
        let job = |state: &str, done: i64, total: Json| -> Job {
            serde_json::from_value(
                json!({"id": "1", "kind": "export", "title": "x", "state": state, "done": done, "total": total}),
            )
            .unwrap()
        };
        assert_eq!(job("running", 1, json!(3)).percent(), Some(33));
        assert_eq!(job("running", 0, Json::Null).percent(), None);
        assert!(!job("running", 0, json!(0)).is_over());
        assert!(job("dead", 0, json!(0)).is_over());
    }
}
