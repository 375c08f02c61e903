//! Work the server does in the background.

use std::time::Duration;

use js_sys::Promise;
use leptos::leptos_dom::helpers::set_timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{Failure, client};

pub use conexao_client::model::{Job, JobRow, RowError};

/// Between two questions about a job that is waited for.
const PAUSE: Duration = Duration::from_millis(300);

/// How often it is asked after before one gives up.
const QUESTIONS: usize = 100;

pub type JobPage = conexao_client::Page<Job>;
pub type JobRows = conexao_client::Page<JobRow>;

pub async fn list(after: Option<&str>) -> Result<JobPage, Failure> {
    client().jobs().list(after).await
}

pub async fn get(id: &str) -> Result<Job, Failure> {
    client().jobs().get(id).await
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
    client().jobs().cancel(id).await
}

/// Takes back what a job did; another job does so.
pub async fn undo(id: &str) -> Result<Job, Failure> {
    client().post(format!("/jobs/{id}/actions/undo")).json(serde_json::json!({})).read().await
}

/// Does the failed rows again.
pub async fn retry(id: &str) -> Result<Job, Failure> {
    client().jobs().retry(id).await
}

pub async fn rows(id: &str, failed: bool, after: Option<&str>) -> Result<JobRows, Failure> {
    client().jobs().rows(id, failed, after).await
}
