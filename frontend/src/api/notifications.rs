//! What somebody is told.

use super::{Failure, client};

pub use conexao_client::{
    Which,
    model::{Notification, NotificationPage},
};

pub async fn list(unread: bool, category: &str, after: Option<&str>) -> Result<NotificationPage, Failure> {
    client().notifications().list(unread, category, after).await
}

/// Marks as read; answers how many are left unread.
pub async fn read(which: Which) -> Result<i64, Failure> {
    client().notifications().read(which).await
}

/// Deletes; answers how many are left unread.
pub async fn delete(which: Which) -> Result<i64, Failure> {
    client().notifications().delete(which).await
}
