//! Something a user was told.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub category: String,
    pub event: String,
    pub title: String,
    pub body: String,
    pub resource: Option<String>,
    pub record_id: Option<Uuid>,
    pub source: String,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    /// Whether the application shows it; else it is there for summaries only.
    pub in_app: bool,
    /// When it goes another way, unless it was read by then.
    pub escalate_at: Option<DateTime<Utc>>,
    /// Ways it went since.
    pub escalated: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
