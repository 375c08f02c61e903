//! The client against the real API: a server on a port of its own, with jobs,
//! limits, and a way to it that can be made to fail.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod events;
mod faults;
mod records;
mod session;
mod support;
mod work;
