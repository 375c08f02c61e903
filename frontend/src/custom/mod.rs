//! Screens made by hand.

mod absences;
pub mod access;
pub mod audit;
pub mod bin;
pub mod challenge;
pub mod channels;
pub mod dashboard;
pub mod door;
pub mod explain;
pub mod gallery;
mod hooks;
pub mod import;
pub mod jobs;
pub mod login;
mod login_aside;
mod login_company;
mod merge;
mod messages;
pub mod missing;
mod notice_choices;
mod notice_matrix;
pub mod notifications;
pub mod operator;
pub mod privacy;
pub mod profile;
pub mod roles;
pub mod second_step;
mod secret;
mod seen_by;
pub mod settings;
pub mod templates;
mod tokens;
mod users;
mod webhooks;

pub use hooks::{
    after_creation, below, below_list, dialog, extra, has_lines_editor, items, lines_editor, lines_shown,
    messages_about, opened,
};
pub use secret::{keep as keep_secret, panel as secret_panel};
