//! A company that uses the installation.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub slug: String,
    pub name: String,
    pub time_zone: String,
    /// `active` or `suspended`.
    pub status: String,
    pub settings: String,
    pub created_at: DateTime<Utc>,
    /// `production`, `sandbox`, `demo` or `operator`.
    pub kind: String,
    /// Of the settings.
    pub version: i64,
    /// Why it was suspended.
    pub reason: Option<String>,
    /// How its time follows from the world's.
    pub clock: String,
    /// The tenant whose settings it took over.
    pub origin: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
