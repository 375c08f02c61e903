//! Tables as migrations write them: short, the same for both databases, with
//! tenancy, row-level security and search indexes by construction.

mod column;
mod plain;
pub(crate) mod search;
mod tenant;

pub use column::{Column, ColumnType};
pub use plain::plain_table;
pub use tenant::{TenantTable, created_by_index, lines_table, record_table, removed_index, tenant_table};
