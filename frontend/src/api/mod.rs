//! The server, as functions: the client crate with the session of this page.

pub mod audit;
pub mod auth;
pub mod bin;
mod client;
pub mod dashboard;
pub mod files;
pub mod imports;
pub mod jobs;
pub mod live;
pub mod notifications;
pub mod passkey;
pub mod places;
pub mod presence;
pub mod privacy;
pub mod push;
pub mod records;
pub mod rights;
pub mod security;
pub mod settings;
pub mod timeline;
pub mod upload;

pub use client::{client, out_of_reach};
pub use conexao_client::{Failure, Query as Params};
