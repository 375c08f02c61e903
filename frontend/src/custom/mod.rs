//! Screens made by hand.

pub mod home;
pub mod import;
pub mod jobs;
pub mod login;
mod login_aside;
pub mod missing;
pub mod notifications;
pub mod profile;
