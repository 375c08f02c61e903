//! The API from outside, on every database there is: one binary, so that the
//! migrated and seeded template is made once.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unused_self,
    clippy::items_after_statements,
    clippy::unnecessary_wraps,
    clippy::format_collect,
    clippy::assigning_clones,
    clippy::manual_is_multiple_of,
    reason = "test support that reads as sentences"
)]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

mod audit;
mod auth;
mod document;
mod escalation;
mod explorer;
mod fuzz;
mod imports;
mod limits;
mod lists;
mod permissions;
mod personal;
mod schema;
mod tenancy;
mod threads;
mod tokens;
mod two_factor;
mod writes;
