//! Who may do what: team members, roles, permissions.

pub mod absence;
pub mod api_token;
pub mod invitation;
pub mod role;
pub mod team;
pub mod user;
