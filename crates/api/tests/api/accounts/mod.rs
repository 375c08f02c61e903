//! Accounts: how people come in, and what they change about themselves.

mod passkeys;
mod profile;
mod registration;
mod together;
