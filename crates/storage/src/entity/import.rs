//! A file on its way into the records of one resource.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub resource: String,
    pub file_name: String,
    pub file_key: String,
    /// Bytes.
    pub file_size: i64,
    pub state: String,
    /// What detection found, whole.
    pub shape: String,
    /// The first rows as they stand in the file.
    pub sample: String,
    /// What the person fixed of the shape.
    pub options: String,
    pub mapping: String,
    pub mode: String,
    pub key_field: Option<String>,
    /// The same for files with the same columns; what a mapping is remembered by.
    pub layout: String,
    pub summary: String,
    /// The job that works on it now, or did last.
    pub job_id: Option<Uuid>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// When file and rows were removed from the store.
    pub cleared_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
