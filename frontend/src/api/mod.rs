//! The server, as functions: typed refusals, a token kept in memory only, one
//! silent renewal when it runs out.

pub mod auth;
mod failure;
pub mod files;
pub mod http;
pub mod imports;
pub mod jobs;
pub mod live;
pub mod notifications;
pub mod places;
pub mod query;
pub mod records;
pub mod timeline;
mod token;
pub mod upload;

pub use failure::Failure;
pub use query::Params;
