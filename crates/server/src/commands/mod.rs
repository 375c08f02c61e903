//! One file per subcommand.

pub mod api;
pub mod doctor;
pub mod migrate;
pub mod openapi;
pub mod permissions;
pub mod rotate_key;
pub mod seed;
pub mod serve;
pub mod user;
pub mod verify;
