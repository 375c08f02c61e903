//! Files on their way to becoming records: upload, mapping, trying, running,
//! correcting, taking back.

use conexao_domain::kernel::resource::Resource;
use serde_json::{Map, Value as Json, json};

use crate::{
    Client, Download, Failure, Query, Upload,
    model::{Import, ImportRow, Job, Page, PreviewRow, import::Preview},
    query::segment,
};

#[derive(Debug, Clone, Copy)]
pub struct Imports<'a>(pub(crate) &'a Client);

impl Imports<'_> {
    /// Newest first; of one resource (by its singular name) or of all.
    pub async fn list(&self, resource: &str, after: Option<&str>) -> Result<Page<Import>, Failure> {
        let query = Query::new().with("resource", resource).after(after.unwrap_or_default());
        self.0.get("/imports").query(&query).read().await
    }

    /// Sends a spreadsheet; the answer says how it was understood.
    pub async fn upload(&self, resource: &Resource, file: Upload) -> Result<Import, Failure> {
        let fields = vec![("resource", resource.name.to_owned())];
        // Each upload is an import of its own: a lost answer must not make two.
        self.0.post("/imports").upload(fields, file).read().await
    }

    pub async fn get(&self, id: &str) -> Result<Import, Failure> {
        self.0.get(one(id, "")).read().await
    }

    /// Changes `options`, `mapping`, `mode` or `key`.
    pub async fn change(&self, id: &str, values: impl Into<Json>) -> Result<Import, Failure> {
        self.0.patch(one(id, "")).json(values).read().await
    }

    /// The first rows as they would be stored.
    pub async fn preview(&self, id: &str) -> Result<Vec<PreviewRow>, Failure> {
        let preview: Preview = self.0.get(one(id, "/preview")).read().await?;
        Ok(preview.rows)
    }

    /// Starts `simulate`, `run` or `revert`.
    pub async fn start(&self, id: &str, what: &str) -> Result<Job, Failure> {
        self.0.post(one(id, &format!("/{what}"))).read().await
    }

    /// Tries every row and writes nothing; the answer's summary says what would be.
    pub async fn dry_run(&self, id: &str, progress: impl FnMut(&Job)) -> Result<Import, Failure> {
        self.follow(id, "simulate", progress).await
    }

    /// Writes the rows; the answer's summary says what was.
    pub async fn run(&self, id: &str, progress: impl FnMut(&Job)) -> Result<Import, Failure> {
        self.follow(id, "run", progress).await
    }

    /// Takes everything back that nobody changed since.
    pub async fn revert(&self, id: &str, progress: impl FnMut(&Job)) -> Result<Import, Failure> {
        self.follow(id, "revert", progress).await
    }

    async fn follow(&self, id: &str, what: &str, progress: impl FnMut(&Job)) -> Result<Import, Failure> {
        let job = self.start(id, what).await?;
        self.0.jobs().wait(job, progress).await?;
        self.get(id).await
    }

    /// Rows that are `failed`, `ready` or a `warning`.
    pub async fn rows(&self, id: &str, state: &str, after: Option<&str>) -> Result<Page<ImportRow>, Failure> {
        let query = Query::new().with("state", state).after(after.unwrap_or_default());
        self.0.get(one(id, "/rows")).query(&query).read().await
    }

    /// Corrects cells (column index → text) of a row, which is checked again.
    pub async fn correct(&self, id: &str, line: i64, cells: Map<String, Json>) -> Result<ImportRow, Failure> {
        self.0.patch(one(id, &format!("/rows/{line}"))).json(json!({ "cells": cells })).read().await
    }

    /// Only the bad rows, with a reason column; `csv` or `xlsx`.
    pub async fn failed_file(&self, id: &str, format: &str) -> Result<Download, Failure> {
        self.0.get(one(id, &format!("/failed.{format}"))).download().await
    }
}

fn one(id: &str, rest: &str) -> String {
    format!("/imports/{}{rest}", segment(id))
}
