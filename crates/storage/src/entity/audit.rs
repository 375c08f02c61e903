//! Who changed what; chained by hash per tenant.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub resource: String,
    pub record_id: Option<Uuid>,
    pub action: String,
    /// What changed; emptied when it had to go.
    pub changes: String,
    pub ip: Option<String>,
    pub request_id: Option<String>,
    pub hash: String,
    /// Goes into the digest of the changes; none once they went.
    pub salt: Option<String>,
    /// The digest, of entries whose changes went.
    pub digest: Option<String>,
    /// The absent person the actor stood in for.
    pub for_id: Option<Uuid>,
    pub for_name: Option<String>,
    /// What the tenant's clock showed, when somebody had moved it.
    pub clock: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
