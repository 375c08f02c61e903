//! The pure heart of Conexão: what records are, which values they accept,
//! which steps they may take. No I/O, no clock, no database; builds for wasm32
//! so the browser refuses for the same reason as the server.

pub mod after_sales;
pub mod customers;
pub mod identity;
pub mod integration;
pub mod kernel;
pub mod locale;
pub mod offline;
pub mod privacy;
pub mod registry;
pub mod settings;
