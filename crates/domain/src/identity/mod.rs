//! Who may do what: team members, roles, permissions.

pub mod api_token;
pub mod invitation;
pub mod role;
pub mod user;
