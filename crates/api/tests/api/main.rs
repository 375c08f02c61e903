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

mod accounts;
mod audit;
mod auth;
mod channels;
mod dashboards;
mod document;
mod escalation;
mod explorer;
mod fuzz;
mod hardening;
mod imports;
mod limits;
mod lists;
mod operator;
mod permissions;
mod personal;
mod presence;
mod privacy;
mod recycle_bin;
mod rights;
mod schema;
mod tenancy;
mod tenants;
mod threads;
mod tokens;
mod two_factor;
mod views;
mod writes;
