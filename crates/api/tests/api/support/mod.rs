//! An application per test, each on a fresh database of its own.

mod app;
mod authenticator;
pub mod catalog;
mod client;
mod database;
mod samples;
mod schema;
mod sql;
pub mod walk;

pub use app::{App, Network, PASSWORD, on_each_database, on_row_security, start_of_time};
pub use authenticator::Authenticator;
pub use client::{Answer, Client, Made, Request, masked};
pub use samples::{cnpj, cpf, full_input, least_input};
pub use schema::example;
pub use sql::{dump, execute, query};
