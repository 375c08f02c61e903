//! One file per subcommand.

pub mod api;
pub mod doctor;
pub mod events;
pub mod migrate;
pub mod openapi;
pub mod permissions;
pub mod privacy;
pub mod rotate_key;
pub mod seed;
pub mod serve;
pub mod tenant;
pub mod user;
pub mod verify;
