//! What every record carries besides its fields.

use futures_util::Stream;
use serde_json::json;

use super::Records;
use crate::{
    Download, Failure, Query, Upload,
    model::{Attachment, Comment, Page, TimelineEntry},
    paging,
    query::segment,
};

impl Records<'_> {
    /// What happened to a record, newest first; `after` is the last page's `next`.
    pub async fn timeline(&self, id: &str, after: Option<&str>) -> Result<Page<TimelineEntry>, Failure> {
        self.page(self.under(id, "timeline"), after).await
    }

    /// All that happened to a record, newest first.
    pub fn history(&self, id: &str) -> impl Stream<Item = Result<TimelineEntry, Failure>> + use<> {
        paging::items(self.client, self.under(id, "timeline"), Query::new())
    }

    /// Newest first.
    pub async fn comments(&self, id: &str, after: Option<&str>) -> Result<Page<Comment>, Failure> {
        self.page(self.under(id, "comments"), after).await
    }

    /// Says something; the mentioned users (by id) are told.
    pub async fn comment(&self, id: &str, text: &str, mentions: &[String]) -> Result<Comment, Failure> {
        let body = json!({ "text": text, "mentions": mentions });
        self.client.post(self.under(id, "comments")).json(body).read().await
    }

    pub async fn remove_comment(&self, id: &str, comment: &str) -> Result<(), Failure> {
        self.client.delete(self.under(id, &format!("comments/{}", segment(comment)))).done().await
    }

    /// Newest first.
    pub async fn attachments(&self, id: &str, after: Option<&str>) -> Result<Page<Attachment>, Failure> {
        self.page(self.under(id, "attachments"), after).await
    }

    /// Attaches a file of at most 30 MB.
    pub async fn attach(&self, id: &str, file: Upload) -> Result<Attachment, Failure> {
        self.client.post(self.under(id, "attachments")).upload(Vec::new(), file).read().await
    }

    pub async fn remove_attachment(&self, id: &str, attachment: &str) -> Result<(), Failure> {
        self.client.delete(self.under(id, &format!("attachments/{}", segment(attachment)))).done().await
    }

    /// The content of an attached file.
    pub async fn attachment(&self, attachment: &str) -> Result<Download, Failure> {
        self.client.get(format!("/attachments/{}/content", segment(attachment))).download().await
    }

    async fn page<T: serde::de::DeserializeOwned>(
        &self,
        path: String,
        after: Option<&str>,
    ) -> Result<Page<T>, Failure> {
        self.client.get(path).query(&Query::new().after(after.unwrap_or_default())).read().await
    }
}
