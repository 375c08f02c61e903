//! Programs of others that are told what happens here, and what goes out to people.

pub mod delivery;
pub mod message;
pub mod suppression;
pub mod webhook;
