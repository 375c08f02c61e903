//! The generic screens of every resource: list, detail, form.

pub mod detail;
pub mod form;
pub mod list;
pub mod trail;
