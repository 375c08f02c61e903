//! What the caller is told.

use serde_json::{Value as Json, json};

use crate::{
    Client, Failure, Query,
    model::{NotificationPage, Unread},
};

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
