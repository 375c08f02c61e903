//! Long work, as people follow it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub title: String,
    pub state: String,
    pub params: String,
    pub done: i64,
    pub total: i64,
    pub failed: i64,
    pub result: Option<String>,
    pub error: Option<String>,
    pub resource: Option<String>,
    pub file_key: Option<String>,
    pub file_name: Option<String>,
    /// Times taken up since the last progress.
    pub attempts: i64,
    /// Grows whenever somebody takes the job up; older holders may no longer write.
    pub lease: i64,
    pub cancel_requested: bool,
    pub created_by: Option<Uuid>,
    /// The token it was asked for with; it may do no more than that.
    pub token_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    /// Not before this moment.
    pub run_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub heartbeat_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub checkpoint: Option<String>,
    /// The job that takes it back.
    pub undone_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
