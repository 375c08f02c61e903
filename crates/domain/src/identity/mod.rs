//! Who may do what: team members, roles, permissions.

pub mod role;
pub mod user;
