//! An application per test, each on a fresh database of its own.

mod app;
pub mod catalog;
mod client;
mod database;
mod samples;
mod schema;
mod sql;
pub mod walk;

pub use app::{App, PASSWORD, on_each_database, on_row_security, start_of_time};
pub use client::{Answer, Client, Made, Request};
pub use samples::{cnpj, cpf, full_input, least_input};
pub use schema::example;
pub use sql::{dump, execute, query};
