//! Files on their way to becoming records.

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{
    Failure, Params,
    files::{self, Download},
    http::Call,
    jobs::{Job, RowError},
};

/// A column of the file, as detected.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Column {
    pub index: usize,
    pub title: String,
    #[serde(default)]
    pub samples: Vec<String>,
    #[serde(default)]
    pub kind: Option<String>,
}

/// How the file is written, as detected or chosen.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Shape {
    pub format: String,
    #[serde(default)]
    pub encoding: Option<String>,
    #[serde(default)]
    pub delimiter: Option<String>,
    #[serde(default)]
    pub sheets: Vec<String>,
    #[serde(default)]
    pub sheet: Json,
    #[serde(default)]
    pub header_row: Json,
    #[serde(default)]
    pub decimal_mark: Option<String>,
    #[serde(default)]
    pub date_order: Option<String>,
    #[serde(default)]
    pub row_count: Option<i64>,
    #[serde(default)]
    pub columns: Vec<Column>,
    /// What to know before going on, each with its `kind`.
    #[serde(default)]
    pub warnings: Vec<Json>,
}

/// A place for the values of a column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Target {
    /// `name`, `contacts.whatsapp`, `addresses.cep`.
    pub field: String,
    pub label: String,
    #[serde(default)]
    pub required: bool,
    /// May find an existing record.
    #[serde(default)]
    pub key: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Mapped {
    pub column: usize,
    /// Where the column goes; nowhere when none.
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub confidence: Json,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Summary {
    pub rows: i64,
    pub ready: i64,
    pub created: i64,
    pub updated: i64,
    pub skipped: i64,
    pub failed: i64,
    pub warnings: i64,
    /// Records a revert took back, and those it left alone because they changed since.
    pub reverted: i64,
    pub kept: i64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Import {
    pub id: String,
    pub resource: String,
    pub file_name: String,
    pub size: i64,
    pub state: String,
    #[serde(default)]
    pub shape: Option<Shape>,
    #[serde(default)]
    pub options: Json,
    #[serde(default)]
    pub mapping: Vec<Mapped>,
    #[serde(default)]
    pub targets: Vec<Target>,
    /// `create`, `update` or `upsert`.
    pub mode: String,
    #[serde(default)]
    pub key: Option<String>,
    #[serde(default)]
    pub summary: Option<Summary>,
    #[serde(default)]
    pub job_id: Option<String>,
    #[serde(default)]
    pub created_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PreviewRow {
    pub line: i64,
    #[serde(default)]
    pub values: Map<String, Json>,
    #[serde(default)]
    pub errors: Vec<RowError>,
}

#[derive(Debug, Deserialize)]
struct Preview {
    rows: Vec<PreviewRow>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ImportRow {
    pub line: i64,
    /// `failed`, `ready` once corrected, or `warning`.
    #[serde(default)]
    pub state: String,
    /// Column index (as text) → what the file says.
    #[serde(default)]
    pub cells: Map<String, Json>,
    #[serde(default)]
    pub errors: Vec<RowError>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ImportRows {
    pub items: Vec<ImportRow>,
    #[serde(default)]
    pub next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Imports {
    items: Vec<Import>,
}

pub async fn list(resource: &str) -> Result<Vec<Import>, Failure> {
    let params = Params::default().with("resource", resource);
    let found: Imports = Call::get(format!("/imports{}", params.suffix())).read().await?;
    Ok(found.items)
}

pub async fn get(id: &str) -> Result<Import, Failure> {
    Call::get(format!("/imports/{id}")).read().await
}

/// Changes `options`, `mapping`, `mode` or `key`.
pub async fn change(id: &str, values: Json) -> Result<Import, Failure> {
    Call::patch(format!("/imports/{id}")).json(values).read().await
}

/// The first rows as they would be stored.
pub async fn preview(id: &str) -> Result<Vec<PreviewRow>, Failure> {
    let preview: Preview = Call::get(format!("/imports/{id}/preview")).read().await?;
    Ok(preview.rows)
}

/// Starts `simulate`, `run` or `revert`.
pub async fn start(id: &str, what: &str) -> Result<Job, Failure> {
    Call::post(format!("/imports/{id}/{what}")).read().await
}

pub async fn rows(id: &str, state: &str, after: Option<&str>) -> Result<ImportRows, Failure> {
    let params = Params::default().with("state", state).with("after", after.unwrap_or_default());
    Call::get(format!("/imports/{id}/rows{}", params.suffix())).read().await
}

/// Corrects cells of a row, which is checked again.
pub async fn correct(id: &str, line: i64, cells: Map<String, Json>) -> Result<ImportRow, Failure> {
    Call::patch(format!("/imports/{id}/rows/{line}")).json(json!({ "cells": cells })).read().await
}

/// Only the bad rows, with a reason column; `csv` or `xlsx`.
pub async fn failed_file(id: &str, format: &str) -> Result<Download, Failure> {
    files::download(format!("/imports/{id}/failed.{format}")).await
}
