//! What a tenant is connected to; the secrets of it are in `secret`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "integration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub version: i64,
    /// Values that are no secrets, as a record.
    pub plain: String,
    /// Secret → its last characters; a secret without one is not there.
    pub hints: String,
    pub updated_at: DateTime<Utc>,
    /// Name of who set it last.
    pub updated_by: Option<String>,
    /// What trying it out gave: `ok` or a code.
    pub trial: Option<String>,
    pub tried_at: Option<DateTime<Utc>>,
    /// When something was last sent with it, to the minute.
    pub used_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
