//! Screens made by hand.

pub mod access;
pub mod audit;
pub mod door;
pub mod explain;
pub mod home;
mod hooks;
pub mod import;
pub mod jobs;
pub mod login;
mod login_aside;
mod merge;
pub mod missing;
mod notice_choices;
pub mod notifications;
pub mod profile;
mod roles;
pub mod second_step;
mod secret;
mod tokens;
mod users;
mod webhooks;

pub use hooks::{after_creation, below_list, dialog, extra, items, lines_editor, lines_shown, opened};
pub use secret::{keep as keep_secret, panel as secret_panel};
