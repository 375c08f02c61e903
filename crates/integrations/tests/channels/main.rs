//! Every channel against a server that behaves like the service it is for,
//! faults included.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod email;
mod push;
mod reports;
mod slack;
mod sms;
mod templates;
mod webhook;

use std::time::Duration;

use conexao_integrations::http::Limits;

/// Limits that make faults quick.
fn quick() -> Limits {
    Limits { connect: Duration::from_secs(2), total: Duration::from_millis(700), body: 8000 }
}
