//! Tables of the installation itself, which belong to no tenant.

use sea_orm::DbBackend;

use super::{Column, ColumnType};

/// `CREATE TABLE` for a table without tenant; the first column is the key.
pub fn plain_table(backend: DbBackend, name: &str, columns: &[(&'static str, ColumnType)]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|(name, kind)| Column { name, kind: *kind, required: true, default: None }.sql(backend))
        .collect();
    let columns = columns.join(", ").replacen(" NOT NULL", " PRIMARY KEY NOT NULL", 1);
    format!("CREATE TABLE {name} ({columns})")
}
