//! Programs of others that are told what happens here.

pub mod delivery;
pub mod webhook;
