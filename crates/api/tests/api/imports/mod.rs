//! Files in and out, from outside: the background works beside the requests.

mod exports;
mod files;
pub mod office;
mod revert;
mod round_trip;
mod stopped;
mod wizard;
