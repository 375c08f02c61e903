//! What somebody is told.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Failure, Params, http::Call};

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Notification {
    pub id: String,
    pub category: String,
    #[serde(default)]
    pub event: String,
    pub title: String,
    #[serde(default)]
    pub body: Option<String>,
    #[serde(default)]
    pub resource: Option<String>,
    #[serde(default)]
    pub record_id: Option<String>,
    #[serde(default)]
    pub read_at: Option<String>,
    pub created_at: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct NotificationPage {
    pub items: Vec<Notification>,
    #[serde(default)]
    pub next: Option<String>,
    /// How many are unread in all.
    pub unread: i64,
}

#[derive(Debug, Deserialize)]
struct Unread {
    unread: i64,
}

/// Which notifications an act is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    Ids(Vec<String>),
    All,
}

impl Which {
    fn body(self) -> Json {
        match self {
            Self::Ids(ids) => json!({ "ids": ids }),
            Self::All => json!({ "all": true }),
        }
    }
}

pub async fn list(unread: bool, category: &str, after: Option<&str>) -> Result<NotificationPage, Failure> {
    let unread = if unread { "true" } else { "" };
    let params =
        Params::default().with("unread", unread).with("category", category).with("after", after.unwrap_or_default());
    Call::get(format!("/notifications{}", params.suffix())).read().await
}

/// Marks as read; answers how many are left unread.
pub async fn read(which: Which) -> Result<i64, Failure> {
    act("read", which).await
}

/// Deletes; answers how many are left unread.
pub async fn delete(which: Which) -> Result<i64, Failure> {
    act("delete", which).await
}

async fn act(what: &str, which: Which) -> Result<i64, Failure> {
    let left: Unread = Call::post(format!("/notifications/{what}")).json(which.body()).read().await?;
    Ok(left.unread)
}
