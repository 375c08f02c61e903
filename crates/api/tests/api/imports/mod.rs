//! Files in and out, from outside: the background works beside the requests.

mod exports;
mod files;
mod office;
mod revert;
mod round_trip;
mod stopped;
mod wizard;
