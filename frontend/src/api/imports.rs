//! Files on their way to becoming records.

use serde_json::{Map, Value as Json};

use super::{
    Failure, client,
    files::{self, Download},
    jobs::Job,
};

pub use conexao_client::model::{Column, Import, ImportRow, Mapped, PreviewRow, Shape, Summary, Target};

pub type ImportRows = conexao_client::Page<ImportRow>;

pub async fn list(resource: &str) -> Result<Vec<Import>, Failure> {
    Ok(client().imports().list(resource, None).await?.items)
}

pub async fn get(id: &str) -> Result<Import, Failure> {
    client().imports().get(id).await
}

/// Changes `options`, `mapping`, `mode` or `key`.
pub async fn change(id: &str, values: Json) -> Result<Import, Failure> {
    client().imports().change(id, values).await
}

/// The first rows as they would be stored.
pub async fn preview(id: &str) -> Result<Vec<PreviewRow>, Failure> {
    client().imports().preview(id).await
}

/// Starts `simulate`, `run` or `revert`.
pub async fn start(id: &str, what: &str) -> Result<Job, Failure> {
    client().imports().start(id, what).await
}

pub async fn rows(id: &str, state: &str, after: Option<&str>) -> Result<ImportRows, Failure> {
    client().imports().rows(id, state, after).await
}

/// Corrects cells of a row, which is checked again.
pub async fn correct(id: &str, line: i64, cells: Map<String, Json>) -> Result<ImportRow, Failure> {
    client().imports().correct(id, line, cells).await
}

/// Only the bad rows, with a reason column; `csv` or `xlsx`.
pub async fn failed_file(id: &str, format: &str) -> Result<Download, Failure> {
    files::arrived(client().imports().failed_file(id, format).await?).await
}
