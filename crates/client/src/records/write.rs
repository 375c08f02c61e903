//! Changing records. Every write carries an idempotency key, so an attempt
//! whose answer was lost is made again without a second effect.

use conexao_domain::kernel::{problem::Code, record::Record};
use serde_json::{Map, Value as Json, json};

use super::Records;
use crate::{
    Failure,
    model::{Job, Selection},
};

/// How often a change is tried on records that others change meanwhile.
const TRIES: usize = 5;

impl Records<'_> {
    pub async fn create(&self, values: impl Into<Json>) -> Result<Record, Failure> {
        self.client.post(self.path("")).json(values).record().await
    }

    /// Changes fields of the record at this version; `stale` when it moved on.
    pub async fn patch(&self, id: &str, version: i64, values: impl Into<Json>) -> Result<Record, Failure> {
        self.client.patch(self.one(id)).if_match(version).json(values).record().await
    }

    /// Reads, changes, and does so anew when somebody else was faster. `edit`
    /// gets the record as it is and answers the fields to change.
    pub async fn change(
        &self,
        id: &str,
        mut edit: impl FnMut(&Record) -> Map<String, Json>,
    ) -> Result<Record, Failure> {
        let mut current = self.get(id).await?;
        let mut tries = 1;
        loop {
            match self.patch(id, current.version(), edit(&current)).await {
                Err(failure) if failure.is(Code::Stale.name()) && tries < TRIES => current = self.get(id).await?,
                other => return other,
            }
            tries += 1;
        }
    }

    /// Removes the record at this version; [`Records::restore`] takes it back.
    pub async fn remove(&self, id: &str, version: i64) -> Result<(), Failure> {
        self.client.delete(self.one(id)).if_match(version).done().await
    }

    /// Takes a removal back.
    pub async fn restore(&self, id: &str) -> Result<Record, Failure> {
        self.client.post(self.under(id, "actions/restore")).json(json!({})).record().await
    }

    /// Takes back the caller's own last change or step of the record, within a
    /// minute and if nobody changed it since.
    pub async fn undo(&self, id: &str, version: i64) -> Result<Record, Failure> {
        self.client.post(self.under(id, "actions/undo")).if_match(version).json(json!({})).record().await
    }

    /// Takes a step of the flow, with the step's inputs.
    pub async fn step(&self, id: &str, version: i64, step: &str, inputs: impl Into<Json>) -> Result<Record, Failure> {
        self.client.post(self.under(id, &format!("actions/{step}"))).if_match(version).json(inputs).record().await
    }

    /// An act of the resource that is no flow step, e.g. `set-password`.
    pub async fn act(&self, id: &str, action: &str, body: impl Into<Json>) -> Result<Json, Failure> {
        self.client.post(self.under(id, &format!("actions/{action}"))).json(body).value().await
    }

    /// Brings another record into this one; with `preview` nothing is written.
    pub async fn merge(
        &self,
        id: &str,
        other: &str,
        preview: bool,
        values: Map<String, Json>,
    ) -> Result<Json, Failure> {
        self.act(id, "merge", json!({ "other_id": other, "preview": preview, "values": values })).await
    }

    /// The same act (`patch`, `tag`, `delete` or a step) on many records, as a job.
    pub async fn bulk(&self, action: &str, values: Map<String, Json>, selection: Selection) -> Result<Job, Failure> {
        let (name, about) = match selection {
            Selection::Ids(ids) => ("ids", Json::from(ids)),
            Selection::Matching(query) => ("query", query.into()),
        };
        let body = json!({ "action": action, "values": values, name: about });
        self.client.post(self.path("/bulk")).json(body).read().await
    }
}
