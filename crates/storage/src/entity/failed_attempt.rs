//! Wrong attempts to log in that no account counts: by network address, and
//! with addresses that are nobody's.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "failed_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub who: String,
    pub failures: i64,
    pub locked_until: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
