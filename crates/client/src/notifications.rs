//! What the caller is told.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{
    Client, Failure, Query,
    model::{NotificationPage, Unread},
};

/// Something to tell people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Notice {
    pub to: Audience,
    /// One of the categories people choose about.
    pub category: String,
    pub title: String,
    pub body: String,
    /// The record it leads to, with its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_id: Option<String>,
    /// What it is called where it comes from: told once under this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Who is told; everybody once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Audience {
    /// Ids of users.
    pub users: Vec<String>,
    /// Keys of roles.
    pub roles: Vec<String>,
    /// Ids of teams.
    pub teams: Vec<String>,
    /// Also the company's channel in Slack.
    pub slack: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Notifications<'a>(pub(crate) &'a Client);

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

impl Notifications<'_> {
    /// Newest first; all or the unread ones, of one category or (empty) of all.
    pub async fn list(&self, unread: bool, category: &str, after: Option<&str>) -> Result<NotificationPage, Failure> {
        let unread = if unread { "true" } else { "" };
        let query = Query::new().with("unread", unread).with("category", category);
        self.0.get("/notifications").query(&query.after(after.unwrap_or_default())).read().await
    }

    /// Tells people something; answers how many. Needs `notification.send`.
    pub async fn send(&self, notice: &Notice) -> Result<i64, Failure> {
        let body = serde_json::to_value(notice).unwrap_or_default();
        let answer = self.0.post("/notifications").json(body).value().await?;
        Ok(answer.get("told").and_then(Json::as_i64).unwrap_or_default())
    }

    /// Marks as read; answers how many are left unread.
    pub async fn read(&self, which: Which) -> Result<i64, Failure> {
        self.act("read", which).await
    }

    /// Deletes; answers how many are left unread.
    pub async fn delete(&self, which: Which) -> Result<i64, Failure> {
        self.act("delete", which).await
    }

    async fn act(&self, what: &str, which: Which) -> Result<i64, Failure> {
        let left: Unread = self.0.post(format!("/notifications/{what}")).json(which.body()).read().await?;
        Ok(left.unread)
    }
}
