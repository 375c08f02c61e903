//! Where records live: connection, tenancy, the list compiler and the system
//! tables, on SQLite and PostgreSQL alike. Nothing above this crate knows
//! which of the two it talks to.

pub mod connection;
pub mod entity;
pub mod error;
mod glance;
pub mod names;
pub mod query;
pub mod schema;
pub mod search;
pub mod signal;
pub mod table;
pub mod tenancy;
pub mod texts;
mod transaction;
pub mod value;

pub use connection::Db;
pub use error::StorageError;
pub use tenancy::{Tenant, Tx};
pub use transaction::Transaction;
