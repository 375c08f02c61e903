//! Lists that people keep under a name.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Client, Failure, Query, query::segment};

/// A kept list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct View {
    pub id: String,
    pub resource: String,
    pub name: String,
    /// Search, filters and sort, as in an address.
    pub query: String,
    /// Names of fields; empty for the usual columns.
    pub columns: Vec<String>,
    /// Whether everybody has it who may read the resource.
    pub shared: bool,
    /// The role whose people begin with it.
    pub role_id: Option<String>,
    /// Whether the caller made it.
    pub mine: bool,
    /// Whether the caller begins with it.
    pub start: bool,
}

/// What is wanted of a view; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ViewDraft {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
    /// `Some(None)`: no role begins with it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_id: Option<Option<String>>,
}

impl ViewDraft {
    fn body(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Views<'a>(pub(crate) &'a Client);

#[derive(Deserialize)]
struct Items {
    items: Vec<View>,
}

impl Views<'_> {
    /// Mine, shared ones and those my roles begin with, by name.
    pub async fn list(&self, resource: &str) -> Result<Vec<View>, Failure> {
        let found: Items = self.0.get("/views").query(&Query::new().with("resource", resource)).read().await?;
        Ok(found.items)
    }

    /// Keeps a list; sharing it needs `view.share`.
    pub async fn create(&self, draft: &ViewDraft) -> Result<View, Failure> {
        self.0.post("/views").json(draft.body()).read().await
    }

    pub async fn change(&self, id: &str, draft: &ViewDraft) -> Result<View, Failure> {
        self.0.patch(format!("/views/{}", segment(id))).json(draft.body()).read().await
    }

    pub async fn delete(&self, id: &str) -> Result<(), Failure> {
        self.0.delete(format!("/views/{}", segment(id))).done().await
    }
}

impl Client {
    /// Kept lists.
    pub const fn views(&self) -> Views<'_> {
        Views(self)
    }
}
