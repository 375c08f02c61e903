//! What happened to a record, what people said about it and its files.

use conexao_domain::kernel::resource::Resource;

use super::{Failure, client};

pub use conexao_client::model::{Actor, Attachment, Change, TimelineEntry as Entry, TimelineFile};

pub type Timeline = conexao_client::Page<Entry>;

/// Newest first.
pub async fn entries(resource: &Resource, id: &str, after: Option<&str>) -> Result<Timeline, Failure> {
    client().resource(resource).timeline(id, after).await
}

pub async fn remove_comment(resource: &Resource, id: &str, comment: &str) -> Result<(), Failure> {
    client().resource(resource).remove_comment(id, comment).await
}

pub async fn attachments(resource: &Resource, id: &str) -> Result<Vec<Attachment>, Failure> {
    Ok(client().resource(resource).attachments(id, None).await?.items)
}

pub async fn remove_attachment(resource: &Resource, id: &str, attachment: &str) -> Result<(), Failure> {
    client().resource(resource).remove_attachment(id, attachment).await
}
