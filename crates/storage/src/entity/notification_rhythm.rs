//! When and how often a user gets mail about notifications.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_rhythm")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub digest: bool,
    pub quiet_from: Option<String>,
    pub quiet_until: Option<String>,
    pub digested_at: Option<DateTime<Utc>>,
    /// `hour` or `day`.
    pub digest_every: Option<String>,
    pub undisturbed_until: Option<DateTime<Utc>>,
    /// The first notice that waits for the end of the quiet.
    pub held_since: Option<DateTime<Utc>>,
    pub escalate_minutes: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
