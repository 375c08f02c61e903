//! A list that somebody keeps.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_view")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// Singular name of the resource.
    pub resource: String,
    pub name: String,
    /// Search, filters and sort in the words of the API, as in an address.
    pub query: String,
    /// Names of the columns, separated by commas; the usual ones without.
    pub columns: Option<String>,
    /// Whether everybody has it who may read the resource.
    pub shared: bool,
    /// The role whose people begin with it.
    pub role_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
