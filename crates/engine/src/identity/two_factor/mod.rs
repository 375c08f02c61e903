//! The second step of a log-in: codes of an authenticator application or a
//! passkey, and recovery codes for when both are lost.

mod challenge;
mod codes;
mod enrol;
mod required;
mod totp;
mod trust;

pub(super) use challenge::{demanded, open};
pub use challenge::{passkey_options, second_step, second_step_by_passkey};
pub(super) use codes::renew as new_codes;
pub use enrol::{Begun, begin, confirm, disable, renew_codes, reset};
pub use required::{Standing, standing};
pub(super) use required::{factors, missing, settle};
pub(crate) use totp::RESOURCE;
pub(super) use trust::{forget_devices, trust};
